from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syndicate.errors import Conflict, Message, NotAllowed, NotFound
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, WaitReason
from syndicate.records import deliveries, models, silence
from syndicate.records.deliveries import AttemptEnd
from syndicate.records.values import DeliveryRecord
from tests.records.samples import CONTENT, kinds, new_delivery, new_item, together, tried

MINUTE = timedelta(minutes=1)


@pytest.fixture
def item(records: Path, now: datetime) -> tuple[int, int]:
    return new_item(now)


def _claim(delivery: int, now: datetime, worker: str = "w") -> DeliveryRecord | None:
    record = deliveries.get(delivery)
    lease = {"lease_owner": worker, "lease_until": now + 10 * MINUTE, "step": "share", "step_repeatable": False}
    return deliveries.change(record, DeliveryEvent.CLAIMED, lease)


def _due(now: datetime) -> list[int]:
    return [delivery for delivery, _ in deliveries.due(now, limit=100)]


def _is_due(delivery: int, now: datetime) -> bool:
    return deliveries.due_rows(now, ()).filter(id=delivery).exists()


def _set(delivery: int, **values: object) -> None:
    """Puts a row into a state that many steps would lead to."""
    models.Delivery.objects.filter(id=delivery).update(**values)


def test_the_same_duty_cannot_be_created_twice(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now)
    with pytest.raises(Conflict):
        new_delivery(*item, now)


def test_of_two_who_create_the_same_duty_at_once_exactly_one_wins(item: tuple[int, int], now: datetime) -> None:
    rendition = deliveries.get(new_delivery(*item, now, channel="app")).rendition
    duty = deliveries.Duty(*item, rendition, "weibo", Action.PUBLISH, DeliveryState.DUE, None, now)
    results = together(*[lambda: deliveries.create(duty, now)] * 2)
    assert kinds(results) == ["Conflict", "int"]


def test_a_cancelled_duty_may_be_created_again(item: tuple[int, int], now: datetime) -> None:
    first = deliveries.get(new_delivery(*item, now))
    deliveries.change(first, DeliveryEvent.CANCELLED, {})
    assert new_delivery(*item, now) != first.id


@pytest.mark.parametrize("state", sorted(set(DeliveryState) - {DeliveryState.CANCELLED}))
def test_a_duty_in_any_other_state_stands_in_the_way_of_the_same(
    item: tuple[int, int], now: datetime, state: DeliveryState
) -> None:
    _set(new_delivery(*item, now), state=state)
    with pytest.raises(Conflict):
        new_delivery(*item, now)


def test_another_action_on_the_same_channel_is_another_duty(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now)
    assert new_delivery(*item, now, action=Action.RETRACT)


def test_an_unknown_delivery_is_not_found(records: Path) -> None:
    with pytest.raises(NotFound):
        deliveries.get(404)


def test_a_change_takes_the_state_from_the_table(item: tuple[int, int], now: datetime) -> None:
    claimed = _claim(new_delivery(*item, now), now)
    assert claimed is not None
    assert (claimed.state, claimed.version) == (DeliveryState.SENDING, 2)


def test_a_change_that_the_table_does_not_have_is_refused(item: tuple[int, int], now: datetime) -> None:
    with pytest.raises(NotAllowed):
        deliveries.change(deliveries.get(new_delivery(*item, now)), DeliveryEvent.DELIVERED, {})


def test_a_change_of_what_was_changed_meanwhile_brings_none(item: tuple[int, int], now: datetime) -> None:
    record = deliveries.get(new_delivery(*item, now))
    deliveries.change(record, DeliveryEvent.CANCELLED, {})
    assert deliveries.change(record, DeliveryEvent.CLAIMED, {}) is None


def test_of_two_workers_who_claim_at_once_exactly_one_wins(item: tuple[int, int], now: datetime) -> None:
    delivery = new_delivery(*item, now)
    record = deliveries.get(delivery)
    results = together(
        *(
            lambda worker=worker: deliveries.change(record, DeliveryEvent.CLAIMED, {"lease_owner": worker})
            for worker in ("one", "two")
        )
    )
    assert kinds(results) == ["DeliveryRecord", "NoneType"]


def test_the_loser_of_a_claim_leaves_the_winners_name(item: tuple[int, int], now: datetime) -> None:
    record = deliveries.get(new_delivery(*item, now))
    won = deliveries.change(record, DeliveryEvent.CLAIMED, {"lease_owner": "one"})
    deliveries.change(record, DeliveryEvent.CLAIMED, {"lease_owner": "two"})
    assert deliveries.get(record.id) == won


def test_a_wait_reason_ends_with_the_wait(item: tuple[int, int], now: datetime) -> None:
    waiting = deliveries.get(new_delivery(*item, now, state=DeliveryState.WAITING, wait=WaitReason.UNDO))
    released = deliveries.change(waiting, DeliveryEvent.RELEASED, {})
    assert (waiting.wait_reason, released and released.wait_reason) == (WaitReason.UNDO, None)


def test_what_is_due_now_is_due(item: tuple[int, int], now: datetime) -> None:
    delivery = new_delivery(*item, now)
    assert (_is_due(delivery, now), _due(now)) == (True, [delivery])


def test_what_is_due_later_is_not_due(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now, due_at=now + MINUTE)
    assert _due(now) == []


@pytest.mark.parametrize("state", [DeliveryState.DUE, DeliveryState.ACCEPTED, DeliveryState.UNSURE])
def test_these_states_fall_due(item: tuple[int, int], now: datetime, state: DeliveryState) -> None:
    delivery = new_delivery(*item, now)
    _set(delivery, state=state)
    assert _due(now) == [delivery]


@pytest.mark.parametrize(
    "state",
    [
        DeliveryState.DELIVERED,
        DeliveryState.REFUSED,
        DeliveryState.NEEDS_PERSON,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
    ],
)
def test_these_states_never_fall_due(item: tuple[int, int], now: datetime, state: DeliveryState) -> None:
    _set(new_delivery(*item, now), state=state)
    assert _due(now + timedelta(days=365)) == []


@pytest.mark.parametrize("wait", deliveries.TIMED_WAITS)
def test_a_timed_wait_falls_due_at_its_time(item: tuple[int, int], now: datetime, wait: WaitReason) -> None:
    delivery = new_delivery(*item, now, state=DeliveryState.WAITING, wait=wait, due_at=now + MINUTE)
    assert (_due(now), _due(now + MINUTE)) == ([], [delivery])


def test_a_wait_for_an_account_is_looked_at_again_at_its_time(item: tuple[int, int], now: datetime) -> None:
    number = new_delivery(*item, now, state=DeliveryState.WAITING, wait=WaitReason.HELD)
    assert _due(now + timedelta(days=365)) == [number]


def test_a_silent_wait_is_over_when_no_period_is_in_force(item: tuple[int, int], now: datetime) -> None:
    period = silence.begin("哀悼日", "样例终审", None, now)
    delivery = new_delivery(*item, now, state=DeliveryState.WAITING, wait=WaitReason.SILENCE)
    before = _due(now + timedelta(days=365))
    silence.end(period, "样例终审", now + MINUTE)
    assert (before, _due(now + MINUTE)) == ([], [delivery])


def test_a_silent_wait_is_over_at_the_time_that_was_set(item: tuple[int, int], now: datetime) -> None:
    silence.begin("哀悼日", "样例终审", now + MINUTE, now)
    delivery = new_delivery(*item, now, state=DeliveryState.WAITING, wait=WaitReason.SILENCE, due_at=now + MINUTE)
    assert (_due(now), deliveries.next_due(now), _due(now + MINUTE)) == ([], now + MINUTE, [delivery])


def test_urgent_items_go_first(records: Path, now: datetime) -> None:
    first, second = (new_item(now, replace(CONTENT, title=f"样例{n}")) for n in range(2))
    older, urgent = new_delivery(*first, now), new_delivery(*second, now + MINUTE)
    models.Item.objects.filter(id=second[0]).update(urgent=True)
    assert _due(now + MINUTE) == [urgent, older]


def test_a_call_under_way_is_nobody_elses_while_its_lease_lasts(item: tuple[int, int], now: datetime) -> None:
    _claim(new_delivery(*item, now), now)
    assert _due(now + 10 * MINUTE) == []


def test_a_call_whose_lease_is_over_is_taken_over(item: tuple[int, int], now: datetime) -> None:
    delivery = new_delivery(*item, now)
    _claim(delivery, now)
    assert _due(now + 11 * MINUTE) == [delivery]


def test_a_look_under_way_is_nobody_elses_while_its_lease_lasts(item: tuple[int, int], now: datetime) -> None:
    delivery = new_delivery(*item, now)
    _set(delivery, state=DeliveryState.UNSURE, lease_until=now + 10 * MINUTE)
    assert (_due(now + MINUTE), _due(now + 11 * MINUTE)) == ([], [delivery])


def test_a_heartbeat_keeps_only_what_its_worker_owns(item: tuple[int, int], now: datetime) -> None:
    mine, other = new_delivery(*item, now), new_delivery(*item, now, channel="app")
    _claim(mine, now, "mine")
    _claim(other, now, "other")
    deliveries.heartbeat("mine", now + timedelta(hours=1))
    assert _due(now + 30 * MINUTE) == [other]


def test_a_heartbeat_does_not_disturb_the_outcome_that_comes_after_it(item: tuple[int, int], now: datetime) -> None:
    claimed = _claim(new_delivery(*item, now), now)
    assert claimed is not None
    deliveries.heartbeat("w", now + timedelta(hours=1))
    assert deliveries.change(claimed, DeliveryEvent.DELIVERED, {}) is not None


def _later(item: tuple[int, int], now: datetime) -> int:
    return new_delivery(*item, now, action=Action.RETRACT)


@pytest.mark.parametrize(
    "state",
    [
        DeliveryState.WAITING,
        DeliveryState.DUE,
        DeliveryState.SENDING,
        DeliveryState.ACCEPTED,
        DeliveryState.UNSURE,
    ],
)
def test_a_later_delivery_of_the_item_waits_for_the_earlier_one_on_its_channel(
    item: tuple[int, int], now: datetime, state: DeliveryState
) -> None:
    earlier = new_delivery(*item, now)
    _set(earlier, state=state, due_at=now + MINUTE, lease_until=now + MINUTE)
    later = _later(item, now)
    assert not _is_due(later, now)


@pytest.mark.parametrize("state", deliveries.FINISHED)
def test_a_finished_delivery_holds_nothing_up(item: tuple[int, int], now: datetime, state: DeliveryState) -> None:
    _set(new_delivery(*item, now), state=state)
    assert _is_due(_later(item, now), now)


@pytest.mark.parametrize("state", [DeliveryState.REFUSED, DeliveryState.NEEDS_PERSON])
@pytest.mark.parametrize("maybe_sent", [True, False])
def test_a_stopped_delivery_holds_the_next_up_only_if_it_may_be_on_the_channel(
    item: tuple[int, int], now: datetime, state: DeliveryState, maybe_sent: bool
) -> None:
    _set(new_delivery(*item, now), state=state, maybe_sent=maybe_sent)
    assert _is_due(_later(item, now), now) is not maybe_sent


def test_another_channel_is_not_held_up(item: tuple[int, int], now: datetime) -> None:
    _claim(new_delivery(*item, now), now)
    assert _is_due(new_delivery(*item, now, channel="app"), now)


def test_another_item_is_not_held_up(item: tuple[int, int], now: datetime) -> None:
    _claim(new_delivery(*item, now), now)
    other = new_item(now, replace(CONTENT, title="另一篇"))
    assert _is_due(new_delivery(*other, now), now)


def test_the_longest_due_comes_first(item: tuple[int, int], now: datetime) -> None:
    young = new_delivery(*item, now, due_at=now - MINUTE)
    old = new_delivery(*item, now, channel="app", due_at=now - 2 * MINUTE)
    assert _due(now) == [old, young]


def test_busy_channels_are_left_out(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now)
    app = new_delivery(*item, now, channel="app")
    assert deliveries.due(now, limit=10, without=["weibo"]) == ((app, "app"),)


def test_the_next_due_time_is_the_earliest_after_now(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now, due_at=now)
    new_delivery(*item, now, channel="app", due_at=now + 2 * MINUTE)
    waits = {"state": DeliveryState.WAITING, "wait": WaitReason.UNDO}
    new_delivery(*item, now, channel="led", due_at=now + MINUTE, **waits)
    assert deliveries.next_due(now) == now + MINUTE


def test_the_end_of_a_lease_is_a_due_time(item: tuple[int, int], now: datetime) -> None:
    _claim(new_delivery(*item, now), now)
    assert deliveries.next_due(now) == now + 10 * MINUTE


def test_without_anything_open_there_is_no_next_due_time(item: tuple[int, int], now: datetime) -> None:
    _set(new_delivery(*item, now, due_at=now + MINUTE), state=DeliveryState.NEEDS_PERSON)
    assert deliveries.next_due(now) is None


def test_what_another_worker_handed_over_is_a_chance_though_it_was_due_before(
    item: tuple[int, int], now: datetime
) -> None:
    new_delivery(*item, now, due_at=now - MINUTE)
    assert (deliveries.next_due(now), deliveries.next_chance(now, now + MINUTE, ())) == (None, now - MINUTE)


def test_what_waits_behind_a_person_is_no_chance(item: tuple[int, int], now: datetime) -> None:
    _set(new_delivery(*item, now), state=DeliveryState.NEEDS_PERSON, maybe_sent=True)
    new_delivery(*item, now, action=Action.RETRACT, due_at=now - MINUTE)
    assert deliveries.next_chance(now, now + MINUTE, ()) is None


def test_the_looks_for_a_chance_are_one_statement(item: tuple[int, int], now: datetime) -> None:
    with CaptureQueriesContext(connection) as asked:
        deliveries.next_chance(now, now, ("weibo",))
    assert len(asked) == 1


def test_a_try_is_written_down_before_its_call(item: tuple[int, int], now: datetime) -> None:
    claimed = _claim(new_delivery(*item, now), now)
    assert claimed is not None
    tried(claimed, "share", now)
    (attempt,) = deliveries.attempts(claimed.id)
    assert (attempt.step, attempt.worker, attempt.ended_at) == ("share", "w", None)


def test_a_try_is_completed_with_what_it_brought(item: tuple[int, int], now: datetime) -> None:
    delivery = deliveries.get(new_delivery(*item, now))
    number = tried(delivery, "share", now)
    why = Message("ledger.website_late", {"minutes": 30})
    deliveries.close_attempts([AttemptEnd(number, "try_later", why, "45009", "reply", applied=False)], now + MINUTE)
    (attempt,) = deliveries.attempts(delivery.id)
    assert (attempt.message, attempt.code, attempt.reply, attempt.applied) == (why, "45009", "reply", False)


@pytest.mark.parametrize("hostile", ["a\x00b", "\ud83d", "长" * 5000, "'; DROP TABLE records_attempt; --"])
def test_a_hostile_reply_never_costs_the_outcome(item: tuple[int, int], now: datetime, hostile: str) -> None:
    delivery = deliveries.get(new_delivery(*item, now))
    number = tried(delivery, "share", now)
    why = Message("ledger.no_channel", {"channel": hostile})
    deliveries.close_attempts([AttemptEnd(number, "unsure", why, "1", hostile, applied=True)], now)
    assert deliveries.attempts(delivery.id)[0].outcome == "unsure"


def test_tries_whose_worker_died_are_completed_once(item: tuple[int, int], now: datetime) -> None:
    delivery = deliveries.get(new_delivery(*item, now))
    done = tried(delivery, "share", now)
    deliveries.close_attempts([AttemptEnd(done, "accepted", None, "", "", applied=True)], now)
    tried(delivery, "share", now)
    deliveries.close_open_attempts(delivery.id, "lease_lost", now)
    assert [attempt.outcome for attempt in deliveries.attempts(delivery.id)] == ["accepted", "lease_lost"]


def test_deliveries_are_counted_by_channel_and_state(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now)
    _later(item, now)
    assert deliveries.counts() == {("weibo", DeliveryState.DUE): 2}


def test_deliveries_are_listed_newest_first(item: tuple[int, int], now: datetime) -> None:
    first, second = new_delivery(*item, now), new_delivery(*item, now, channel="app")
    assert [delivery.id for delivery in deliveries.listed([], limit=10)] == [second, first]


def test_deliveries_are_listed_by_state(item: tuple[int, int], now: datetime) -> None:
    new_delivery(*item, now)
    refused = new_delivery(*item, now, channel="app")
    _set(refused, state=DeliveryState.REFUSED)
    assert [delivery.id for delivery in deliveries.listed([DeliveryState.REFUSED], limit=10)] == [refused]


def test_the_deliveries_of_several_items_come_in_one_look(item: tuple[int, int], now: datetime) -> None:
    delivery = new_delivery(*item, now)
    assert deliveries.of_items([item[0], 404]) == {item[0]: (deliveries.get(delivery),)}


@pytest.mark.parametrize("state", [DeliveryState.WAITING, DeliveryState.NEEDS_PERSON])
def test_who_waits_for_the_website_is_found_even_when_it_is_overdue(
    item: tuple[int, int], now: datetime, state: DeliveryState
) -> None:
    waiter = new_delivery(*item, now, state=DeliveryState.WAITING, wait=WaitReason.WEBSITE)
    _set(waiter, state=state)
    assert [delivery.id for delivery in deliveries.waiting_for_website(*item)] == [waiter]
