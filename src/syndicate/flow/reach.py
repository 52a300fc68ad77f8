"""How far an item got: on how many of its channels its newest revision stands. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from syndicate.model.delivery import Action, DeliveryState
from syndicate.records.values import DeliveryRecord


def reach(rows: Iterable[DeliveryRecord]) -> tuple[int, int]:
    """(delivered, channels) of what was last sent to each channel, oldest first; cancelled duties and retractions count nothing."""
    counted = (row for row in rows if row.action is not Action.RETRACT and row.state is not DeliveryState.CANCELLED)
    newest = {row.channel: row for row in counted}
    return sum(row.state is DeliveryState.DELIVERED for row in newest.values()), len(newest)
