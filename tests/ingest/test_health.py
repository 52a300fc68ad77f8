"""A source slows down while it fails, never stops, and silence is a result."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.health import LONGEST_BACK_OFF, Condition, after_look, back_off, is_due, patience
from syndicate.model.source import SyncResult
from tests.ingest.conftest import FEED, NOW

NEVER = Condition(None, None, 0)
BAD = [SyncResult.EMPTY_LIST, SyncResult.PARSER_BROKEN, SyncResult.WALL, SyncResult.FAILED]


def test_news_is_a_success_and_the_next_look_comes_after_the_interval() -> None:
    after = after_look(FEED, Condition(None, None, 5), SyncResult.NEW, NOW)

    assert (after.result, after.last_success_at, after.last_new_at, after.failures) == (SyncResult.NEW, NOW, NOW, 0)
    assert after.next_look_at == NOW + FEED.interval


@pytest.mark.parametrize("bad", BAD)
def test_a_failure_keeps_what_was_and_counts(bad: SyncResult) -> None:
    before = Condition(NOW - timedelta(days=1), NOW - timedelta(days=2), 2)

    after = after_look(FEED, before, bad, NOW)

    assert (after.result, after.last_success_at, after.last_new_at, after.failures) == (
        bad,
        before.last_success_at,
        before.last_new_at,
        3,
    )


def test_the_wait_doubles_up_to_six_hours() -> None:
    hours = [back_off(FEED, failures) / timedelta(hours=1) for failures in range(6)]

    assert hours == [0.5, 1, 2, 4, 6, 6]


def test_a_source_that_is_looked_at_once_a_day_keeps_its_day() -> None:
    daily = replace(FEED, interval=timedelta(days=1))

    assert back_off(daily, 3) == timedelta(days=1)


def test_nothing_new_for_longer_than_allowed_is_silence() -> None:
    quiet = Condition(NOW, NOW - FEED.silence - timedelta(seconds=1), 0)

    assert after_look(FEED, quiet, SyncResult.NOTHING_NEW, NOW).result is SyncResult.SILENT


@pytest.mark.parametrize("last_new", [None, NOW - FEED.silence])
def test_nothing_new_within_the_time_allowed_is_no_alarm(last_new: object) -> None:
    before = replace(NEVER, last_new_at=last_new)

    assert after_look(FEED, before, SyncResult.NOTHING_NEW, NOW).result is SyncResult.NOTHING_NEW


def test_a_source_is_due_when_its_time_has_come_or_it_never_was_looked_at() -> None:
    times = (None, NOW, NOW + timedelta(seconds=1))
    assert [is_due(NOW - timedelta(hours=1), time, NOW) for time in times] == [True, True, False]


def test_a_source_whose_last_look_lies_in_the_future_is_due() -> None:
    """The clock was set back."""
    assert is_due(NOW + timedelta(days=1), NOW + timedelta(days=1, minutes=10), NOW)


@given(st.integers(0, 10**9), st.sampled_from(BAD))
def test_a_failing_source_is_always_looked_at_again_within_six_hours(failures: int, bad: SyncResult) -> None:
    after = after_look(FEED, Condition(None, None, failures), bad, NOW)

    assert NOW < after.next_look_at <= NOW + LONGEST_BACK_OFF


def test_a_busy_source_that_falls_silent_is_noticed_before_its_file_says() -> None:
    arrivals = [NOW - n * timedelta(hours=6) for n in range(12)]
    later = NOW + timedelta(hours=25)
    after = after_look(FEED, Condition(NOW, NOW, 0), SyncResult.NOTHING_NEW, later, arrivals)
    assert after.result is SyncResult.SILENT


def test_a_few_arrivals_teach_nothing() -> None:
    assert patience(FEED, [NOW - n * timedelta(hours=6) for n in range(5)]) == FEED.silence


def test_what_is_learned_is_never_more_than_the_file_allows_and_never_less_than_a_day() -> None:
    seldom = [NOW - n * timedelta(days=30) for n in range(12)]
    often = [NOW - n * timedelta(minutes=5) for n in range(12)]
    assert (patience(FEED, seldom), patience(FEED, often)) == (FEED.silence, timedelta(days=1))
