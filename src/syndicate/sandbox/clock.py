"""The sandbox's own clock: real time plus an offset that tests and trainers move."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
LONGEST_STEP = timedelta(days=3650)


class Clock:
    """What time it is for the platforms. `source` gives aware datetimes; every server of one sandbox shares a clock."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        self._source = source
        self._offset = timedelta(0)
        self._lock = Lock()

    def now(self) -> datetime:
        """The sandbox's time, aware, in Beijing time."""
        with self._lock:
            return (self._source() + self._offset).astimezone(BEIJING)

    def advance(self, seconds: float) -> datetime:
        """Move the clock forward by up to ten years and return the new time. Raises `ValueError` otherwise."""
        if not 0 <= seconds <= LONGEST_STEP.total_seconds():  # NaN fails this comparison too
            raise ValueError(seconds)
        with self._lock:
            moved = self._offset + timedelta(seconds=seconds)
            if moved > LONGEST_STEP:  # all steps together stay within the years a datetime can hold
                raise ValueError(seconds)
            self._offset = moved
        return self.now()

    def reset(self) -> None:
        """Back to the time of the source."""
        with self._lock:
            self._offset = timedelta(0)
