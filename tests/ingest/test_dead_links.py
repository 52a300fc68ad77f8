"""When an article that cannot be read is tried, becomes a task, and counts as seen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from syndicate.ingest.dead_links import Failing, failed_again, is_due, is_given_up

HOUR = timedelta(hours=1)


def failed(now: datetime, times: int, apart: timedelta) -> Failing:
    """After so many looks that could not read it, the first of them at `now`."""
    failing = None
    for number in range(times):
        failing = failed_again(failing, now + number * apart)
    assert failing is not None
    return failing


def test_the_first_failure_is_no_task(now: datetime) -> None:
    assert failed(now, 1, HOUR) == Failing(1, now, now, None)


def test_eight_failures_over_a_day_are_a_task(now: datetime) -> None:
    assert failed(now, 9, 3 * HOUR).dead_at == now + 24 * HOUR


@pytest.mark.parametrize(("times", "apart"), [(7, 24 * HOUR), (24, HOUR)])
def test_few_failures_and_failures_of_one_night_are_no_task(now: datetime, times: int, apart: timedelta) -> None:
    assert failed(now, times, apart).dead_at is None


def test_a_task_keeps_the_moment_when_it_became_one(now: datetime) -> None:
    assert failed(now, 20, 3 * HOUR).dead_at == now + 24 * HOUR


def test_what_is_no_task_is_tried_at_every_look(now: datetime) -> None:
    assert is_due(Failing(3, now, now), now)


@pytest.mark.parametrize(("hours", "due"), [(5.9, False), (6, True)])
def test_a_task_is_tried_again_after_six_hours(now: datetime, hours: float, due: bool) -> None:
    assert is_due(Failing(9, now, now, now), now + hours * HOUR) is due


@pytest.mark.parametrize(("days", "given_up"), [(29.9, False), (30, True)])
def test_a_task_is_given_up_after_thirty_days(now: datetime, days: float, given_up: bool) -> None:
    assert is_given_up(Failing(50, now, now, now), now + timedelta(days=days)) is given_up


def test_what_is_no_task_is_never_given_up(now: datetime) -> None:
    assert not is_given_up(Failing(5, now, now), now + timedelta(days=300))
