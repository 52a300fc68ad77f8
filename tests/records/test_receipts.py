from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.model.delivery import Action, Receipt
from syndicate.records import deliveries, receipts
from syndicate.records.values import DeliveryRecord
from tests.records.samples import kept, new_delivery, new_item, receipt


@pytest.fixture
def delivery(records: Path, now: datetime) -> DeliveryRecord:
    return deliveries.get(new_delivery(*new_item(now), now))


def test_a_receipt_comes_back_as_the_platform_gave_it(delivery: DeliveryRecord, now: datetime) -> None:
    kept(delivery, receipt(now))
    assert receipts.held(delivery.item)[0].receipt == receipt(now)


def test_a_delivery_has_one_receipt(delivery: DeliveryRecord, now: datetime) -> None:
    first = kept(delivery, receipt(now, "1"))
    second = kept(delivery, receipt(now, "2"))
    assert (first == second, receipts.held(delivery.item)[0].receipt.remote_id) == (True, "1")


def test_a_removed_receipt_is_no_longer_held(delivery: DeliveryRecord, now: datetime) -> None:
    row = kept(delivery, receipt(now))
    receipts.mark_removed([row], delivery.id, now)
    assert receipts.held(delivery.item) == ()


def test_a_removed_receipt_is_kept_for_ever(delivery: DeliveryRecord, now: datetime) -> None:
    row = kept(delivery, receipt(now))
    receipts.mark_removed([row], delivery.id, now)
    assert [one.removed_at for one in receipts.of_items([delivery.item])] == [now]


def test_held_receipts_come_newest_first(delivery: DeliveryRecord, now: datetime) -> None:
    other = deliveries.get(new_delivery(delivery.item, delivery.revision, now, action=Action.AMEND))
    rows = [kept(one, receipt(now, str(one.id))) for one in (delivery, other)]
    assert [one.id for one in receipts.held(delivery.item, "weibo")] == rows[::-1]


def test_held_receipts_of_one_channel_leave_out_the_others(delivery: DeliveryRecord, now: datetime) -> None:
    kept(delivery, receipt(now))
    assert receipts.held(delivery.item, "app") == ()


@pytest.mark.parametrize("hostile", ["\x00", "\udfff", "9" * 5000])
def test_a_hostile_receipt_is_kept_rather_than_lost(delivery: DeliveryRecord, now: datetime, hostile: str) -> None:
    kept(delivery, Receipt(hostile, "https://example.org/" + hostile, now, {"mid": hostile}))
    assert len(receipts.held(delivery.item)) == 1


def test_a_proof_is_kept_with_its_time(delivery: DeliveryRecord, now: datetime) -> None:
    row = kept(delivery, receipt(now))
    receipts.set_proofs({row: "a" * 64}, now)
    (held,) = receipts.held(delivery.item)
    assert (held.proof_sha256, held.proof_at) == ("a" * 64, now)


def test_what_a_channel_holds_can_be_listed(delivery: DeliveryRecord, now: datetime) -> None:
    kept(delivery, receipt(now))
    assert [one.item for one in receipts.standing("weibo")] == [delivery.item]


def test_receipts_are_found_by_day(delivery: DeliveryRecord, now: datetime) -> None:
    kept(delivery, receipt(now))
    day = timedelta(days=1)
    assert (len(receipts.between(now, now + day)), receipts.between(now + day, now + 2 * day)) == (1, ())
