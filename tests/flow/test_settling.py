"""What later deliveries of the same item to the same channel mean for an earlier one."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from syndicate.flow.settling import is_overtaken
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.records import deliveries, models
from tests.records.samples import new_delivery, new_item


def _set(delivery: int, **values: object) -> None:
    models.Delivery.objects.filter(id=delivery).update(**values)


def _later(item: tuple[int, int], now: datetime) -> int:
    return new_delivery(*item, now, action=Action.RETRACT)


@pytest.fixture
def item(records: Path, now: datetime) -> tuple[int, int]:
    return new_item(now)


def _overtaken(delivery: int) -> bool:
    record = deliveries.get(delivery)
    return is_overtaken(record, deliveries.of_item(record.item))


def test_a_later_retraction_overtakes_a_publication(item: tuple[int, int], now: datetime) -> None:
    publication = new_delivery(*item, now)
    before = _overtaken(publication)
    _later(item, now)
    assert (before, _overtaken(publication)) == (False, True)


def test_a_later_correction_overtakes_a_publication(item: tuple[int, int], now: datetime) -> None:
    publication = new_delivery(*item, now)
    new_delivery(*item, now, action=Action.AMEND, state=DeliveryState.WAITING, wait=WaitReason.WEBSITE)
    assert _overtaken(publication)


@pytest.mark.parametrize("state", [DeliveryState.CANCELLED, DeliveryState.EXPIRED])
def test_a_correction_that_came_to_nothing_overtakes_nothing(
    item: tuple[int, int], now: datetime, state: DeliveryState
) -> None:
    publication = new_delivery(*item, now)
    _set(new_delivery(*item, now, action=Action.AMEND), state=state)
    assert not _overtaken(publication)


@pytest.mark.parametrize(("state", "overtaken"), [(DeliveryState.DUE, False), (DeliveryState.DELIVERED, True)])
def test_a_retraction_is_overtaken_only_by_a_newer_version_that_is_there(
    item: tuple[int, int], now: datetime, state: DeliveryState, overtaken: bool
) -> None:
    retraction = _later(item, now)
    _set(new_delivery(*item, now, action=Action.AMEND), state=state)
    assert _overtaken(retraction) is overtaken
