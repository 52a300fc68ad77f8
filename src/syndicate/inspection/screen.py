"""正常运行率 of a screen, from what its player acknowledged. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from syndicate.model.screen import DisplayHours, is_on

REACH = timedelta(minutes=3)
"""How long one acknowledgement vouches for the screen: players give one a minute, and one may be lost."""
_MINUTE = timedelta(minutes=1)


def running_share(
    hours: Sequence[DisplayHours], acknowledged: Sequence[datetime], start: datetime, end: datetime
) -> float | None:
    """Percent of the minutes of the display hours between `start` and `end` in which the screen ran.

    None where it was not to be on at all. `acknowledged` are times within the span, in any order; times are aware and
    `start` is in the office's time zone.
    """
    wanted = [minute for minute in _minutes(start, end) if is_on(hours, minute)]
    if not wanted:
        return None
    vouched: set[int] = set()
    for at in acknowledged:
        first = int((at - start) // _MINUTE)
        vouched.update(range(first, first + int(REACH / _MINUTE)))
    ran = sum(int((minute - start) // _MINUTE) in vouched for minute in wanted)
    return 100 * ran / len(wanted)


def _minutes(start: datetime, end: datetime) -> list[datetime]:
    return [start + number * _MINUTE for number in range(int((end - start) / _MINUTE))]
