"""Silent periods, exceptions, channel windows and urgency, as deliveries meet them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.errors import Conflict, NotAllowed, UsageError
from syndicate.flow import silence, withdraw
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.model.review import Actor, Role, WithdrawalKind
from syndicate.records import audit
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import EDITOR, PUBLISHER, REVIEWER, Desk

HOUR = timedelta(hours=1)
ADMIN = Actor("样例管理", Role.ADMIN, "desk")
DELIVERED, WAITING = DeliveryState.DELIVERED, DeliveryState.WAITING


def _windows(desk: Desk, channel: str, windows: str) -> None:
    path = desk.home / "channels" / f"{channel}.yaml"
    path.write_text(path.read_text("utf-8") + f"windows: {windows}\n", "utf-8")
    desk.reload()


def _silent(desk: Desk, until: timedelta | None = None) -> None:
    silence.begin(desk.workspace, PUBLISHER, "全国哀悼日", desk.now + until if until else None)


@on_both
def test_in_a_silent_period_nothing_new_goes_out(desk: Desk) -> None:
    _silent(desk)
    item = desk.approved("led", "app")
    desk.settle(48 * HOUR)
    waiting = desk.delivery(item, "app")
    assert desk.states(item) == {"led": WAITING, "app": WAITING}
    assert (waiting.wait_reason, waiting.attempts_made, desk.counts("app")) == (WaitReason.SILENCE, 0, {})


def test_who_looks_at_the_delivery_is_told_why_it_waits(desk: Desk) -> None:
    _silent(desk)
    item = desk.approved("led")
    desk.run()
    message = desk.delivery(item, "led").message
    assert message is not None
    assert "全国哀悼日" in message.zh
    assert "样例终审" in message.zh


@on_both
def test_when_the_silence_ends_everything_goes_out(desk: Desk) -> None:
    _silent(desk)
    item = desk.approved("led", "app")
    desk.run()
    silence.end(desk.workspace, PUBLISHER, "哀悼日结束")
    desk.run()
    assert set(desk.states(item).values()) == {DELIVERED}


def test_a_silence_with_an_end_ends_by_itself_across_midnight(desk: Desk) -> None:
    _silent(desk, 36 * HOUR)
    item = desk.approved("led")
    desk.wait(35 * HOUR)
    desk.run()
    before = desk.states(item)
    desk.settle(2 * HOUR)
    assert (before, desk.states(item)) == ({"led": WAITING}, {"led": DELIVERED})


def test_silence_stays_when_the_process_starts_anew(desk: Desk) -> None:
    _silent(desk)
    item = desk.approved("led")
    desk.reload()
    desk.settle(HOUR)
    assert desk.states(item) == {"led": WAITING}


def test_what_is_between_two_steps_stops_too(desk: Desk) -> None:
    item = desk.approved("weibo")
    desk.step(desk.delivery(item, "weibo").id)
    _silent(desk)
    desk.settle(48 * HOUR)
    silent = desk.counts("weibo")
    silence.end(desk.workspace, PUBLISHER, "结束")
    desk.settle()
    assert (silent, desk.counts("weibo"), desk.states(item)) == ({}, {"posted": 1}, {"weibo": DELIVERED})


def test_an_unknown_outcome_is_looked_up_in_silence_too(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.RESET_AFTER_COMMIT, "*share*", nth=(1,)))
    item = desk.approved("weibo")
    desk.run()
    _silent(desk)
    desk.settle(HOUR)
    assert (desk.states(item), desk.counts("weibo")) == ({"weibo": DELIVERED}, {"posted": 1})


@on_both
def test_taking_down_is_never_silenced(desk: Desk) -> None:
    item = desk.approved("app", "led")
    desk.run()
    _silent(desk)
    withdraw.withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    desk.run()
    assert {desk.delivery(item, one, Action.RETRACT).state for one in ("app", "led")} == {DELIVERED}
    assert desk.visible("app") == []


def test_what_is_withdrawn_in_silence_never_goes_out_afterwards(desk: Desk) -> None:
    item = desk.approved("weibo", "app")
    desk.step(desk.delivery(item, "weibo").id)
    _silent(desk)
    desk.run()
    withdraw.withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    desk.settle(HOUR)
    silence.end(desk.workspace, PUBLISHER, "结束")
    desk.settle(HOUR)
    assert (desk.counts("weibo"), desk.counts("app")) == ({}, {})


@on_both
def test_an_item_is_let_out_by_a_publisher_with_a_reason(desk: Desk) -> None:
    _silent(desk)
    let_out, held = desk.approved("led"), desk.approved("app")
    desk.run()
    silence.except_item(desk.workspace, PUBLISHER, let_out, "地震应急信息")
    desk.run()
    assert (desk.states(let_out), desk.states(held)) == ({"led": DELIVERED}, {"app": WAITING})
    last = audit.of_subject(f"item:{let_out}")
    assert [(one.actor, one.data["reason"]) for one in last if one.action == "silence.excepted"] == [
        ("样例终审", "地震应急信息")
    ]


def test_an_exception_may_come_before_the_approval(desk: Desk) -> None:
    _silent(desk)
    item = desk.submitted("led")
    silence.except_item(desk.workspace, PUBLISHER, item, "地震应急信息")
    desk.approve(item)
    desk.run()
    assert desk.states(item) == {"led": DELIVERED}


def test_an_exception_is_for_one_period_only(desk: Desk) -> None:
    _silent(desk)
    item = desk.submitted("led")
    silence.except_item(desk.workspace, PUBLISHER, item, "地震应急信息")
    silence.end(desk.workspace, PUBLISHER, "结束")
    desk.wait(HOUR)
    _silent(desk)
    desk.approve(item)
    desk.run()
    assert desk.states(item) == {"led": WAITING}


def test_who_did_what_and_why_is_listed(desk: Desk) -> None:
    _silent(desk)
    item = desk.approved("led")
    desk.run()
    silence.except_item(desk.workspace, PUBLISHER, desk.submitted("app"), "应急")
    page = silence.silence_page(desk.workspace)
    assert page.in_force
    assert (page.in_force.actor, page.in_force.reason, page.waiting) == ("样例终审", "全国哀悼日", 1)
    assert [(one.item, one.reason) for one in page.periods[0][1]] == [(item + 1, "应急")]


@pytest.mark.parametrize("actor", [EDITOR, REVIEWER])
def test_silence_is_for_publishers_and_administrators(desk: Desk, actor: Actor) -> None:
    with pytest.raises(NotAllowed, match="管理"):
        silence.begin(desk.workspace, actor, "理由", None)
    silence.begin(desk.workspace, ADMIN, "理由", None)
    with pytest.raises(NotAllowed):
        silence.end(desk.workspace, actor, "理由")


@pytest.mark.parametrize("actor", [EDITOR, REVIEWER, ADMIN])
def test_exceptions_are_for_publishers(desk: Desk, actor: Actor) -> None:
    _silent(desk)
    with pytest.raises(NotAllowed):
        silence.except_item(desk.workspace, actor, desk.draft("led"), "理由")


def test_every_step_wants_a_reason(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        silence.begin(desk.workspace, PUBLISHER, " ", None)
    _silent(desk)
    with pytest.raises(NotAllowed):
        silence.except_item(desk.workspace, PUBLISHER, desk.draft("led"), "")
    with pytest.raises(NotAllowed):
        silence.end(desk.workspace, PUBLISHER, "")


def test_one_silence_at_a_time(desk: Desk) -> None:
    _silent(desk)
    with pytest.raises(Conflict):
        _silent(desk)


def test_a_silence_that_is_over_cannot_begin(desk: Desk) -> None:
    with pytest.raises(UsageError):
        _silent(desk, -HOUR)


def test_without_silence_there_is_nothing_to_end_or_to_except(desk: Desk) -> None:
    with pytest.raises(Conflict):
        silence.end(desk.workspace, PUBLISHER, "结束")
    with pytest.raises(Conflict):
        silence.except_item(desk.workspace, PUBLISHER, desk.draft("led"), "应急")


def test_a_withdrawn_item_is_not_let_out(desk: Desk) -> None:
    item = desk.approved("led")
    withdraw.withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    _silent(desk)
    with pytest.raises(NotAllowed):
        silence.except_item(desk.workspace, PUBLISHER, item, "应急")


@on_both
def test_outside_of_its_window_a_channel_waits_and_others_do_not(desk: Desk) -> None:
    _windows(desk, "app", '["13:30-22:00"]')
    item = desk.approved("app", "led")
    desk.run()
    waiting = desk.delivery(item, "app")
    assert desk.states(item) == {"app": WAITING, "led": DELIVERED}
    assert (waiting.wait_reason, waiting.due_at - desk.now) == (WaitReason.WINDOW, 1.5 * HOUR)


def test_when_its_window_opens_a_channel_publishes(desk: Desk) -> None:
    _windows(desk, "app", '["22:00-06:00"]')
    item = desk.approved("app")
    desk.settle(11 * HOUR)
    assert (desk.states(item), desk.delivery(item, "app").first_attempt_at) == (
        {"app": DELIVERED},
        desk.now.replace(hour=22, minute=0, second=0, microsecond=1),
    )


def test_urgent_items_do_not_wait_for_a_window(desk: Desk) -> None:
    _windows(desk, "app", '["22:00-06:00"]')
    item = desk.submitted("app")
    silence.set_urgent(desk.workspace, PUBLISHER, item, True, "暴雨红色预警")
    desk.approve(item)
    desk.run()
    assert desk.states(item) == {"app": DELIVERED}


def test_what_becomes_urgent_stops_waiting(desk: Desk) -> None:
    _windows(desk, "app", '["22:00-06:00"]')
    item = desk.approved("app")
    desk.run()
    silence.set_urgent(desk.workspace, PUBLISHER, item, True, "暴雨红色预警")
    desk.run()
    assert desk.states(item) == {"app": DELIVERED}


def test_what_is_no_longer_urgent_waits_again(desk: Desk) -> None:
    _windows(desk, "app", '["22:00-06:00"]')
    item = desk.submitted("app")
    silence.set_urgent(desk.workspace, REVIEWER, item, True, "暴雨红色预警")
    silence.set_urgent(desk.workspace, REVIEWER, item, False, "预警解除")
    desk.approve(item)
    desk.run()
    assert desk.states(item) == {"app": WAITING}


def test_urgency_says_who_and_why(desk: Desk) -> None:
    item = desk.submitted("app")
    silence.set_urgent(desk.workspace, PUBLISHER, item, True, "暴雨红色预警")
    (event,) = (one for one in audit.of_subject(f"item:{item}") if one.action == "item.urgent")
    assert (event.actor, event.data["reason"]) == ("样例终审", "暴雨红色预警")


def test_urgency_changes_once(desk: Desk) -> None:
    item = desk.submitted("app")
    with pytest.raises(Conflict):
        silence.set_urgent(desk.workspace, PUBLISHER, item, False, "理由")
    silence.set_urgent(desk.workspace, PUBLISHER, item, True, "理由")
    with pytest.raises(Conflict):
        silence.set_urgent(desk.workspace, PUBLISHER, item, True, "理由")


def test_an_editor_cannot_make_urgent(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        silence.set_urgent(desk.workspace, EDITOR, desk.submitted("app"), True, "理由")


def test_new_windows_are_asked_at_once(desk: Desk) -> None:
    _windows(desk, "app", '["22:00-06:00"]')
    item = desk.approved("app")
    desk.run()
    path = desk.home / "channels" / "app.yaml"
    path.write_text(path.read_text("utf-8").replace("22:00-06:00", "08:00-22:00"), "utf-8")
    desk.reload()
    silence.ask_windows_again(desk.workspace)
    desk.run()
    assert desk.states(item) == {"app": DELIVERED}
