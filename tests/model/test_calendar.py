"""Working days: the State Council's days off and weekend days worked; a year that nobody entered has weekends only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.config.defaults import defaults
from syndicate.config.feedback import read_holidays
from syndicate.config.places import ConfigFile, Problems
from syndicate.model.calendar import HolidayYear, WorkingCalendar, last_working_day, working_days_after

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = st.dates(date(2025, 12, 1), date(2028, 1, 31))


def packaged() -> WorkingCalendar:
    problems = Problems()
    files = sorted((defaults() / "content" / "holidays").glob("*.yaml"))
    found = read_holidays(
        [ConfigFile(f"content/holidays/{file.name}", file.read_text("utf-8")) for file in files], problems
    )
    assert problems.found == []
    return found


CALENDAR = packaged()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 1, 2), False),  # Friday of 元旦
        (date(2026, 1, 4), True),  # Sunday that is worked
        (date(2026, 2, 23), False),  # Monday, last day of 春节
        (date(2026, 2, 28), True),  # Saturday that is worked
        (date(2026, 11, 26), True),  # an ordinary Thursday
        (date(2026, 11, 28), False),  # an ordinary Saturday
    ],
)
def test_days_are_worked_as_the_notice_says(day: date, works: bool) -> None:
    assert CALENDAR.works(day) is works


@pytest.mark.parametrize(
    ("received", "count", "ends"),
    [
        (datetime(2026, 11, 26, 9), 3, date(2026, 12, 1)),  # Thursday → Friday, Monday, Tuesday
        (datetime(2026, 11, 26, 23, 59), 1, date(2026, 11, 27)),
        (datetime(2026, 9, 30, 8), 1, date(2026, 10, 8)),  # over 国庆节
        (datetime(2026, 10, 7, 8), 3, date(2026, 10, 10)),  # the Saturday is worked
        (datetime(2026, 2, 13, 8), 3, date(2026, 2, 25)),  # Saturday 14th worked, then 春节
    ],
)
def test_a_duty_ends_with_its_last_working_day(received: datetime, count: int, ends: date) -> None:
    due = working_days_after(received.replace(tzinfo=SHANGHAI), count, CALENDAR)
    assert due == datetime.combine(ends + timedelta(days=1), time.min, SHANGHAI)


def test_a_year_that_nobody_entered_has_weekends_only() -> None:
    assert not CALENDAR.knows(date(2031, 10, 1))
    assert CALENDAR.works(date(2031, 10, 1))
    assert not CALENDAR.works(date(2031, 10, 4))


def test_an_unconfirmed_year_counts_as_not_entered() -> None:
    year = replace(CALENDAR.years[2026], confidence="U")
    calendar = WorkingCalendar({2026: year})
    assert not calendar.knows(date(2026, 10, 1))
    assert calendar.works(date(2026, 10, 1))


def test_a_notice_may_reach_into_the_year_before() -> None:
    year = HolidayYear(2027, frozenset({date(2026, 12, 31)}), frozenset(), "样例", date(2026, 11, 4), "C")
    assert not WorkingCalendar({2027: year}).works(date(2026, 12, 31))


@given(DAYS, st.integers(0, 30))
def test_exactly_so_many_days_after_the_first_are_worked(start: date, count: int) -> None:
    end = last_working_day(start, count, CALENDAR)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert sum(CALENDAR.works(day) for day in between) == count
    assert count == 0 or CALENDAR.works(end)


@given(DAYS, DAYS, st.integers(0, 10))
def test_who_comes_later_is_never_due_earlier(one: date, other: date, count: int) -> None:
    first, second = sorted((one, other))
    assert last_working_day(first, count, CALENDAR) <= last_working_day(second, count, CALENDAR)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)), st.integers(1, 5))
def test_the_hour_of_receipt_changes_nothing(moment: datetime, count: int) -> None:
    aware = moment.replace(tzinfo=SHANGHAI)
    midnight = datetime.combine(moment.date(), time.min, SHANGHAI)
    due = working_days_after(aware, count, CALENDAR)
    assert due == working_days_after(midnight, count, CALENDAR)
    assert due > aware
    assert due.timetz().replace(tzinfo=None) == time.min
