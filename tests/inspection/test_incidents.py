"""One incident, look by look: it opens once, ends once, and a clock that jumps makes it neither double nor lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import Message
from syndicate.inspection.incidents import after_look
from syndicate.model.incident import Alarm, Incident, QuietHours, Sighting, Watch

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=ZONE)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ALARM = Alarm("site_down", "样例", Watch.SITE_DOWN, 2, 4 * HOUR, "样例规定")
PATIENT = replace(ALARM, lasting=10 * MINUTE, calm=5 * MINUTE)


def sight(value: float = 2, text: str = "over") -> Sighting:
    return Sighting("", value, Message(f"incident.{text}", {"what_zh": "样例", "what_en": "sample"}))


def seen(alarm: Alarm = ALARM, now: datetime = NOW, known: Incident | None = None) -> Incident:
    found = after_look(alarm, known, sight(), now)
    assert found is not None
    return found


def test_an_incident_opens_at_once_where_it_need_not_last() -> None:
    incident = seen()
    assert (incident.seen_at, incident.opened_at, incident.deadline) == (NOW, NOW, NOW + 4 * HOUR)


@pytest.mark.parametrize(("value", "opens"), [(1.99, False), (2, True), (3, True)])
def test_only_a_value_over_the_line_counts(value: float, opens: bool) -> None:
    assert (after_look(ALARM, None, sight(value), NOW) is not None) is opens


def test_a_line_can_be_one_that_must_not_be_gone_below() -> None:
    ending = replace(ALARM, operator="<=", threshold=14)
    assert after_look(ending, None, sight(14.01), NOW) is None
    assert after_look(ending, None, sight(14), NOW) is not None


def test_what_must_last_opens_when_it_has_lasted_and_its_deadline_counts_from_then() -> None:
    first = seen(PATIENT)
    assert first.opened_at is None
    almost = seen(PATIENT, NOW + 10 * MINUTE - timedelta(seconds=1), first)
    assert almost.opened_at is None
    opened = seen(PATIENT, NOW + 10 * MINUTE, almost)
    assert (opened.opened_at, opened.deadline) == (NOW + 10 * MINUTE, NOW + 10 * MINUTE + 4 * HOUR)


def test_what_went_before_it_had_lasted_was_no_incident() -> None:
    assert after_look(PATIENT, seen(PATIENT), None, NOW + MINUTE) is None


def test_what_is_seen_again_keeps_its_beginning_and_its_deadline() -> None:
    first = seen()
    again = seen(known=first, now=NOW + HOUR)
    assert (again.opened_at, again.deadline) == (first.opened_at, first.deadline)


def test_an_incident_says_what_was_seen_when_it_opened() -> None:
    other = replace(sight(), message=Message("incident.site_down"), place="/x")
    opened = after_look(PATIENT, seen(PATIENT), other, NOW + 10 * MINUTE)
    assert opened is not None
    assert (opened.message.key, opened.place) == ("incident.site_down", "/x")
    assert after_look(PATIENT, opened, sight(), NOW + HOUR) == opened


def test_an_incident_is_over_at_once_where_it_need_not_be_calm() -> None:
    over = after_look(ALARM, seen(), None, NOW + HOUR)
    assert over is not None
    assert over.closed_at == NOW + HOUR


def test_a_value_that_no_longer_counts_is_as_good_as_none() -> None:
    over = after_look(ALARM, seen(), sight(1), NOW + HOUR)
    assert over is not None
    assert over.closed_at == NOW + HOUR


def test_calm_must_last_and_the_incident_ended_when_it_began() -> None:
    opened = seen(PATIENT, NOW + 10 * MINUTE, seen(PATIENT))
    calm = after_look(PATIENT, opened, None, NOW + HOUR)
    assert calm is not None
    assert calm.closed_at is None
    over = after_look(PATIENT, calm, None, NOW + HOUR + 5 * MINUTE)
    assert over is not None
    assert over.closed_at == NOW + HOUR


def test_trouble_that_returns_within_the_calm_is_the_same_incident() -> None:
    opened = seen(PATIENT, NOW + 10 * MINUTE, seen(PATIENT))
    calm = after_look(PATIENT, opened, None, NOW + HOUR)
    again = seen(PATIENT, NOW + HOUR + MINUTE, calm)
    assert (again.opened_at, again.gone_at) == (opened.opened_at, None)


def test_a_clock_that_was_set_back_delays_the_end_which_never_lies_before_the_beginning() -> None:
    waits = after_look(ALARM, seen(), None, NOW - HOUR)
    assert waits is not None
    assert waits.closed_at is None
    over = after_look(ALARM, waits, None, NOW + MINUTE)
    assert over is not None
    assert over.closed_at == NOW


LOOKS = st.lists(st.tuples(st.sampled_from([None, 1, 2, 5]), st.integers(-20, 60)), max_size=30)
ALARMS = st.sampled_from([ALARM, PATIENT, replace(ALARM, lasting=HOUR), replace(ALARM, calm=HOUR)])


@given(ALARMS, LOOKS)
def test_whatever_is_seen_every_incident_opens_once_and_ends_once(
    alarm: Alarm, looks: list[tuple[int | None, int]]
) -> None:
    now, known = NOW, None
    told: list[str] = []
    for value, minutes in looks:
        now += minutes * MINUTE
        after = after_look(alarm, known, None if value is None else sight(value), now)
        if after and after.opened_at and not (known and known.opened_at):
            told.append("began")
        if after and after.closed_at:
            assert after.opened_at
            assert after.closed_at >= after.opened_at
            told.append("over")
            after = None
        if known and known.opened_at and after:
            assert (after.opened_at, after.deadline) == (known.opened_at, known.deadline)
        known = after
    assert told == (["began", "over"] * len(told))[: len(told)]


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ("21:59", None),
        ("22:00", datetime(2026, 11, 27, 7, 0, tzinfo=ZONE)),
        ("23:59", datetime(2026, 11, 27, 7, 0, tzinfo=ZONE)),
        ("00:00", datetime(2026, 11, 26, 7, 0, tzinfo=ZONE)),
        ("06:59", datetime(2026, 11, 26, 7, 0, tzinfo=ZONE)),
        ("07:00", None),
    ],
)
def test_quiet_hours_go_over_midnight(clock: str, ends: datetime | None) -> None:
    now = datetime.combine(NOW.date(), time.fromisoformat(clock), ZONE)
    assert QuietHours(time(22), time(7)).over_at(now) == ends


@pytest.mark.parametrize(("clock", "quiet"), [("11:59", False), ("12:00", True), ("13:59", True), ("14:00", False)])
def test_quiet_hours_can_lie_within_a_day(clock: str, quiet: bool) -> None:
    now = datetime.combine(NOW.date(), time.fromisoformat(clock), ZONE)
    assert (QuietHours(time(12), time(14)).over_at(now) is not None) is quiet
