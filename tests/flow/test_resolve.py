"""A person's answer for a delivery that stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.errors import Conflict, NotAllowed, UsageError
from syndicate.flow.resolve import cancel, resolve_absent, resolve_delivered, retry
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, Role, WithdrawalKind
from syndicate.records import audit, receipts
from syndicate.records.values import DeliveryRecord
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import EDITOR, PUBLISHER, Desk

MINUTE = timedelta(minutes=1)
ADDRESS = "http://127.0.0.1/by-hand"


def _refused(desk: Desk, *others: str) -> DeliveryRecord:
    desk.strike(Fault("app", FaultKind.HTTP_500, status=422))
    item = desk.approved("app", *others)
    desk.settle()
    desk.strike()
    return desk.delivery(item, "app")


def _maybe_sent(desk: Desk) -> DeliveryRecord:
    """The post went out, its reply was lost, and the timeline cannot be read."""
    desk.strike(
        Fault("weibo", FaultKind.RESET_AFTER_COMMIT, "*share*", nth=(1,)),
        Fault("weibo", FaultKind.RESET_BEFORE, "*timeline*"),
    )
    item = desk.approved("weibo")
    desk.settle()
    desk.strike()
    stopped = desk.delivery(item, "weibo")
    assert (stopped.state, stopped.maybe_sent) == (DeliveryState.NEEDS_PERSON, True)
    return stopped


@on_both
def test_what_was_refused_can_be_tried_again(desk: Desk) -> None:
    refused = _refused(desk)
    retry(desk.workspace, PUBLISHER, refused.id)
    desk.settle()
    assert desk.states(refused.item) == {"app": DeliveryState.DELIVERED}


def test_a_retry_begins_the_ladder_anew(desk: Desk) -> None:
    refused = _refused(desk)
    again = retry(desk.workspace, PUBLISHER, refused.id)
    assert (again.failures, again.first_attempt_at, again.finished_at, again.due_at) == (0, None, None, desk.now)


def test_what_may_be_on_the_channel_is_not_simply_sent_again(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="可能已在渠道上"):
        retry(desk.workspace, PUBLISHER, _maybe_sent(desk).id)


def test_what_may_be_on_the_channel_is_not_simply_given_up(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        cancel(desk.workspace, PUBLISHER, _maybe_sent(desk).id)


@on_both
def test_a_person_who_found_it_there_ends_the_delivery(desk: Desk) -> None:
    stopped = _maybe_sent(desk)
    resolve_delivered(desk.workspace, PUBLISHER, stopped.id, ADDRESS)
    assert (desk.states(stopped.item), receipts.held(stopped.item)[0].receipt.url) == (
        {"weibo": DeliveryState.DELIVERED},
        ADDRESS,
    )


def test_a_person_who_did_it_by_hand_makes_the_item_published(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, ADDRESS)
    assert (desk.item(item).state, desk.item(item).first_published_at) == (ItemState.PUBLISHED, desk.now)


def test_a_person_who_took_it_down_by_hand_ends_what_was_held(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, ADDRESS)
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "写错")
    desk.settle()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, ADDRESS)
    assert receipts.held(item) == ()


def test_a_person_who_saw_that_it_is_not_there_sends_it(desk: Desk) -> None:
    stopped = _maybe_sent(desk)
    resolve_absent(desk.workspace, PUBLISHER, stopped.id)
    desk.settle()
    assert desk.states(stopped.item) == {"weibo": DeliveryState.DELIVERED}


@on_both
def test_the_website_that_was_repaired_by_hand_releases_who_waits(desk: Desk) -> None:
    (desk.home / "var" / "site").write_text("a file in the way", "utf-8")
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(hours=3))
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "website").id, ADDRESS)
    assert desk.states(item)["weibo"] is DeliveryState.DUE


def test_a_task_can_be_given_up(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    cancel(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id)
    assert desk.states(item) == {"hall": DeliveryState.CANCELLED}


@pytest.mark.parametrize("actor", [EDITOR, Actor("样例管理员", Role.ADMIN, "desk")])
def test_editors_and_administrators_answer_nothing(desk: Desk, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        retry(desk.workspace, actor, _refused(desk).id)


def test_what_is_under_way_cannot_be_answered(desk: Desk) -> None:
    item = desk.approved("app")
    with pytest.raises(Conflict):
        retry(desk.workspace, PUBLISHER, desk.delivery(item, "app").id)


def test_what_waits_for_its_next_try_can_be_tried_at_once_and_keeps_its_ladder(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.HTTP_500, nth=(1, 2), status=503, retry_after=3000))
    item = desk.approved("app")
    desk.run()
    waiting = desk.delivery(item, "app")
    again = retry(desk.workspace, PUBLISHER, waiting.id)
    assert waiting.due_at > desk.now
    assert (again.due_at, again.failures, again.first_attempt_at) == (desk.now, 1, waiting.first_attempt_at)


def test_who_asks_for_a_try_is_named_in_the_delivery_and_in_the_audit(desk: Desk) -> None:
    again = retry(desk.workspace, PUBLISHER, _refused(desk).id)
    assert again.message is not None
    assert again.message.zh == f"{PUBLISHER.name} 要求重试。"
    assert audit.of_subject(f"delivery:{again.id}")[-1].action == "delivery.retried"


def test_what_needs_nobody_is_named_by_its_state(desk: Desk) -> None:
    item = desk.approved("led")
    desk.settle()
    with pytest.raises(Conflict, match="现在是“已送达”，不需要人工处理"):
        resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "led").id, ADDRESS)


def test_an_answer_is_given_once(desk: Desk) -> None:
    refused = _refused(desk)
    retry(desk.workspace, PUBLISHER, refused.id)
    with pytest.raises(Conflict):
        retry(desk.workspace, PUBLISHER, refused.id)


@pytest.mark.parametrize("address", ["", "已发布", "javascript:alert(1)", "ftp://example.org/1", "//example.org"])
def test_what_is_no_web_address_is_no_proof(desk: Desk, address: str) -> None:
    item = desk.approved("hall")
    desk.settle()
    with pytest.raises(UsageError):
        resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, address)


def test_what_was_refused_cannot_be_said_to_be_absent_as_if_it_had_been_unsure(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        resolve_absent(desk.workspace, PUBLISHER, _refused(desk).id)


def test_the_audit_says_who_answered_what(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    task = desk.delivery(item, "hall")
    resolve_delivered(desk.workspace, PUBLISHER, task.id, ADDRESS)
    event = audit.of_subject(f"delivery:{task.id}")[-1]
    assert (event.actor, event.action, event.data["url"]) == (PUBLISHER.name, "delivery.resolved", ADDRESS)


@on_both
def test_a_very_long_address_is_kept_rather_than_lost(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, ADDRESS + "/" + "a" * 3000)
    assert desk.states(item) == {"hall": DeliveryState.DELIVERED}


def test_an_expired_delivery_may_be_retried_once_its_time_is_longer(desk: Desk) -> None:
    from syndicate.records import items

    item = desk.approved("led", undo=MINUTE, expires_at=desk.now + MINUTE)
    desk.settle()
    items.change(desk.item(item), {"expires_at": desk.now + 60 * MINUTE})
    retry(desk.workspace, PUBLISHER, desk.delivery(item, "led").id)
    desk.settle()
    assert desk.states(item) == {"led": DeliveryState.DELIVERED}
