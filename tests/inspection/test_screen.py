"""正常运行率: the share of a screen's display hours that its player vouched for."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.inspection.screen import running_share
from syndicate.model.screen import DisplayHours, is_on

START = datetime(2026, 11, 26, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Thursday
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
SUMMER = DisplayHours((5, 1), (9, 30), time(8), time(18), (1, 2, 3, 4, 5))
WINTER = DisplayHours((10, 1), (4, 30), time(8), time(17, 30), (1, 2, 3, 4, 5))
SEASONS = (SUMMER, WINTER)


def every_minute(first: datetime, last: datetime) -> list[datetime]:
    return [first + n * MINUTE for n in range(int((last - first) / MINUTE))]


def test_a_screen_that_spoke_every_minute_of_its_hours_ran_all_the_time() -> None:
    seen = every_minute(START + timedelta(hours=8), START + timedelta(hours=17, minutes=30))
    assert running_share(SEASONS, seen, START, START + DAY) == 100


def test_outside_its_hours_a_screen_may_be_silent_and_what_it_says_does_not_count() -> None:
    assert running_share(SEASONS, every_minute(START, START + timedelta(hours=7)), START, START + DAY) == 0


def test_half_a_day_of_silence_is_half_the_share() -> None:
    seen = every_minute(START, START + timedelta(hours=12))
    assert running_share((), seen, START, START + DAY) == pytest.approx(50, abs=0.2)


def test_one_lost_word_changes_nothing_and_a_pause_beyond_its_reach_does() -> None:
    seen = every_minute(START, START + timedelta(hours=1))
    assert (
        running_share((), [one for n, one in enumerate(seen) if n % 3 == 0], START, START + timedelta(hours=1)) == 100
    )
    assert running_share((), seen[:30] + seen[34:], START, START + timedelta(hours=1)) == pytest.approx(100 * 58 / 60)


def test_what_was_said_just_before_the_span_counts_for_nothing_in_it_twice() -> None:
    assert running_share((), [START, START], START, START + timedelta(minutes=10)) == 30


def test_a_day_off_has_no_share() -> None:
    saturday = START + 2 * DAY
    assert running_share(SEASONS, [saturday], saturday, saturday + DAY) is None


@pytest.mark.parametrize(
    ("moment", "on"),
    [
        (datetime(2026, 7, 1, 17, 45), True),
        (datetime(2026, 12, 1, 17, 45), False),
        (datetime(2027, 1, 4, 8, 0), True),
        (datetime(2027, 1, 4, 7, 59), False),
        (datetime(2026, 9, 30, 17, 59), True),
        (datetime(2026, 10, 1, 17, 29), True),
        (datetime(2026, 10, 1, 17, 30), False),
        (datetime(2026, 7, 4, 12, 0), False),
    ],
)
def test_seasons_and_weekdays_decide(moment: datetime, on: bool) -> None:
    assert is_on(SEASONS, moment.replace(tzinfo=START.tzinfo)) is on


def test_an_end_at_midnight_is_the_end_of_the_day() -> None:
    evening = DisplayHours((1, 1), (12, 31), time(18), time())
    assert [is_on((evening,), START + timedelta(hours=hour)) for hour in (17, 18, 23, 24)] == [False, True, True, False]


@given(st.lists(st.integers(-100, 2000)), st.integers(0, 1440))
def test_a_share_lies_between_nothing_and_all(minutes: list[int], length: int) -> None:
    share = running_share((), [START + n * MINUTE for n in minutes], START, START + length * MINUTE)
    assert (share is None) == (length == 0)
    assert share is None or 0 <= share <= 100
