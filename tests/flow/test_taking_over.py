"""接管: what the former office may have sent since the backup is looked at by a person before it goes on."""

from __future__ import annotations

import pytest

from syndicate.errors import NotAllowed
from syndicate.flow import posting
from syndicate.flow.resolve import resolve_absent
from syndicate.flow.taking_over import TakenOver, take_over
from syndicate.flow.targets import mirror_site
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.review import Actor, Role, WithdrawalKind
from syndicate.records import audit, deliveries, seat
from tests.databases import on_both
from tests.flow.office import PUBLISHER, Desk

OPERATOR = Actor("takeover", Role.SYSTEM, "cli")


def _taken_over(desk: Desk) -> TakenOver:
    seat.leave(desk.time[0])
    return take_over(desk.home, OPERATOR, desk.time[0])


@on_both
def test_what_was_still_to_be_published_waits_for_a_person(desk: Desk) -> None:
    item = desk.approved("weibo", "app")
    found = _taken_over(desk)
    states = {one.state for one in deliveries.of_item(item)}
    assert (found, states) == (TakenOver(taken_over=True, to_look_at=2), {DeliveryState.NEEDS_PERSON})


def test_it_may_be_out_so_it_is_not_simply_sent_again(desk: Desk) -> None:
    item = desk.approved("weibo")
    _taken_over(desk)
    assert [one.maybe_sent for one in deliveries.of_item(item)] == [True]


def test_a_person_who_looked_sends_it_once(desk: Desk) -> None:
    item = desk.approved("weibo")
    _taken_over(desk)
    (delivery,) = deliveries.of_item(item)
    resolve_absent(desk.workspace, PUBLISHER, delivery.id)
    desk.settle()
    assert desk.counts("weibo") == {"posted": 1}


def test_what_was_sent_before_stays_delivered(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    found = _taken_over(desk)
    assert (found.to_look_at, [one.state for one in deliveries.of_item(item)]) == (0, [DeliveryState.DELIVERED])


def test_taking_down_goes_on_by_itself(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例：数字有误")
    found = _taken_over(desk)
    desk.settle()
    states = [one.state for one in deliveries.of_item(item)]
    assert (found.to_look_at, states) == (0, [DeliveryState.DELIVERED, DeliveryState.DELIVERED])


def test_the_audit_says_how_many_wait(desk: Desk) -> None:
    desk.approved("app")
    _taken_over(desk)
    (event,) = audit.of_subject("office")
    assert (event.action, event.data) == ("office.taken_over", {"to_look_at": 1})


def test_the_living_office_changes_nothing(desk: Desk) -> None:
    item = desk.approved("app")
    seat.sit(desk.home, desk.time[0], "k" * 64)
    found = take_over(desk.home, OPERATOR, desk.time[0])
    assert (found.taken_over, [one.state for one in deliveries.of_item(item)]) == (False, [DeliveryState.DUE])


def test_no_letter_leaves_a_copy(desk: Desk) -> None:
    seat.leave(desk.time[0])
    with pytest.raises(NotAllowed):
        posting.post(desk.workspace)


def test_no_target_is_written_from_a_copy(desk: Desk) -> None:
    seat.leave(desk.time[0])
    with pytest.raises(NotAllowed):
        mirror_site(desk.workspace)
