"""An official account without the right to publish: drafts are handed to people, and nothing of them is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.resolve import resolve_delivered, retry
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.review import WithdrawalKind
from syndicate.records import deliveries, receipts
from syndicate.records.values import DeliveryRecord
from syndicate.sandbox.faults import Fault, FaultKind
from tests.flow.office import PUBLISHER, Desk

ADDRESS = "https://mp.weixin.qq.com/s/sample"


@pytest.fixture
def drafting(desk: Desk) -> Desk:
    path = desk.home / "channels" / "wechat.yaml"
    path.write_text(path.read_text("utf-8").replace("settings: {", "settings: {mode: draft, "), "utf-8")
    desk.reload()
    return desk


def handed_over(desk: Desk) -> int:
    number = desk.approved("website", "wechat")
    desk.settle(timedelta(minutes=5))
    return number


def of(item: int, action: Action = Action.PUBLISH) -> DeliveryRecord:
    return [one for one in deliveries.of_item(item) if one.channel == "wechat" and one.action is action][-1]


def drafts(desk: Desk) -> list[object]:
    return list(desk.sandbox.state("wechat")["drafts"])  # type: ignore[call-overload]


def taken_down(desk: Desk, item: int) -> DeliveryRecord:
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例有误")
    desk.settle(timedelta(minutes=10))
    return of(item, Action.RETRACT)


def test_the_draft_is_a_persons_task_that_names_it(drafting: Desk) -> None:
    found = of(handed_over(drafting))
    assert found.state is DeliveryState.NEEDS_PERSON
    assert found.message
    assert "草稿箱" in found.message.zh
    assert len(drafts(drafting)) == 1


def test_who_published_it_records_the_address(drafting: Desk) -> None:
    item = handed_over(drafting)
    resolve_delivered(drafting.workspace, PUBLISHER, of(item).id, ADDRESS)
    (held,) = receipts.held(item, "wechat")
    assert held.receipt.url == ADDRESS


def test_a_retry_makes_no_second_draft(drafting: Desk) -> None:
    item = handed_over(drafting)
    retry(drafting.workspace, PUBLISHER, of(item).id)
    drafting.settle(timedelta(minutes=5))
    assert of(item).state is DeliveryState.NEEDS_PERSON
    assert len(drafts(drafting)) == 1


def test_a_withdrawal_before_publication_throws_the_draft_away(drafting: Desk) -> None:
    item = handed_over(drafting)
    assert taken_down(drafting, item).state is DeliveryState.DELIVERED
    assert drafts(drafting) == []


def test_a_draft_that_vanished_before_the_withdrawal_is_looked_for_by_a_person(drafting: Desk) -> None:
    item = handed_over(drafting)
    drafting.strike(Fault("wechat", FaultKind.CODE, "/cgi-bin/draft/delete", code=40007))
    found = taken_down(drafting, item)
    assert found.state is DeliveryState.NEEDS_PERSON
    assert found.message
    assert "人工发布" in found.message.zh


def test_what_was_published_by_hand_is_taken_down_by_hand(drafting: Desk) -> None:
    item = handed_over(drafting)
    resolve_delivered(drafting.workspace, PUBLISHER, of(item).id, ADDRESS)
    found = taken_down(drafting, item)
    assert found.state is DeliveryState.NEEDS_PERSON
    assert found.message
    assert ADDRESS in found.message.zh
