"""报告期: the days that a report is about, and how they are divided for its trends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

DAY = timedelta(days=1)
TREND_DAYS = 30
"""Days that a trend looks back over where the period itself is shorter."""


class Span(StrEnum):
    """How long a report's period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both of them within."""

    span: Span
    first: date
    last: date

    @property
    def name(self) -> str:
        """As it stands in file names: 2026-11-26, 2026-W48, 2026-11, 2026-Q4, 2026."""
        match self.span:
            case Span.DAY:
                return self.first.isoformat()
            case Span.WEEK:
                year, week, _ = self.first.isocalendar()
                return f"{year}-W{week:02}"
            case Span.MONTH:
                return f"{self.first:%Y-%m}"
            case Span.QUARTER:
                return f"{self.first.year}-Q{self.first.month // 3 + 1}"
            case Span.YEAR:
                return str(self.first.year)

    def start(self, zone: tzinfo) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), zone)

    def end(self, zone: tzinfo) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + DAY, time(), zone)

    def before(self) -> Period:
        """The period of the same span that ended when this one began."""
        return period_of(self.span, self.first - DAY)


def period_of(span: Span, day: date) -> Period:
    """The period of a span that a day belongs to: weeks begin on Monday (ISO 8601), quarters in January, April, July, October."""
    match span:
        case Span.DAY:
            return Period(span, day, day)
        case Span.WEEK:
            first = day - day.weekday() * DAY
            return Period(span, first, first + 6 * DAY)
        case Span.MONTH:
            return Period(span, day.replace(day=1), _end_of_month(day.year, day.month))
        case Span.QUARTER:
            month = day.month - (day.month - 1) % 3
            return Period(span, date(day.year, month, 1), _end_of_month(day.year, month + 2))
        case Span.YEAR:
            return Period(span, date(day.year, 1, 1), date(day.year, 12, 31))


def parts_of(period: Period) -> tuple[Period, ...]:
    """What the trends show: 30 days up to the end of a day or week, the days of a month, weeks of a quarter, months of a year."""
    match period.span:
        case Span.DAY | Span.WEEK:
            days = (period.last - number * DAY for number in reversed(range(TREND_DAYS)))
            return tuple(period_of(Span.DAY, day) for day in days)
        case Span.MONTH:
            return tuple(_cut(period, Span.DAY))
        case Span.QUARTER:
            return tuple(_cut(period, Span.WEEK))
        case Span.YEAR:
            return tuple(_cut(period, Span.MONTH))


def _cut(whole: Period, span: Span) -> Iterator[Period]:
    """The periods of a shorter span within one, those at its edges cut off there."""
    day = whole.first
    while day <= whole.last:
        part = period_of(span, day)
        yield Period(span, max(part.first, whole.first), min(part.last, whole.last))
        day = part.last + DAY


def _end_of_month(year: int, month: int) -> date:
    return (date(year, month, 28) + 4 * DAY).replace(day=1) - DAY
