"""撤下核实: a withdrawal is proved by what the public no longer sees."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.day_facts import day_facts
from syndicate.flow.gone import STILL_THERE, still_there
from syndicate.flow.resolve import resolve_delivered
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import Action
from syndicate.model.review import WithdrawalKind
from syndicate.records import models, receipts
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from syndicate.records.receipts import GONE
from syndicate.records.values import ReceiptRecord
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import PUBLISHER, Desk

EVERYWHERE = ("website", "weibo", "wechat", "app", "led")


def _withdrawn(desk: Desk, *channels: str) -> int:
    item = desk.approved(*channels)
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "数据有误")
    return item


def _proof(desk: Desk, item: int, channel: str) -> ReceiptRecord:
    retraction = desk.delivery(item, channel, Action.RETRACT).id
    return next(one for one in receipts.of_items([item]) if one.delivery == retraction)


def _look(desk: Desk, channel: str) -> list[ProbeRecord]:
    found = []
    for probe in still_there(desk.workspace, desk.workspace.channel(channel)):
        office_records.add_probe(probe)
        found.append(probe)
    return found


@on_both
@pytest.mark.parametrize("channel", EVERYWHERE)
def test_a_withdrawal_is_proved_by_reading_back(desk: Desk, channel: str) -> None:
    item = _withdrawn(desk, channel)
    desk.settle()
    proof = _proof(desk, item, channel)
    assert (proof.proof_sha256, proof.proof_at is not None) == (GONE, True)


def test_the_proof_of_what_was_published_stays(desk: Desk) -> None:
    item = _withdrawn(desk, "app")
    desk.settle()
    first = receipts.of_items([item])[0]
    assert len(first.proof_sha256) == 64


def test_what_could_not_be_read_is_looked_at_by_the_next_patrol(desk: Desk) -> None:
    item = _withdrawn(desk, "app")
    desk.strike(Fault("app", FaultKind.HTML_200, "/articles/*", after=1, nth=(1,)))
    desk.settle()
    assert _proof(desk, item, "app").proof_at is None
    assert [probe.ok for probe in _look(desk, "app")] == [True]
    assert _proof(desk, item, "app").proof_sha256 == GONE
    assert _look(desk, "app") == []


def test_what_the_public_still_sees_is_a_problem_of_the_patrol(desk: Desk) -> None:
    item = _withdrawn(desk, "app")
    desk.strike(Fault("app", FaultKind.HTML_200, "/articles/*", after=1, nth=(1,)))
    desk.settle()
    again = desk.approved("app")
    desk.settle()
    models.Receipt.objects.filter(item_id=item).update(remote_id=str(again))
    models.Delivery.objects.filter(item_id=item).update(item_id=again)
    (probe,) = _look(desk, "app")
    assert (probe.kind, probe.ok, probe.detail) == (STILL_THERE, False, "已撤回的内容公众仍能看到")
    desk.wait(timedelta(minutes=1))
    tasks = day_facts(desk.workspace, desk.now.date()).tasks or ()
    assert [task.text for task in tasks] == [f"已撤回的内容公众仍能看到：{probe.target}。"]
    desk.wait(timedelta(hours=1))
    assert [one.ok for one in _look(desk, "app")] == [False]
    desk.wait(timedelta(minutes=1))
    later = day_facts(desk.workspace, desk.now.date()).tasks or ()
    assert [task.since for task in later] == [probe.at], "a later look does not begin it anew"


def test_what_cannot_be_read_says_nothing(desk: Desk) -> None:
    _withdrawn(desk, "app")
    desk.strike(Fault("app", FaultKind.HTML_200, "/articles/*", after=1))
    desk.settle()
    assert _look(desk, "app") == []


def test_what_a_person_took_down_by_hand_is_believed(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, "https://hall.example/7")
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "数据有误")
    desk.settle()
    resolve_delivered(desk.workspace, PUBLISHER, desk.delivery(item, "hall").id, "https://hall.example/7")
    assert receipts.unproved_withdrawals("hall", desk.now - timedelta(days=1)) == ()


def test_after_a_week_nobody_looks_any_more(desk: Desk) -> None:
    _withdrawn(desk, "app")
    desk.strike(Fault("app", FaultKind.HTML_200, "/articles/*", after=1, nth=(1,)))
    desk.settle()
    desk.wait(timedelta(days=8))
    assert _look(desk, "app") == []


def test_a_task_in_the_report_has_its_deadline(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.run()
    (task,) = day_facts(desk.workspace, desk.now.date()).tasks or ()
    assert task.deadline == desk.delivery(item, "hall").created_at + timedelta(hours=24)
