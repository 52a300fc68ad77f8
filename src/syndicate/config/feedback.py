"""`content/feedback.yaml` and `content/holidays/*.yaml` → how soon people are answered, in which working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Day, Duration, Field, Many, Record, Text, Whole, note
from syndicate.config.yaml_nodes import MappingNode, compose
from syndicate.model.calendar import HolidayYear, WorkingCalendar
from syndicate.model.feedback import FeedbackRules

_LONGEST_HOLIDAY = 15
_FIRST, _LAST = 2000, 2100


@dataclass(frozen=True)
class Holiday:
    """One holiday: its name, its first and its last day."""

    title: str
    first: date
    last: date


@dataclass(frozen=True)
class HolidayFile:
    """One year as its file has it."""

    year: int
    source: str
    issued_on: date
    confidence: str
    off: tuple[Holiday, ...]
    worked: tuple[date, ...] = ()


SHAPE = Record(
    FeedbackRules,
    {
        "answer_within": Field(Whole(1, 60)),
        "pass_on_within": Field(Whole(1, 60)),
        "contact_kept": Field(Duration(least=timedelta(days=1), most=timedelta(days=366))),
        "daily_most": Field(Whole(1, 100_000)),
        "daily_reports_each": Field(Whole(1, 100_000)),
        "daily_ratings_each": Field(Whole(1, 100_000)),
    },
)
HOLIDAY = Record(
    Holiday,
    {
        "title": Field(Text(longest=20), required=True),
        "first": Field(Day(), required=True),
        "last": Field(Day(), required=True),
    },
)
HOLIDAYS = Record(
    HolidayFile,
    {
        "year": Field(Whole(_FIRST, _LAST), required=True),
        "source": Field(Text(longest=300), required=True),
        "issued_on": Field(Day(), required=True),
        "confidence": Field(Text("[CPU]", "confidence"), required=True),
        "off": Field(Many(HOLIDAY, least=1), required=True),
        "worked": Field(Many(Day())),
    },
)


def read_feedback(file: ConfigFile, problems: Problems) -> FeedbackRules:
    """The rules; the built-in ones after noting mistakes."""
    node = compose(file, problems)
    found = None if node is None else SHAPE.read(node, problems)
    if found and isinstance(node, MappingNode) and found.pass_on_within > found.answer_within:
        note(problems, node.at("pass_on_within"), "passed_on_too_late", days=found.answer_within)
    return found or FeedbackRules()


def read_holidays(files: Iterable[ConfigFile], problems: Problems) -> WorkingCalendar:
    """Every year that has a file; each year may be given once."""
    years: dict[int, HolidayYear] = {}
    for file in files:
        node = compose(file, problems)
        found = None if node is None else HOLIDAYS.read(node, problems)
        if found is None or not isinstance(node, MappingNode):
            continue
        if found.year in years:
            note(problems, node.at("year"), "year_twice", year=found.year)
        _check(node, found, problems)
        years[found.year] = _year(found)
    return WorkingCalendar(years)


def _year(found: HolidayFile) -> HolidayYear:
    spans = ((one.first, min(one.last, one.first + timedelta(days=_LONGEST_HOLIDAY))) for one in found.off)
    off = frozenset(first + timedelta(days=n) for first, last in spans for n in range((last - first).days + 1))
    return HolidayYear(found.year, off, frozenset(found.worked), found.source, found.issued_on, found.confidence)


def _check(node: MappingNode, found: HolidayFile, problems: Problems) -> None:
    """What a mistyped date would look like: another year, a holiday that ends before it begins, a weekday "worked"."""
    for one in found.off:
        if one.last < one.first or (one.last - one.first).days >= _LONGEST_HOLIDAY:
            note(problems, node.at("off"), "holiday_span", title=one.title, most=_LONGEST_HOLIDAY)
    days: Mapping[str, Iterable[date]] = {
        "off": (day for one in found.off for day in (one.first, one.last)),
        "worked": found.worked,
    }
    for name, dates in days.items():
        for day in dates:
            # The new year's days off have begun on 30 December before (2019).
            if day.year != found.year and (day.year, day.month) != (found.year - 1, 12):
                note(problems, node.at(name), "other_year", day=day, year=found.year)
    for day in found.worked:
        if day.weekday() < 5 or any(one.first <= day <= one.last for one in found.off):
            note(problems, node.at("worked"), "no_weekend_worked", day=day)
