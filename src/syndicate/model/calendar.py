"""工作日: which days are worked, and when a duty of so many working days ends.

Years come from `content/holidays/*.yaml`, one file for each notice of the State Council. For a year that nobody has
entered only weekends are off, and whoever shows a deadline of it says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

_SATURDAY = 5
UNCONFIRMED = "U"


@dataclass(frozen=True)
class HolidayYear:
    """放假安排 of one year: days off that a weekday would not be, and weekend days that are worked."""

    year: int
    off: frozenset[date]
    worked: frozenset[date]
    source: str
    """The notice with its number."""
    issued_on: date
    confidence: str
    """C read in a source, P partly, U not: such a year is not used."""


@dataclass(frozen=True)
class WorkingCalendar:
    """All years that were entered."""

    years: Mapping[int, HolidayYear] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        """Whether people work on a day. A year's notice may reach into the last days of the year before."""
        confirmed = [year for year in self.years.values() if year.confidence != UNCONFIRMED]
        if any(day in year.worked for year in confirmed):
            return True
        return day.weekday() < _SATURDAY and not any(day in year.off for year in confirmed)

    def knows(self, day: date) -> bool:
        """Whether the holidays of the day's year are entered and confirmed."""
        found = self.years.get(day.year)
        return found is not None and found.confidence != UNCONFIRMED


def last_working_day(start: date, count: int, calendar: WorkingCalendar) -> date:
    """The day on which a duty of `count` working days ends; the day on which it begins does not count.

    Basis: 《民法典》第二百零一条 (the first day does not count), 第二百零三条 (the last day ends at 24:00).
    """
    day, left = start, count
    while left:
        day += timedelta(days=1)
        left -= calendar.works(day)
    return day


def working_days_after(moment: datetime, count: int, calendar: WorkingCalendar) -> datetime:
    """The end (24:00) of the last of `count` working days after `moment`, in the time zone of `moment`."""
    day = last_working_day(moment.date(), count, calendar)
    return datetime.combine(day + timedelta(days=1), time.min, moment.tzinfo)
