"""What an account's trouble does to its deliveries: they wait, nothing is burnt, and they go on by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import Conflict, NotAllowed, NotFound
from syndicate.flow.channel_accounts import (
    channel_page,
    confirm_hold,
    hold,
    probe,
    probe_due,
    release,
    renewed,
)
from syndicate.flow.day_facts import day_facts
from syndicate.flow.withdraw import withdraw
from syndicate.model.account import AccountState
from syndicate.model.channel import Token
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.model.review import Actor, Role, WithdrawalKind
from syndicate.records import accounts, audit, deliveries
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import EDITOR, NOON, PUBLISHER, SECOND, Desk

ADMIN = Actor("样例管理", Role.ADMIN, "desk")
SHARE = "/2/statuses/share.json"


def refuse(code: int = 21332, **more: object) -> Fault:
    return Fault("weibo", FaultKind.CODE, SHARE, **{"code": code, **more})  # type: ignore[arg-type]


def delivery_of(item: int, channel: str, action: Action = Action.PUBLISH) -> deliveries.DeliveryRecord:
    return next(one for one in deliveries.of_item(item) if one.channel == channel and one.action is action)


def refused(desk: Desk) -> int:
    """An item whose post waits, because Weibo no longer takes the token."""
    desk.strike(refuse())
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    desk.strike()
    return item


def notices(channel: str) -> list[str]:
    return [row.action for row in audit.of_subject(f"channel:{channel}")]


@on_both
def test_a_refused_token_parks_the_delivery_and_the_account_is_refused(desk: Desk) -> None:
    waiting = delivery_of(refused(desk), "weibo")
    assert (waiting.state, waiting.wait_reason) == (DeliveryState.WAITING, WaitReason.HELD)
    assert accounts.get("weibo").state is AccountState.REFUSED


def test_deliveries_of_a_refused_account_wait_without_a_call(desk: Desk) -> None:
    refused(desk)
    other = desk.approved("website", "weibo")
    desk.settle(timedelta(seconds=20))
    waiting = delivery_of(other, "weibo")
    assert waiting.wait_reason is WaitReason.HELD
    assert waiting.failures == 0
    assert waiting.attempts_made == 0


def test_a_refused_account_is_tried_again_after_the_ladders_longest_wait_and_heals_by_itself(desk: Desk) -> None:
    items = [refused(desk), desk.approved("website", "weibo")]
    desk.settle(timedelta(minutes=20))
    assert [delivery_of(item, "weibo").state for item in items] == [DeliveryState.DELIVERED] * 2
    assert notices("weibo") == ["account.alarm", "account.clear"]


def test_a_refusal_that_lasts_costs_one_call_in_the_ladders_longest_wait_however_much_waits(desk: Desk) -> None:
    desk.strike(refuse())
    for _ in range(4):
        desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=17))
    used = {use.quota.name: use.used for use in channel_page(desk.workspace, "weibo").quotas}
    assert used["calls_per_day"] <= 4
    assert notices("weibo") == ["account.alarm"]


def test_an_incident_is_told_once_however_many_deliveries_meet_it(desk: Desk) -> None:
    desk.strike(refuse())
    for _ in range(3):
        desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=30))
    assert notices("weibo") == ["account.alarm"]


@on_both
def test_a_probe_that_works_clears_the_incident_once_and_what_waited_goes_out(desk: Desk) -> None:
    item = refused(desk)
    assert probe(desk.workspace, "weibo").state is AccountState.OK
    probe(desk.workspace, "weibo")
    desk.settle(timedelta(minutes=5))
    assert delivery_of(item, "weibo").state is DeliveryState.DELIVERED
    assert notices("weibo") == ["account.alarm", "account.clear"]


def test_a_probe_that_gets_no_answer_changes_nothing(desk: Desk) -> None:
    refused(desk)
    desk.strike(Fault("weibo", FaultKind.HTTP_500, "/oauth2/get_token_info"))
    assert probe(desk.workspace, "weibo").state is AccountState.REFUSED


def test_an_unknown_code_changes_no_account(desk: Desk) -> None:
    desk.strike(refuse(10020))
    desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    assert accounts.get("weibo").state is AccountState.OK


def test_a_missing_right_stays_until_a_person_says_it_is_settled(desk: Desk) -> None:
    desk.strike(refuse(10014))
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    desk.strike()
    desk.settle(timedelta(minutes=12))
    assert delivery_of(item, "weibo").wait_reason is WaitReason.HELD
    assert probe(desk.workspace, "weibo").state is AccountState.NO_PERMISSION
    release(desk.workspace, PUBLISHER, "weibo", "平台已恢复权限")
    desk.settle(timedelta(minutes=5))
    assert delivery_of(item, "weibo").state is DeliveryState.DELIVERED


def test_each_account_is_looked_at_once_a_day(desk: Desk) -> None:
    assert {one.channel for one in probe_due(desk.workspace)} == {"weibo", "wechat"}
    assert probe_due(desk.workspace) == ()
    desk.wait(timedelta(days=1))
    assert len(probe_due(desk.workspace)) == 2


def test_a_probe_costs_none_of_weibos_calls(desk: Desk) -> None:
    probe(desk.workspace, "weibo")
    assert [use.used for use in channel_page(desk.workspace, "weibo").quotas] == [0, 0]


def test_an_authorisation_that_ends_soon_is_reported_once(desk: Desk) -> None:
    desk.wait(timedelta(seconds=157_679_471) - timedelta(days=3))
    probe(desk.workspace, "weibo")
    found = probe(desk.workspace, "weibo")
    assert found.state is AccountState.EXPIRING
    assert found.message
    assert "还有 " in found.message.zh
    assert notices("weibo") == ["account.alarm"]


def test_an_account_whose_authorisation_ends_soon_still_publishes(desk: Desk) -> None:
    desk.wait(timedelta(seconds=157_679_471) - timedelta(days=3))
    probe(desk.workspace, "weibo")
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    assert delivery_of(item, "weibo").state is DeliveryState.DELIVERED


@on_both
def test_a_channel_that_a_publisher_stops_sends_nothing_until_it_is_started_again(desk: Desk) -> None:
    hold(desk.workspace, PUBLISHER, "weibo", "账号疑似被盗")
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=12))
    assert desk.visible("weibo") == []
    assert delivery_of(item, "weibo").wait_reason is WaitReason.HELD
    release(desk.workspace, SECOND, "weibo", "已改密码")
    desk.settle(timedelta(minutes=5))
    assert len(desk.visible("weibo")) == 1


def test_a_stopped_channel_still_takes_down(desk: Desk) -> None:
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    hold(desk.workspace, PUBLISHER, "weibo", "账号疑似被盗")
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例有误")
    desk.settle(timedelta(minutes=5))
    assert desk.visible("weibo") == []


def test_what_a_refused_account_cannot_take_down_is_a_persons_task_at_once(desk: Desk) -> None:
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    desk.strike(Fault("weibo", FaultKind.CODE, "/2/statuses/destroy.json", code=21332))
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例有误")
    desk.settle(timedelta(minutes=5))
    assert delivery_of(item, "weibo", Action.RETRACT).state is DeliveryState.NEEDS_PERSON


def test_a_withdrawn_item_does_not_go_out_when_the_channel_starts_again(desk: Desk) -> None:
    hold(desk.workspace, PUBLISHER, "weibo", "样例")
    item = desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例有误")
    release(desk.workspace, PUBLISHER, "weibo", "样例")
    desk.settle(timedelta(minutes=5))
    assert desk.counts("weibo") == {}


def test_stopping_needs_a_publisher(desk: Desk) -> None:
    for actor in (EDITOR, ADMIN, replace(EDITOR, role=Role.REVIEWER)):
        with pytest.raises(NotAllowed):
            hold(desk.workspace, actor, "weibo", "样例")
        with pytest.raises(NotAllowed):
            release(desk.workspace, actor, "weibo", "样例")


def test_stopping_needs_a_reason(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        hold(desk.workspace, PUBLISHER, "weibo", "  ")


def test_a_channel_is_stopped_once(desk: Desk) -> None:
    hold(desk.workspace, PUBLISHER, "weibo", "样例")
    with pytest.raises(Conflict):
        hold(desk.workspace, SECOND, "weibo", "样例")


def test_a_channel_that_works_cannot_be_started_again(desk: Desk) -> None:
    with pytest.raises(Conflict):
        release(desk.workspace, PUBLISHER, "weibo", "样例")


def test_a_channel_that_does_not_exist_cannot_be_stopped(desk: Desk) -> None:
    with pytest.raises(NotFound):
        hold(desk.workspace, PUBLISHER, "telegraph", "样例")


def test_a_stop_is_confirmed_by_a_second_person(desk: Desk) -> None:
    hold(desk.workspace, PUBLISHER, "weibo", "样例")
    with pytest.raises(NotAllowed):
        confirm_hold(desk.workspace, PUBLISHER, "weibo")
    assert confirm_hold(desk.workspace, SECOND, "weibo").confirmed_by == SECOND.name


def test_a_refused_code_does_not_end_a_stop(desk: Desk) -> None:
    hold(desk.workspace, PUBLISHER, "weibo", "样例")
    probe(desk.workspace, "weibo")
    assert accounts.get("weibo").state is AccountState.HELD


def test_an_empty_token_never_replaces_one(desk: Desk) -> None:
    renewed(desk.workspace, ADMIN, "weibo", Token("2.00sandboxWeiboToken", NOON + timedelta(days=30)))
    with pytest.raises(NotAllowed):
        renewed(desk.workspace, ADMIN, "weibo", Token("", NOON + timedelta(days=60)))
    kept = desk.workspace.tokens.get("weibo")
    assert kept
    assert kept.value == "2.00sandboxWeiboToken"


def test_a_new_authorisation_lets_what_waited_go_on(desk: Desk) -> None:
    item = refused(desk)
    renewed(desk.workspace, ADMIN, "weibo", Token("2.00sandboxWeiboToken", desk.now + timedelta(days=30)))
    desk.settle(timedelta(minutes=5))
    assert delivery_of(item, "weibo").state is DeliveryState.DELIVERED


def test_no_token_stands_in_the_audit(desk: Desk) -> None:
    renewed(desk.workspace, ADMIN, "weibo", Token("2.00sandboxWeiboToken", NOON + timedelta(days=30)))
    assert "sandboxWeiboToken" not in repr(tuple(audit.everything()))


@on_both
def test_a_used_up_quota_waits_until_it_begins_anew_and_burns_no_attempt(desk: Desk) -> None:
    path = desk.home / "channels" / "weibo.yaml"
    path.write_text(path.read_text("utf-8") + "\nlimits: {posts_per_hour: 1}\n", "utf-8")
    desk.reload()
    first, second = desk.approved("website", "weibo"), desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=20))
    waiting = delivery_of(second, "weibo")
    assert delivery_of(first, "weibo").state is DeliveryState.DELIVERED
    assert (waiting.state, waiting.wait_reason, waiting.failures) == (DeliveryState.WAITING, WaitReason.QUOTA, 0)
    assert waiting.due_at == NOON + timedelta(hours=1)
    assert desk.counts("weibo") == {"posted": 1}
    desk.settle(timedelta(hours=2))
    assert delivery_of(second, "weibo").state is DeliveryState.DELIVERED


def test_the_page_of_a_channel_says_what_is_left(desk: Desk) -> None:
    desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=5))
    left = {use.quota.name: use.left for use in channel_page(desk.workspace, "weibo").quotas}
    assert left["posts_per_hour"] == 29


def test_an_account_that_does_not_work_is_a_task_of_the_daily_report(desk: Desk) -> None:
    refused(desk)
    (task,) = [one for one in day_facts(desk.workspace, desk.now.date()).tasks or () if "平台拒绝凭据" in one.text]
    assert task.action


def test_the_report_says_that_a_missing_right_ends_when_somebody_says_so(desk: Desk) -> None:
    desk.strike(refuse(10014))
    desk.approved("website", "weibo")
    desk.settle(timedelta(minutes=1))
    (task,) = [one for one in day_facts(desk.workspace, desk.now.date()).tasks or () if "没有权限" in one.text]
    assert "syndicate channel release" in task.action
