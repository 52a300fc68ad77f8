"""Claiming: of several who want a delivery one has it, and what another has just taken is never taken for lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from syndicate.flow.calls import make
from syndicate.flow.claiming import claim
from syndicate.flow.deliver import deliver, settle
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.review import WithdrawalKind
from syndicate.records import deliveries, models
from tests.databases import on_both
from tests.flow.office import CONTENT, PUBLISHER, Desk
from tests.records.samples import together

MINUTE = timedelta(minutes=1)


def _number(desk: Desk, item: int, channel: str) -> int:
    return desk.delivery(item, channel).id


@on_both
def test_what_another_worker_has_just_claimed_is_never_taken_for_lost(desk: Desk) -> None:
    number = _number(desk, desk.approved("app"), "app")
    seen_as_due = [found for found, _ in deliveries.due(desk.now, 10)]
    claim(desk.workspace, [number], "first")
    before = deliveries.get(number)
    taken = deliver(desk.workspace, seen_as_due[0], "second")
    assert (taken, deliveries.get(number), [one.worker for one in deliveries.attempts(number)]) == (
        False,
        before,
        ["first"],
    )


@on_both
def test_of_many_who_want_the_same_deliveries_each_goes_to_one(desk: Desk) -> None:
    numbers = [_number(desk, desk.approved("led", content=replace(CONTENT, title=f"样例{n}")), "led") for n in range(6)]
    together(*[lambda: [deliver(desk.workspace, one, "w") for one in numbers * 3] for _ in range(3)])
    assert set(deliveries.counts().values()) == {6}
    assert {row.attempts_made for row in deliveries.listed((), 10)} == {1}


@on_both
def test_a_worker_takes_no_more_than_its_channel_allows(desk: Desk) -> None:
    numbers = [_number(desk, desk.approved("app", content=replace(CONTENT, title=f"样例{n}")), "app") for n in range(3)]
    claimed = claim(desk.workspace, numbers, "w")
    assert [call.delivery.id for call in claimed.calls] == numbers[:1]


@on_both
def test_a_second_delivery_of_an_item_waits_for_the_first(desk: Desk) -> None:
    item = desk.approved("app")
    claim(desk.workspace, [_number(desk, item, "app")], "w")
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    assert claim(desk.workspace, [_number(desk, item, "app")], "v").calls == ()


@on_both
def test_an_outcome_after_its_lease_stays_on_the_attempt(desk: Desk) -> None:
    number = _number(desk, desk.approved("app"), "app")
    (call,) = claim(desk.workspace, [number], "slow").calls
    answered = make(call)
    desk.wait(10 * MINUTE)
    deliver(desk.workspace, number, "other")
    taken_over = deliveries.get(number)
    settle(desk.workspace, [answered])
    assert deliveries.get(number) == taken_over
    (first, *_) = deliveries.attempts(number)
    assert (first.outcome, first.applied) == ("delivered", False)


@on_both
def test_several_outcomes_are_settled_together(desk: Desk) -> None:
    item = desk.approved("app", "led")
    numbers = [_number(desk, item, "app"), _number(desk, item, "led")]
    answered = [make(call) for call in claim(desk.workspace, numbers, "w").calls]
    proofs = settle(desk.workspace, answered)
    assert set(desk.states(item).values()) == {DeliveryState.DELIVERED}
    assert len(proofs) == models.Receipt.objects.count() == 2
