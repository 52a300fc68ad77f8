"""日报日历: a month of reports as weeks of days, each with its standing and its formats, and the longer reports of its year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from syndicate.flow.report import KeptReport, kept_reports_between
from syndicate.inspection.html import SYMBOLS
from syndicate.model.inspection import Standing
from syndicate.model.period import Period, Span, period_of

DAY = timedelta(days=1)
_FORMATS = ("html", "pdf", "xlsx")


@dataclass(frozen=True)
class Entry:
    """What was written about one period: how it stands by the newest report, and the newest one in each format."""

    period: Period
    standing: str
    symbol: str
    reports: tuple[KeptReport, ...]


@dataclass(frozen=True)
class Cell:
    """One day of the grid; `entry` None: no report."""

    day: date
    within: bool
    """Whether the day belongs to the month."""
    today: bool
    entry: Entry | None


@dataclass(frozen=True)
class ReportMonth:
    """Everything that the page shows of one month."""

    month: Period
    weeks: tuple[tuple[Cell, ...], ...]
    longer: tuple[Entry, ...]
    """Reports of weeks, months, quarters and the year, of the month's year, the latest first."""
    every: tuple[KeptReport, ...]
    """Every file about a day of the month, as it was written; the latest first."""


def report_month(month: Period, today: date) -> ReportMonth:
    """One month, in one query."""
    year = period_of(Span.YEAR, month.first)
    first = month.first - month.first.weekday() * DAY
    last = month.last + (6 - month.last.weekday()) * DAY
    kept = kept_reports_between(min(first, year.first - 6 * DAY), max(last, year.last))
    entries = _entries(kept)
    days = [first + number * DAY for number in range((last - first).days + 1)]
    cells = [
        Cell(day, month.first <= day <= month.last, day == today, entries.get(period_of(Span.DAY, day))) for day in days
    ]
    weeks = tuple(tuple(cells[number : number + 7]) for number in range(0, len(cells), 7))
    longer = [one for period, one in entries.items() if period.span is not Span.DAY and period.last >= year.first]
    every = [one for one in kept if one.record.span is Span.DAY and month.first <= one.record.day <= month.last]
    return ReportMonth(
        month,
        weeks,
        tuple(sorted(longer, key=lambda one: (one.period.last, one.period.first), reverse=True)),
        tuple(sorted(every, key=lambda one: (one.record.day, one.record.made_at), reverse=True)),
    )


def _entries(kept: Sequence[KeptReport]) -> dict[Period, Entry]:
    found: dict[Period, list[KeptReport]] = {}
    for one in kept:
        found.setdefault(one.period, []).append(one)
    return {period: _entry(period, rows) for period, rows in found.items()}


def _entry(period: Period, rows: Sequence[KeptReport]) -> Entry:
    """`rows` begin with the newest."""
    newest = [next((one for one in rows if one.suffix == suffix), None) for suffix in _FORMATS]
    standing = Standing(rows[0].record.standing)
    return Entry(period, standing, SYMBOLS[standing], tuple(one for one in newest if one))
