"""Withdrawal: one publisher, at once, everywhere, and nothing of it comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import NotAllowed
from syndicate.flow import items as item_flow
from syndicate.flow.jobs import job_for
from syndicate.flow.resolve import resolve_absent, retry
from syndicate.flow.withdraw import confirm, withdraw
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState
from syndicate.model.item import ItemState
from syndicate.model.review import WithdrawalKind
from syndicate.records import audit, deliveries, models, receipts, reviews
from syndicate.records.values import WithdrawalRecord
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import CONTENT, EDITOR, PUBLISHER, REVIEWER, SECOND, Desk

MINUTE = timedelta(minutes=1)


def _withdraw(desk: Desk, item: int, kind: WithdrawalKind = WithdrawalKind.ERROR) -> None:
    withdraw(desk.workspace, PUBLISHER, item, kind, "数据有误")


def _retractions(item: int) -> list[tuple[str, DeliveryState]]:
    return sorted((row.channel, row.state) for row in deliveries.of_item(item) if row.action is Action.RETRACT)


def _is_online(desk: Desk, item: int) -> bool:
    return CONTENT.body.removeprefix("<p>")[:10] in desk.page(item)


@on_both
def test_a_withdrawal_cancels_what_waits(desk: Desk) -> None:
    item = desk.approved("led", "weibo", undo=MINUTE)
    _withdraw(desk, item)
    assert set(desk.states(item).values()) == {DeliveryState.CANCELLED}


def test_where_nothing_was_sent_nothing_is_taken_down(desk: Desk) -> None:
    item = desk.approved("led", undo=MINUTE)
    _withdraw(desk, item)
    assert _retractions(item) == []


@on_both
def test_a_withdrawal_takes_down_everything_that_channels_hold(desk: Desk) -> None:
    item = desk.approved("website", "weibo", "wechat", "app", "led")
    desk.settle()
    _withdraw(desk, item)
    desk.settle()
    assert receipts.held(item) == ()
    assert (desk.visible("weibo"), desk.visible("wechat"), desk.visible("app")) == ([], [], [])
    assert not _is_online(desk, item)


def test_a_withdrawal_acts_at_once_without_a_second_person(desk: Desk) -> None:
    item = desk.approved("app")
    desk.run()
    _withdraw(desk, item)
    desk.run()
    assert (desk.item(item).state, desk.visible("app")) == (ItemState.WITHDRAWN, [])


def unconfirmed(desk: Desk) -> tuple[WithdrawalRecord, ...]:
    """What waits for a second person."""
    moment = desk.now + timedelta(seconds=1)
    return reviews.withdrawals_as_of(moment, moment)


@pytest.mark.parametrize("actor", [EDITOR, REVIEWER])
def test_only_a_publisher_withdraws(desk: Desk, actor: object) -> None:
    item = desk.approved("app")
    with pytest.raises(NotAllowed):
        withdraw(desk.workspace, actor, item, WithdrawalKind.ERROR, "数据有误")  # type: ignore[arg-type]


def test_a_withdrawal_is_listed_until_a_second_person_has_confirmed_it(desk: Desk) -> None:
    item = desk.approved("led")
    _withdraw(desk, item)
    (listed,) = unconfirmed(desk)
    confirm(desk.workspace, SECOND, listed.id)
    assert unconfirmed(desk) == ()


def test_nobody_confirms_his_own_withdrawal(desk: Desk) -> None:
    _withdraw(desk, desk.approved("led"))
    with pytest.raises(NotAllowed):
        confirm(desk.workspace, PUBLISHER, unconfirmed(desk)[0].id)


@on_both
@pytest.mark.parametrize("steps", [1, 2])
def test_an_item_that_is_withdrawn_between_two_steps_is_never_published(desk: Desk, steps: int) -> None:
    item = desk.approved("wechat")
    for _ in range(steps):  # cover, draft
        desk.step(desk.delivery(item, "wechat").id)
    _withdraw(desk, item)
    desk.settle()
    assert (desk.counts("wechat").get("submitted", 0), desk.visible("wechat")) == (0, [])


def test_an_item_that_is_withdrawn_while_the_platform_publishes_is_taken_down_afterwards(desk: Desk) -> None:
    item = desk.approved("wechat")
    for _ in range(3):  # cover, draft, submit
        desk.step(desk.delivery(item, "wechat").id)
    _withdraw(desk, item)
    desk.settle()
    assert (desk.counts("wechat")["published"], desk.visible("wechat"), receipts.held(item)) == (1, [], ())


@on_both
def test_what_may_be_out_is_looked_for_and_then_taken_down(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.RESET_AFTER_COMMIT, "*share*", nth=(1,)))
    item = desk.approved("weibo")
    desk.run()
    assert desk.states(item) == {"weibo": DeliveryState.UNSURE}
    _withdraw(desk, item)
    desk.settle()
    assert (desk.counts("weibo"), desk.visible("weibo")) == ({"posted": 1, "deleted": 1}, [])


def test_what_was_never_there_is_not_sent_after_the_withdrawal(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.RESET_BEFORE, "*share*", nth=(1,)))
    item = desk.approved("weibo")
    desk.run()
    _withdraw(desk, item)
    desk.settle()
    assert (desk.counts("weibo"), desk.delivery(item, "weibo", Action.PUBLISH).state) == ({}, DeliveryState.CANCELLED)


@on_both
def test_a_page_that_a_dying_worker_had_written_does_not_stay_online(desk: Desk) -> None:
    item = desk.approved("website")
    _write_and_die(desk, item)
    desk.run()
    assert (_is_online(desk, item), desk.states(item)) == (True, {"website": DeliveryState.DUE})
    _withdraw(desk, item)
    desk.settle()
    assert not _is_online(desk, item)


def test_a_page_that_a_dying_worker_had_written_goes_even_while_its_lease_lasts(desk: Desk) -> None:
    item = desk.approved("website")
    _write_and_die(desk, item, rest=timedelta())
    _withdraw(desk, item)
    desk.settle()
    assert (_is_online(desk, item), receipts.held(item)) == (False, ())


def _write_and_die(desk: Desk, item: int, rest: timedelta = 6 * MINUTE) -> None:
    """A worker wrote the page and was killed before it could say so."""
    row = desk.delivery(item, "website")
    claim = {"step": "write", "step_repeatable": True, "lease_owner": "dead", "lease_until": desk.now + 5 * MINUTE}
    claimed = deliveries.change(row, DeliveryEvent.CLAIMED, {**claim, "attempts_made": 1, "first_attempt_at": desk.now})
    assert claimed is not None
    job = job_for(desk.workspace, claimed, desk.workspace.channel("website"))
    driver = desk.workspace.driver("website")
    driver.perform(driver.next_step(job), job)
    desk.wait(rest)


def test_a_channel_that_only_waits_for_its_screen_is_cleared_at_once(desk: Desk) -> None:
    item = desk.approved("led")
    row = desk.delivery(item, "led")
    models.Delivery.objects.filter(id=row.id).update(
        state=DeliveryState.ACCEPTED, attempts_made=1, notes={"seq": "1", "written_at": desk.now.isoformat()}
    )
    _withdraw(desk, item)
    desk.run()
    assert (desk.delivery(item, "led", Action.PUBLISH).state, _retractions(item)) == (
        DeliveryState.CANCELLED,
        [("led", DeliveryState.DELIVERED)],
    )


def test_a_channel_that_is_gone_from_the_configuration_stops_no_other(desk: Desk) -> None:
    item = desk.approved("app", "led")
    desk.run()
    desk.without("led")
    _withdraw(desk, item)
    desk.settle()
    assert _retractions(item) == [("app", DeliveryState.DELIVERED), ("led", DeliveryState.NEEDS_PERSON)]


@on_both
def test_withdrawing_again_works_while_the_first_task_is_still_open(desk: Desk) -> None:
    item = desk.approved("app", "hall")
    desk.settle()
    _hand_out(desk, item)
    _withdraw(desk, item)
    desk.settle()
    item_flow.amend(desk.workspace, EDITOR, item, "改正后再发")
    _withdraw(desk, item)
    desk.settle()
    assert _retractions(item).count(("hall", DeliveryState.NEEDS_PERSON)) == 1


def _hand_out(desk: Desk, item: int) -> None:
    from syndicate.flow.resolve import resolve_delivered

    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, "http://127.0.0.1/hall")


def test_withdrawing_again_adds_nothing_to_a_taking_down_that_is_under_way(desk: Desk) -> None:
    item = desk.approved("app")
    desk.run()
    _withdraw(desk, item)
    item_flow.amend(desk.workspace, EDITOR, item, "改正后再发")
    _withdraw(desk, item)
    desk.settle()
    assert (_retractions(item), desk.visible("app")) == ([("app", DeliveryState.DELIVERED)], [])


@on_both
def test_a_corrected_item_can_be_published_again_after_its_withdrawal(desk: Desk) -> None:
    item = desk.approved("app", "led", "website")
    desk.settle()
    _withdraw(desk, item)
    desk.settle()
    desk.corrected(item, "改正后的标题")
    desk.settle()
    assert (desk.item(item).state, len(receipts.held(item)), len(desk.visible("app"))) == (ItemState.PUBLISHED, 3, 1)


def test_taking_down_goes_on_although_a_correction_is_approved_meanwhile(desk: Desk) -> None:
    item = desk.approved("weibo")
    desk.settle()
    _withdraw(desk, item)
    desk.corrected(item, "改正后的标题")
    desk.settle()
    (post,) = desk.visible("weibo")
    assert "改正后的标题" in str(post["text"])


def test_an_old_task_to_take_down_never_takes_the_new_version_down(desk: Desk) -> None:
    item = desk.approved("app")
    desk.run()
    desk.strike(Fault("app", FaultKind.HTTP_500, status=403))
    _withdraw(desk, item)
    desk.corrected(item, "改正后的标题", undo=MINUTE)
    desk.run()
    old = desk.delivery(item, "app", Action.RETRACT)
    assert old.state is DeliveryState.NEEDS_PERSON
    desk.strike()
    desk.settle()
    retry(desk.workspace, PUBLISHER, old.id)
    desk.settle()
    assert (deliveries.get(old.id).state, len(desk.visible("app"))) == (DeliveryState.CANCELLED, 1)


def test_a_delivery_that_expired_is_not_brought_back_after_a_withdrawal(desk: Desk) -> None:
    item = desk.approved("led", "app", undo=MINUTE, expires_at=desk.now + 2 * MINUTE)
    desk.wait(MINUTE)
    desk.step(desk.delivery(item, "led").id)
    desk.step(desk.delivery(item, "led").id)
    desk.wait(2 * MINUTE)
    desk.run()
    expired = desk.delivery(item, "app")
    assert expired.state is DeliveryState.EXPIRED
    _withdraw(desk, item)
    assert deliveries.get(expired.id).state is DeliveryState.CANCELLED


def test_a_persons_answer_that_it_is_not_there_sends_nothing_after_a_withdrawal(desk: Desk) -> None:
    faults = [Fault("weibo", FaultKind.RESET_BEFORE, endpoint) for endpoint in ("*share*", "*timeline*")]
    desk.strike(*faults)
    item = desk.approved("weibo")
    desk.settle()
    stuck = desk.delivery(item, "weibo")
    assert (stuck.state, stuck.maybe_sent) == (DeliveryState.NEEDS_PERSON, True)
    _withdraw(desk, item)
    desk.strike()
    resolve_absent(desk.workspace, PUBLISHER, stuck.id)
    desk.settle()
    assert (deliveries.get(stuck.id).state, desk.counts("weibo")) == (DeliveryState.CANCELLED, {})


def test_a_published_item_that_is_being_corrected_can_be_withdrawn(desk: Desk) -> None:
    item = desk.approved("app")
    desk.run()
    item_flow.amend(desk.workspace, EDITOR, item, "改正", replace(CONTENT, title="改正后的标题"))
    _withdraw(desk, item)
    desk.settle()
    assert desk.visible("app") == []


def test_the_audit_names_who_withdrew_and_why(desk: Desk) -> None:
    item = desk.approved("led")
    _withdraw(desk, item)
    event = next(one for one in audit.of_subject(f"item:{item}") if one.action == "item.withdrawn")
    assert (event.actor, event.data["reason"], event.data["kind"]) == (PUBLISHER.name, "数据有误", "error")


def test_the_notice_says_what_kind_of_withdrawal_it_is_and_not_the_text(desk: Desk) -> None:
    item = desk.approved("website")
    desk.run()
    _withdraw(desk, item, WithdrawalKind.SUPERSEDED)
    desk.settle()
    assert desk.page(item)
    assert not _is_online(desk, item)


def test_an_editor_does_not_confirm_a_withdrawal(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例")
    (open_one,) = unconfirmed(desk)
    with pytest.raises(NotAllowed):
        confirm(desk.workspace, EDITOR, open_one.id)
