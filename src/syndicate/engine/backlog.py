"""What a worker knows to be due, what it has in hand, and which channels have a free place. No threads, no clock."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from syndicate.model.channel import Channel
from syndicate.records import deliveries
from syndicate.records.values import DeliveryRecord

LOOK = 200
"""How many due deliveries one look at the ledger brings at most."""


class Backlog:
    """Deliveries that were due at the last look, by channel; whether they still are is asked when they are claimed."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self.channels = channels
        self.is_stale = True
        self.looked_at: datetime | None = None
        self._due: dict[str, deque[int]] = {}
        self._in_hand: dict[int, str] = {}
        self._busy: Counter[str] = Counter()
        self._resting: dict[int, float] = {}

    @property
    def under_way(self) -> int:
        """How many calls this worker has in hand."""
        return len(self._in_hand)

    def refresh(self) -> None:
        """Something may have become due."""
        self.is_stale = True

    def forget(self) -> None:
        """Something may have become due that goes before everything known."""
        self._due.clear()
        self.is_stale = True

    def look(self, now: datetime, careful: Sequence[str]) -> None:
        """Read what is due on channels with a free place of which nothing is known to be due."""
        clock = time.monotonic()
        self._resting = {delivery: until for delivery, until in self._resting.items() if until > clock}
        without = [name for name in {*self._due, *self._busy} if self._due.get(name) or not self._room(name)]
        most = LOOK + len(self._resting) + len(self._in_hand)
        rows = deliveries.due(now, most, without, careful)
        for delivery, channel in rows:
            if delivery not in self._resting and delivery not in self._in_hand:
                self._due.setdefault(channel, deque()).append(delivery)
        self.is_stale = len(rows) == most
        self.looked_at = now

    def next(self) -> list[int]:
        """What may start now: as much of every channel as it has free places."""
        chosen: list[int] = []
        for channel, waiting in self._due.items():
            chosen += [waiting.popleft() for _ in range(min(self._room(channel), len(waiting)))]
            if not waiting and self._room(channel):
                self.is_stale = True
        return chosen

    def _room(self, channel: str) -> int:
        limit = self.channels[channel].concurrency if channel in self.channels else 1
        return limit - self._busy[channel]

    def occupy(self, delivery: DeliveryRecord) -> None:
        """A call of this delivery is under way."""
        self._in_hand[delivery.id] = delivery.channel
        self._busy[delivery.channel] += 1

    def free(self, delivery: DeliveryRecord) -> None:
        """This delivery is in nobody's hand any more."""
        if self._in_hand.pop(delivery.id, None):
            self._busy[delivery.channel] -= 1

    def rest(self, delivery: int, span: timedelta) -> None:
        """Leave a delivery alone for a while: it made our own code fail."""
        self._resting[delivery] = time.monotonic() + span.total_seconds()
