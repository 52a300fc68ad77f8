"""Screen 电子屏: when it is to be on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True)
class DisplayHours:
    """显示时段 of one season: from `first` to `last` (month, day; across the new year where `last` is earlier).

    On from `start` until before `end` (00:00: midnight) on these `weekdays` (1 Monday … 7 Sunday).
    """

    first: tuple[int, int]
    last: tuple[int, int]
    start: time
    end: time
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)

    def covers(self, moment: datetime) -> bool:
        """Whether the screen is to be on at `moment`, which is in the office's time zone."""
        day, clock = (moment.month, moment.day), moment.time()
        in_season = self.first <= day <= self.last if self.first <= self.last else day >= self.first or day <= self.last
        return (
            in_season
            and moment.isoweekday() in self.weekdays
            and self.start <= clock
            and (clock < self.end or self.end == time())
        )


def is_on(hours: Sequence[DisplayHours], moment: datetime) -> bool:
    """Whether a screen is to be on; without any hours it always is."""
    return not hours or any(one.covers(moment) for one in hours)
