"""When an original is read again, and when it counts as gone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.following import Following, absent, first_look, found, schedule, unanswered

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)


def looks(count: int, gap: timedelta) -> Following:
    state = Following(0, NOW)
    for number in range(count):
        state = absent(state, NOW + number * gap)
    return state


def test_the_looks_come_after_1_6_24_168_and_720_hours() -> None:
    moment, state, ages = first_look(NOW), Following(0, None), []
    while True:
        ages.append((moment - NOW) / HOUR)
        state = found(state, moment)
        if state.next_look_at is None:
            break
        moment = state.next_look_at
    assert ages == [1, 6, 24, 168, 720]


def test_three_looks_over_a_day_confirm_that_it_is_gone() -> None:
    assert [looks(n, 12 * HOUR).gone_at is not None for n in (1, 2, 3)] == [False, False, True]


def test_three_looks_in_an_hour_confirm_nothing() -> None:
    assert looks(3, HOUR / 3).gone_at is None


def test_a_look_that_finds_it_again_forgets_the_absence() -> None:
    after = found(looks(2, 12 * HOUR), NOW)
    assert (after.absences, after.absent_since) == (0, None)


def test_a_look_without_an_answer_changes_only_the_time() -> None:
    before = looks(2, 12 * HOUR)
    after = unanswered(before, NOW)
    assert (after.step, after.absences, after.next_look_at) == (before.step, 2, NOW + HOUR)


def test_a_page_that_stays_away_is_no_longer_looked_for_after_a_month() -> None:
    gone = Following(0, NOW, 3, NOW, NOW)
    assert absent(gone, NOW + timedelta(days=7)).next_look_at is not None
    assert absent(gone, NOW + timedelta(days=30)).next_look_at is None


@given(st.lists(st.sampled_from([found, absent, unanswered]), max_size=40))
def test_the_next_look_lies_always_ahead(steps: list[object]) -> None:
    state, moment = Following(0, NOW), NOW
    for step in steps:
        state = step(state, moment)  # type: ignore[operator]
        if state.next_look_at is None:
            break
        assert state.next_look_at > moment
        moment = state.next_look_at
    assert len(schedule()) == 5
