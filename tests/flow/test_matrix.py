"""影响清单: what is shown before a withdrawal or a correction is what happens afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.matrix import Means, amendment_matrix, deadline_of, withdrawal_matrix
from syndicate.flow.overview import item_page
from syndicate.flow.resolve import resolve_delivered
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.review import WithdrawalKind
from syndicate.records import deliveries
from syndicate.sandbox.faults import Fault, FaultKind
from tests.flow.office import PUBLISHER, Desk

MINUTE = timedelta(minutes=1)
EVERYWHERE = ("website", "weibo", "wechat", "app", "led")


def _means(desk: Desk, item: int) -> dict[str, Means]:
    return {row.channel: row.means for row in withdrawal_matrix(desk.workspace, item_page(desk.workspace, item))}


def _manual(desk: Desk) -> None:
    (desk.home / "channels" / "board.yaml").write_text("title: 公告栏\nkind: manual\n", "utf-8")
    desk.reload()


def test_a_withdrawal_of_what_is_out_says_how_each_channel_takes_it_down(desk: Desk) -> None:
    item = desk.approved(*EVERYWHERE)
    desk.settle()
    rows = withdrawal_matrix(desk.workspace, item_page(desk.workspace, item))
    assert {row.means for row in rows} == {Means.INTERFACE}
    assert {row.channel: row.what.key for row in rows} == {name: f"matrix.retract_{name}" for name in EVERYWHERE}
    assert all(row.addresses for row in rows)


def test_what_was_not_sent_is_only_cancelled(desk: Desk) -> None:
    item = desk.approved("app", "led", undo=MINUTE)
    assert _means(desk, item) == {"app": Means.CANCELLED, "led": Means.CANCELLED}


def test_a_channel_that_never_had_it_needs_nothing(desk: Desk) -> None:
    assert set(_means(desk, desk.draft("app", "led")).values()) == {Means.NOTHING}


def test_what_may_be_out_is_taken_down_too(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.RESET_AFTER_COMMIT, "*share*", nth=(1,)))
    item = desk.approved("weibo")
    desk.run()
    assert _means(desk, item) == {"weibo": Means.INTERFACE}


def test_a_channel_that_people_serve_is_a_task_with_a_deadline(desk: Desk) -> None:
    _manual(desk)
    item = desk.approved("board")
    desk.run()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "board").id, "https://board.example/7")
    (row,) = withdrawal_matrix(desk.workspace, item_page(desk.workspace, item))
    assert (row.means, row.deadline, row.addresses) == (
        Means.PERSON,
        desk.now + timedelta(hours=2),
        ("https://board.example/7",),
    )


def test_a_channel_without_configuration_is_a_task_for_a_person(desk: Desk) -> None:
    item = desk.approved("app", "led")
    desk.run()
    desk.without("app")
    rows = {row.channel: row for row in withdrawal_matrix(desk.workspace, item_page(desk.workspace, item))}
    assert (rows["app"].means, rows["app"].what.key) == (Means.PERSON, "ledger.no_channel")


def test_while_an_earlier_withdrawal_is_at_work_there_is_nothing_to_add(desk: Desk) -> None:
    item = desk.approved("app")
    desk.run()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "数据有误")
    assert _means(desk, item) == {"app": Means.RUNNING}


@pytest.mark.parametrize("undo", [timedelta(0), MINUTE])
@pytest.mark.parametrize("steps", [0, 1, 3])
def test_what_is_shown_before_is_what_happens(desk: Desk, undo: timedelta, steps: int) -> None:
    item = desk.approved("wechat", "app", "led", undo=undo)
    for _ in range(steps):
        for channel in ("wechat", "led"):
            desk.step(desk.delivery(item, channel).id)
    shown = {channel for channel, means in _means(desk, item).items() if means is Means.INTERFACE}
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "数据有误")
    assert {row.channel for row in deliveries.of_item(item) if row.action is Action.RETRACT} == shown


def test_a_preview_changes_nothing(desk: Desk) -> None:
    item = desk.approved(*EVERYWHERE, undo=MINUTE)
    before = deliveries.of_item(item), desk.item(item)
    withdrawal_matrix(desk.workspace, item_page(desk.workspace, item))
    amendment_matrix(desk.workspace, item_page(desk.workspace, item))
    assert (deliveries.of_item(item), desk.item(item)) == before


def test_a_correction_replaces_where_the_interface_can_and_is_a_task_where_it_cannot(desk: Desk) -> None:
    item = desk.approved(*EVERYWHERE)
    desk.settle()
    rows = {row.channel: row for row in amendment_matrix(desk.workspace, item_page(desk.workspace, item))}
    assert {name: row.means for name, row in rows.items()} == {
        "website": Means.INTERFACE,
        "wechat": Means.INTERFACE,
        "app": Means.INTERFACE,
        "led": Means.INTERFACE,
        "weibo": Means.PERSON,
    }
    assert rows["weibo"].deadline == desk.now + timedelta(hours=4)


def test_a_correction_is_a_first_publication_where_nothing_arrived(desk: Desk) -> None:
    item = desk.approved("app", undo=MINUTE)
    (row,) = amendment_matrix(desk.workspace, item_page(desk.workspace, item))
    assert row.what.key == "matrix.publish_app"


def test_a_channel_that_no_longer_carries_the_column_keeps_the_old_text_and_says_so(desk: Desk) -> None:
    item = desk.approved("app", "led")
    desk.run()
    path = desk.home / "channels" / "app.yaml"
    path.write_text(path.read_text("utf-8") + "\ncolumns: [policy]\n", "utf-8")
    desk.reload()
    rows = {row.channel: row.what.key for row in amendment_matrix(desk.workspace, item_page(desk.workspace, item))}
    assert rows == {"led": "matrix.amend_led", "app": "matrix.amend_left"}


def test_a_task_has_until_its_deadline_and_nothing_else_has_one(desk: Desk) -> None:
    _manual(desk)
    item = desk.approved("board", "app")
    desk.run()
    board, app = desk.delivery(item, "board"), desk.delivery(item, "app")
    assert (board.state, app.state) == (DeliveryState.NEEDS_PERSON, DeliveryState.DELIVERED)
    assert (deadline_of(board), deadline_of(app)) == (board.created_at + timedelta(hours=24), None)
