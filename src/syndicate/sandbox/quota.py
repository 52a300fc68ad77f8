"""Counters that start anew with each day, hour or month of Beijing time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

DAY = "%Y-%m-%d"
HOUR = "%Y-%m-%d %H"
MINUTE = "%Y-%m-%d %H:%M"
MONTH = "%Y-%m"


class Counters:
    """How often each name was used in the current period. The caller holds the platform's lock."""

    def __init__(self, period: str) -> None:
        self._period = period
        self._current = ""
        self._used: Counter[str] = Counter()

    def used(self, name: str, now: datetime) -> int:
        """Uses in the period that `now` lies in."""
        self._turn(now)
        return self._used[name]

    def spend(self, name: str, limit: int, now: datetime) -> bool:
        """Count one use. False, and nothing counted, when `limit` (0: none) is reached."""
        self._turn(now)
        if limit and self._used[name] >= limit:
            return False
        self._used[name] += 1
        return True

    def clear(self) -> None:
        """All uses back to zero."""
        self._used.clear()

    def _turn(self, now: datetime) -> None:
        current = now.strftime(self._period)
        if current != self._current:
            self._current = current
            self._used.clear()
