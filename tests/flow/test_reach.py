"""On how many of its channels an item stands."""

from __future__ import annotations

from dataclasses import replace

from syndicate.flow.reach import reach
from syndicate.model.delivery import Action, DeliveryState
from tests.flow.test_policy import SENDING

DELIVERED = replace(SENDING, state=DeliveryState.DELIVERED)


def test_what_is_delivered_counts_of_all_channels() -> None:
    rows = [replace(DELIVERED, channel=str(number)) for number in range(4)]
    assert reach([*rows, replace(SENDING, channel="late")]) == (4, 5)


def test_the_newest_delivery_of_a_channel_counts() -> None:
    assert reach([DELIVERED, replace(SENDING, id=8, action=Action.AMEND)]) == (0, 1)


def test_cancelled_duties_and_retractions_count_nothing() -> None:
    cancelled = replace(SENDING, state=DeliveryState.CANCELLED)
    assert reach([DELIVERED, cancelled, replace(SENDING, action=Action.RETRACT)]) == (1, 1)
