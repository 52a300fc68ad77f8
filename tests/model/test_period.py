"""报告期: which days belong to a report, and how its trends divide them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.period import Period, Span, parts_of, period_of

DAY = timedelta(days=1)
days = st.dates(date(2001, 1, 1), date(2098, 12, 31))
spans = st.sampled_from(Span)


@pytest.mark.parametrize(
    ("span", "first", "last", "name"),
    [
        (Span.DAY, date(2026, 11, 26), date(2026, 11, 26), "2026-11-26"),
        (Span.WEEK, date(2026, 11, 23), date(2026, 11, 29), "2026-W48"),
        (Span.MONTH, date(2026, 11, 1), date(2026, 11, 30), "2026-11"),
        (Span.QUARTER, date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (Span.YEAR, date(2026, 1, 1), date(2026, 12, 31), "2026"),
    ],
)
def test_a_day_belongs_to_one_period_of_each_span(span: Span, first: date, last: date, name: str) -> None:
    period = period_of(span, date(2026, 11, 26))
    assert (period, period.name) == (Period(span, first, last), name)


def test_the_first_days_of_a_year_may_belong_to_the_last_week_of_the_year_before() -> None:
    assert period_of(Span.WEEK, date(2027, 1, 1)).name == "2026-W53"


def test_february_ends_as_the_calendar_says() -> None:
    assert [period_of(Span.MONTH, date(year, 2, 3)).last.day for year in (2026, 2028)] == [28, 29]


@given(spans, days)
def test_every_day_of_a_period_belongs_to_it(span: Span, day: date) -> None:
    period = period_of(span, day)
    assert period.first <= day <= period.last
    assert period_of(span, period.first) == period_of(span, period.last) == period


@given(spans, days)
def test_the_period_before_ends_where_this_one_begins(span: Span, day: date) -> None:
    period = period_of(span, day)
    assert period.before().last + DAY == period.first


@given(spans, days)
def test_periods_have_names_of_their_own(span: Span, day: date) -> None:
    period = period_of(span, day)
    assert period.name != period.before().name


@given(spans, days)
def test_the_parts_of_a_trend_follow_each_other_without_gap_up_to_the_end(span: Span, day: date) -> None:
    period = period_of(span, day)
    parts = parts_of(period)
    assert parts[-1].last == period.last
    assert all(one.last + DAY == two.first for one, two in pairwise(parts))


@pytest.mark.parametrize(
    ("span", "count"), [(Span.DAY, 30), (Span.WEEK, 30), (Span.MONTH, 30), (Span.QUARTER, 14), (Span.YEAR, 12)]
)
def test_a_trend_has_as_many_parts_as_people_can_read(span: Span, count: int) -> None:
    assert len(parts_of(period_of(span, date(2026, 11, 26)))) == count
