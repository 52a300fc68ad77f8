"""群发: approved articles in one message, approved as one; every member has its receipt from it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.errors import NotAllowed, UsageError
from syndicate.flow.bundles import bundle, waiting
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import WithdrawalKind
from syndicate.records import deliveries, items, receipts
from syndicate.records.values import DeliveryRecord
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import CONTENT, EDITOR, PUBLISHER, REVIEWER, Desk

DAY = timedelta(days=1)


@pytest.fixture
def pushing(desk: Desk) -> Desk:
    """The office's account sends one message a day, at nine."""
    path = desk.home / "channels" / "wechat.yaml"
    text = path.read_text("utf-8").replace("settings: {", 'settings: {mode: push, push_at: "09:00", ')
    path.write_text(text, "utf-8")
    desk.reload()
    return desk


def articles(desk: Desk, *titles: str) -> list[int]:
    from dataclasses import replace

    made = [desk.approved("website", "wechat", content=replace(CONTENT, title=title)) for title in titles]
    desk.settle(timedelta(minutes=5))
    return made


def approved(desk: Desk, number: int) -> None:
    while items.get(number).state is ItemState.SUBMITTED:
        desk.approve(number, REVIEWER if items.get(number).level < items.get(number).levels else PUBLISHER)


def of(item: int, action: Action = Action.PUBLISH) -> DeliveryRecord:
    return next(one for one in deliveries.of_item(item) if one.channel == "wechat" and one.action is action)


def titles(desk: Desk) -> list[object]:
    return [one["title"] for one in desk.visible("wechat")]


def test_an_article_of_a_pushing_account_waits_for_a_bundle(pushing: Desk) -> None:
    (number,) = articles(pushing, "样例一")
    assert (of(number).state, of(number).wait_reason) == (DeliveryState.WAITING, WaitReason.WINDOW)
    pushing.settle(3 * DAY)
    assert titles(pushing) == []
    assert [one.delivery.item for one in waiting(pushing.workspace, "wechat")] == [number]


@on_both
def test_a_bundle_goes_out_as_one_and_every_member_has_its_receipt(pushing: Desk) -> None:
    members = articles(pushing, "样例一", "样例二", "样例三")
    number = bundle(pushing.workspace, EDITOR, "wechat", members)
    approved(pushing, number)
    pushing.settle(DAY)
    assert titles(pushing) == ["样例一", "样例二", "样例三"]
    assert of(number).state is DeliveryState.DELIVERED
    for index, member in enumerate(members, 1):
        (held,) = receipts.held(member, "wechat")
        assert held.receipt.details == {"message_id": of(number).notes["message_id"], "index": str(index)}
        assert of(member).state is DeliveryState.DELIVERED
    assert pushing.now.hour == 9 or pushing.counts("wechat")["mass_sent"] == 3


def test_a_bundle_is_reviewed_like_any_item(pushing: Desk) -> None:
    number = bundle(pushing.workspace, EDITOR, "wechat", articles(pushing, "样例一"))
    assert items.get(number).state is ItemState.SUBMITTED
    assert items.get(number).kind is ItemKind.BUNDLE
    with pytest.raises(NotAllowed):
        pushing.approve(number, EDITOR)


def test_nothing_is_pushed_before_the_bundle_is_approved(pushing: Desk) -> None:
    bundle(pushing.workspace, EDITOR, "wechat", articles(pushing, "样例一"))
    pushing.settle(3 * DAY)
    assert titles(pushing) == []


def test_the_members_renditions_are_what_is_approved(pushing: Desk) -> None:
    members = articles(pushing, "样例一", "样例二")
    number = bundle(pushing.workspace, EDITOR, "wechat", members)
    approved(pushing, number)
    from syndicate.records import reviews

    wanted = [reviews.rendition(of(member).rendition) for member in members]
    found = reviews.rendition(of(number).rendition)
    assert [one.hash in found.body for one in wanted] == [True, True]


@on_both
def test_a_withdrawn_member_stops_the_bundle(pushing: Desk) -> None:
    first, second = articles(pushing, "样例一", "样例二")
    number = bundle(pushing.workspace, EDITOR, "wechat", [first, second])
    approved(pushing, number)
    pushing.settle(timedelta(hours=1))
    withdraw(pushing.workspace, PUBLISHER, second, WithdrawalKind.ERROR, "样例有误")
    pushing.settle(2 * DAY)
    assert titles(pushing) == []
    assert of(number).state is DeliveryState.NEEDS_PERSON
    message = of(number).message
    assert message
    assert str(second) in message.zh


@on_both
def test_a_member_that_is_withdrawn_while_the_message_goes_out_is_taken_down_at_once(pushing: Desk) -> None:
    first, second = articles(pushing, "样例一", "样例二")
    number = bundle(pushing.workspace, EDITOR, "wechat", [first, second])
    approved(pushing, number)
    while "message_id" not in of(number).notes:
        pushing.time[0] = max(of(number).due_at, pushing.now) + timedelta(microseconds=1)
        pushing.step(of(number).id)
    withdraw(pushing.workspace, PUBLISHER, second, WithdrawalKind.ERROR, "样例有误")
    pushing.settle(timedelta(minutes=30))
    assert of(number).state is DeliveryState.DELIVERED
    assert titles(pushing) == ["样例一"]
    assert receipts.held(second, "wechat") == ()


def test_one_member_can_be_taken_down_after_the_push(pushing: Desk) -> None:
    first, second = articles(pushing, "样例一", "样例二")
    approved(pushing, bundle(pushing.workspace, EDITOR, "wechat", [first, second]))
    pushing.settle(DAY)
    withdraw(pushing.workspace, PUBLISHER, first, WithdrawalKind.ERROR, "样例有误")
    pushing.settle(timedelta(minutes=10))
    assert titles(pushing) == ["样例二"]


@on_both
def test_a_withdrawn_bundle_takes_all_its_articles_down(pushing: Desk) -> None:
    members = articles(pushing, "样例一", "样例二")
    number = bundle(pushing.workspace, EDITOR, "wechat", members)
    approved(pushing, number)
    pushing.settle(DAY)
    withdraw(pushing.workspace, PUBLISHER, number, WithdrawalKind.ERROR, "样例有误")
    pushing.settle(timedelta(minutes=10))
    assert titles(pushing) == []
    assert [receipts.held(one, "wechat") for one in (number, *members)] == [(), (), ()]


def test_a_lost_reply_pushes_once(pushing: Desk) -> None:
    members = articles(pushing, "样例一", "样例二")
    number = bundle(pushing.workspace, EDITOR, "wechat", members)
    approved(pushing, number)
    fault = Fault("wechat", FaultKind.RESET_AFTER_COMMIT, "/cgi-bin/message/mass/sendall", nth=(1,))
    pushing.strike(fault)
    pushing.settle(DAY)
    assert pushing.counts("wechat")["mass_sent"] == 2
    assert of(number).state is DeliveryState.DELIVERED


def test_a_second_bundle_of_a_day_waits_for_the_next(pushing: Desk) -> None:
    first, second = articles(pushing, "样例一", "样例二")
    for member in (first, second):
        approved(pushing, bundle(pushing.workspace, EDITOR, "wechat", [member]))
    pushing.settle(timedelta(hours=30))
    assert len(titles(pushing)) == 1
    pushing.settle(timedelta(hours=30))
    assert len(titles(pushing)) == 2


@pytest.mark.parametrize("numbers", [[], [1, 1], list(range(1, 10))])
def test_a_bundle_has_one_to_eight_different_members(pushing: Desk, numbers: list[int]) -> None:
    with pytest.raises(UsageError):
        bundle(pushing.workspace, EDITOR, "wechat", numbers)


def test_what_is_not_approved_cannot_join(pushing: Desk) -> None:
    with pytest.raises(NotAllowed):
        bundle(pushing.workspace, EDITOR, "wechat", [pushing.submitted("website", "wechat")])


def test_what_is_out_already_cannot_join_again(pushing: Desk) -> None:
    (number,) = articles(pushing, "样例一")
    approved(pushing, bundle(pushing.workspace, EDITOR, "wechat", [number]))
    pushing.settle(DAY)
    with pytest.raises(NotAllowed):
        bundle(pushing.workspace, EDITOR, "wechat", [number])
