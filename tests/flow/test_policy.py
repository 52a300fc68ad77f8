"""Retry as a pure function of delivery, outcome and now."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import Message
from syndicate.flow.policy import Change, after_crash, after_look, after_step
from syndicate.flow.settling import can_be_dropped
from syndicate.model.channel import Ladder
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    DeliveryEvent,
    DeliveryState,
    FindResult,
    Found,
    NeedsPerson,
    Outcome,
    Receipt,
    Refused,
    StepResult,
    TryLater,
    Unsure,
    WaitReason,
)
from syndicate.records.values import DeliveryRecord
from syndicate.review.transitions import delivery_transition

NOW = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LADDER = Ladder(
    retry=(MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR),
    give_up=timedelta(hours=72),
    read_back=(MINUTE, 5 * MINUTE, 30 * MINUTE),
    poll=(MINUTE,),
    lease=10 * MINUTE,
    website_wait=30 * MINUTE,
    timeout=MINUTE,
    jitter=0.1,
)
STEADY = replace(LADDER, jitter=0.0)
SENDING = DeliveryRecord(
    id=7,
    item=1,
    revision=1,
    rendition=1,
    channel="weibo",
    action=Action.PUBLISH,
    state=DeliveryState.SENDING,
    wait_reason=None,
    due_at=NOW,
    created_at=NOW,
    first_attempt_at=NOW,
    finished_at=None,
    step="share",
    step_repeatable=False,
    notes={},
    attempts_made=1,
    failures=0,
    looks=0,
    polls=0,
    maybe_sent=False,
    lease_owner="w",
    lease_until=NOW + HOUR,
    outcome="",
    message=None,
    code="",
    version=3,
)
UNSURE = replace(SENDING, state=DeliveryState.UNSURE, maybe_sent=True, failures=1)
WHY = Message("ledger.expired")
IN_VAIN = {"why_zh": WHY.zh, "why_en": WHY.en}
"""How the last cause stands in what a person is told when nothing is tried any more."""
RECEIPT = Receipt("1", "https://example.org/1", NOW)

OUTCOMES = st.sampled_from(
    [
        Delivered(RECEIPT),
        Accepted(NOW + MINUTE),
        TryLater(WHY),
        TryLater(WHY, NOW + HOUR),
        TryLater(WHY, NOW - HOUR),
        Refused(WHY),
        NeedsPerson(WHY),
        Unsure(WHY),
    ]
)
RECORDS = st.builds(
    replace,
    st.just(SENDING),
    id=st.integers(1, 10**9),
    attempts_made=st.integers(1, 1000),
    failures=st.integers(0, 1000),
    looks=st.integers(0, 10),
    polls=st.integers(0, 1000),
    step_repeatable=st.booleans(),
    maybe_sent=st.booleans(),
    first_attempt_at=st.none() | st.timedeltas(timedelta(), timedelta(days=10)).map(lambda ago: NOW - ago),
)


def _step(outcome: Outcome, record: DeliveryRecord = SENDING, ladder: Ladder = STEADY, now: datetime = NOW) -> Change:
    return after_step(record, StepResult(outcome, {}), ladder, now)


def _look(answer: Found | Absent | CannotTell, record: DeliveryRecord = UNSURE, ladder: Ladder = STEADY) -> Change:
    return after_look(record, FindResult(answer, {}), ladder, NOW)


def _wait(change: Change) -> timedelta:
    due_at = change.changes["due_at"]
    assert isinstance(due_at, datetime)
    return due_at - NOW


@pytest.mark.parametrize(
    ("failures", "minutes"), [(0, 1), (1, 2), (2, 5), (3, 10), (4, 30), (5, 60), (6, 60), (60, 60)]
)
def test_retries_climb_the_ladder_and_stay_on_its_last_rung(failures: int, minutes: int) -> None:
    change = _step(TryLater(WHY), replace(SENDING, failures=failures))
    assert _wait(change) == minutes * MINUTE


def test_every_failure_is_counted() -> None:
    assert _step(TryLater(WHY), replace(SENDING, failures=3)).changes["failures"] == 4


def test_retry_after_wins_over_the_ladder_when_it_is_longer() -> None:
    assert _wait(_step(TryLater(WHY, NOW + 3 * HOUR))) == 3 * HOUR


def test_retry_after_wins_over_the_ladder_when_it_is_shorter() -> None:
    assert _wait(_step(TryLater(WHY, NOW + timedelta(seconds=5)), replace(SENDING, failures=6))) == timedelta(seconds=5)


@pytest.mark.parametrize("ago", [timedelta(), HOUR])
def test_a_retry_after_that_is_over_already_does_not_make_us_hammer_the_platform(ago: timedelta) -> None:
    assert _wait(_step(TryLater(WHY, NOW - ago))) == MINUTE


def test_no_retry_after_parks_a_delivery_beyond_the_time_to_give_up() -> None:
    assert _wait(_step(TryLater(WHY, NOW + timedelta(days=3650)))) == LADDER.give_up


def test_a_person_takes_over_when_the_time_to_give_up_has_come() -> None:
    change = _step(TryLater(WHY), replace(SENDING, first_attempt_at=NOW - LADDER.give_up))
    assert (change.event, change.message) == (DeliveryEvent.GAVE_UP, Message("ledger.gave_up", IN_VAIN))


def test_just_before_the_time_to_give_up_it_is_tried_again() -> None:
    almost = NOW - LADDER.give_up + timedelta(seconds=1)
    assert _step(TryLater(WHY), replace(SENDING, first_attempt_at=almost)).event is DeliveryEvent.TRY_LATER


@given(RECORDS, st.floats(0, 0.5))
def test_the_spread_stays_within_the_jitter(record: DeliveryRecord, jitter: float) -> None:
    fresh = replace(record, first_attempt_at=NOW)
    ladder = replace(LADDER, jitter=jitter)
    plain = _wait(_step(TryLater(WHY), fresh, STEADY))
    slack = timedelta(microseconds=1)
    assert plain * (1 - jitter) - slack <= _wait(_step(TryLater(WHY), fresh, ladder)) <= plain * (1 + jitter) + slack


@given(RECORDS, OUTCOMES)
def test_the_same_delivery_outcome_and_moment_give_the_same_change(record: DeliveryRecord, outcome: Outcome) -> None:
    assert _step(outcome, record, LADDER) == _step(outcome, record, LADDER)


def test_different_deliveries_are_spread_differently() -> None:
    waits = {_wait(_step(TryLater(WHY), replace(SENDING, id=number), LADDER)) for number in range(50)}
    assert len(waits) > 40


@given(RECORDS, OUTCOMES)
def test_every_outcome_has_a_row_in_the_table(record: DeliveryRecord, outcome: Outcome) -> None:
    delivery_transition(DeliveryState.SENDING, _step(outcome, record).event)


@given(RECORDS)
def test_every_crash_has_a_row_in_the_table(record: DeliveryRecord) -> None:
    delivery_transition(DeliveryState.SENDING, after_crash(record, LADDER, NOW).event)


@given(RECORDS, st.sampled_from([Found(RECEIPT), Found(None), Absent(), CannotTell(WHY), CannotTell(WHY, False)]))
def test_every_look_has_a_row_in_the_table(record: DeliveryRecord, answer: Found | Absent | CannotTell) -> None:
    delivery_transition(DeliveryState.UNSURE, _look(answer, record).event)


@given(RECORDS, OUTCOMES)
def test_nothing_falls_due_in_the_past(record: DeliveryRecord, outcome: Outcome) -> None:
    due_at = _step(outcome, record).changes.get("due_at", NOW)
    assert isinstance(due_at, datetime)
    assert due_at >= NOW


@given(RECORDS)
def test_trying_later_says_nothing_about_earlier_steps(record: DeliveryRecord) -> None:
    assert "maybe_sent" not in _step(TryLater(WHY), record).changes


@given(RECORDS)
def test_a_person_is_not_told_that_nothing_was_sent_when_an_earlier_step_may_have_sent_it(
    record: DeliveryRecord,
) -> None:
    assert "maybe_sent" not in _step(NeedsPerson(WHY), record).changes


@pytest.mark.parametrize(
    ("repeatable", "before", "after"),
    [(True, False, False), (True, True, True), (False, False, True), (False, True, True)],
)
def test_an_accepted_step_counts_as_sent_unless_every_step_was_repeatable(
    repeatable: bool, before: bool, after: bool
) -> None:
    record = replace(SENDING, step_repeatable=repeatable, maybe_sent=before)
    assert _step(Accepted(NOW), record).changes["maybe_sent"] is after


def test_an_accepted_step_is_followed_by_the_next_when_the_driver_says() -> None:
    assert _wait(_step(Accepted(NOW + 2 * MINUTE))) == 2 * MINUTE


def test_an_accepted_step_forgets_earlier_failures() -> None:
    assert _step(Accepted(NOW), replace(SENDING, failures=4)).changes["failures"] == 0


def test_a_delivery_carries_its_receipt() -> None:
    assert _step(Delivered(RECEIPT)).receipt is RECEIPT


def test_a_refusal_surely_sent_nothing() -> None:
    assert _step(Refused(WHY), replace(SENDING, maybe_sent=True)).changes["maybe_sent"] is False


def test_an_unknown_outcome_is_looked_at_after_the_first_wait() -> None:
    change = _step(Unsure(WHY))
    assert (_wait(change), change.changes["maybe_sent"]) == (MINUTE, True)


def test_looks_wait_by_the_ladder_and_then_end_with_a_person() -> None:
    record, waits = UNSURE, []
    while (change := _look(CannotTell(WHY), record)).event is DeliveryEvent.CANNOT_TELL:
        waits.append(_wait(change))
        record = replace(record, looks=change.changes["looks"])
    assert (waits, change.event) == ([5 * MINUTE, 30 * MINUTE], DeliveryEvent.LOOKED_ENOUGH)
    assert change.message == Message("ledger.looked_enough", IN_VAIN)


def test_a_channel_that_will_never_tell_goes_to_a_person_at_once() -> None:
    change = _look(CannotTell(WHY, ask_again=False))
    assert (change.event, change.message) == (DeliveryEvent.LOOKED_ENOUGH, WHY)


@pytest.mark.parametrize("key", ["ledger.gave_up", "ledger.looked_enough"])
def test_who_is_handed_a_delivery_is_not_told_that_it_goes_on_by_itself(key: str) -> None:
    told = Message(key, {"why_zh": "无法连接平台。", "why_en": "No connection."})
    assert "无法连接平台" in told.zh
    assert "自动" not in told.action_zh


def test_what_nobody_could_see_is_still_maybe_sent() -> None:
    assert "maybe_sent" not in _look(CannotTell(WHY, ask_again=False)).changes


def test_what_was_found_is_delivered() -> None:
    change = _look(Found(RECEIPT))
    assert (change.event, change.receipt) == (DeliveryEvent.FOUND, RECEIPT)


def test_a_step_that_was_found_leads_to_the_next_at_once_and_counts_as_sent() -> None:
    change = _look(Found(None))
    assert (change.event, _wait(change), change.changes["maybe_sent"]) == (
        DeliveryEvent.FOUND_STEP,
        timedelta(),
        True,
    )


@pytest.mark.parametrize(("failures", "minutes"), [(0, 1), (1, 1), (2, 2), (6, 60), (60, 60)])
def test_proved_absence_is_sent_again_by_the_ladder(failures: int, minutes: int) -> None:
    change = _look(Absent(), replace(UNSURE, failures=failures))
    assert (change.event, _wait(change)) == (DeliveryEvent.ABSENT, minutes * MINUTE)


def test_proved_absence_means_that_nothing_is_there() -> None:
    assert _look(Absent()).changes["maybe_sent"] is False


def test_absence_again_and_again_ends_with_a_person() -> None:
    change = _look(Absent(), replace(UNSURE, first_attempt_at=NOW - LADDER.give_up))
    assert (change.event, change.changes["maybe_sent"]) == (DeliveryEvent.LOOKED_ENOUGH, False)


def test_a_crash_in_a_repeatable_step_is_tried_again_by_the_ladder() -> None:
    change = after_crash(replace(SENDING, step_repeatable=True, failures=2), STEADY, NOW)
    assert (change.event, _wait(change)) == (DeliveryEvent.LEASE_LOST_REPEATABLE, 5 * MINUTE)


def test_a_crash_in_a_repeatable_step_gives_up_like_any_failure() -> None:
    record = replace(SENDING, step_repeatable=True, first_attempt_at=NOW - LADDER.give_up)
    assert after_crash(record, STEADY, NOW).event is DeliveryEvent.GAVE_UP


@given(RECORDS)
def test_a_crash_in_a_step_that_cannot_be_repeated_is_never_simply_sent_again(record: DeliveryRecord) -> None:
    change = after_crash(replace(record, step_repeatable=False), STEADY, NOW)
    assert (change.event, change.changes["maybe_sent"]) == (DeliveryEvent.LEASE_LOST, True)


@given(RECORDS)
def test_a_crash_counts_as_a_failure_or_ends_with_a_person(record: DeliveryRecord) -> None:
    change = after_crash(record, STEADY, NOW)
    assert change.event is DeliveryEvent.GAVE_UP or change.changes["failures"] == record.failures + 1


@pytest.mark.parametrize("failing", [TryLater(WHY), Unsure(WHY)])
def test_a_platform_that_never_answers_well_reaches_a_person_within_the_time_to_give_up(failing: Outcome) -> None:
    record, now, attempts = SENDING, NOW, 0
    while True:
        attempts += 1
        change = _step(failing, record, LADDER, now)
        if change.event is DeliveryEvent.UNSURE:
            record, now = _after(record, change)
            change = after_look(record, FindResult(Absent(), {}), LADDER, now)
        if change.event in {DeliveryEvent.GAVE_UP, DeliveryEvent.LOOKED_ENOUGH}:
            break
        record, now = _after(record, change)
    assert now - NOW <= LADDER.give_up + 2 * HOUR
    assert attempts < 100


def _after(record: DeliveryRecord, change: Change) -> tuple[DeliveryRecord, datetime]:
    due_at = change.changes["due_at"]
    assert isinstance(due_at, datetime)
    failures = change.changes.get("failures", record.failures)
    assert isinstance(failures, int)
    return replace(record, failures=failures, attempts_made=record.attempts_made + 1), due_at


def test_an_account_that_hinders_parks_the_delivery_without_burning_an_attempt() -> None:
    until = NOW + HOUR
    outcome = TryLater(Message("ledger.expired"), until, WaitReason.QUOTA)
    change = after_step(replace(SENDING, failures=2), StepResult(outcome, {}), LADDER, NOW)
    assert change.event is DeliveryEvent.PARKED
    assert change.changes == {
        "wait_reason": WaitReason.QUOTA,
        "due_at": until,
        "failures": 0,
        "first_attempt_at": None,
    }


def test_what_waits_for_an_account_is_looked_at_again_after_the_longest_wait() -> None:
    outcome = TryLater(Message("ledger.expired"), wait=WaitReason.HELD)
    change = after_step(SENDING, StepResult(outcome, {}), LADDER, NOW)
    assert change.changes["due_at"] == NOW + LADDER.retry[-1]


def test_parking_never_gives_up() -> None:
    old = replace(SENDING, first_attempt_at=NOW - timedelta(days=30))
    outcome = TryLater(Message("ledger.expired"), NOW + HOUR, WaitReason.QUOTA)
    assert after_step(old, StepResult(outcome, {}), LADDER, NOW).event is DeliveryEvent.PARKED


def test_a_parked_retraction_is_never_dropped_and_a_parked_publication_only_when_nothing_is_out() -> None:
    parked = replace(SENDING, state=DeliveryState.WAITING, attempts_made=0)
    assert can_be_dropped(parked)
    assert not can_be_dropped(replace(parked, maybe_sent=True))
    assert not can_be_dropped(replace(parked, action=Action.RETRACT))
