"""重算: the report of a past day says after days of changes what it said at the end of the day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.flow import items as item_flow
from syndicate.flow.channel_accounts import hold, release
from syndicate.flow.day_facts import day_facts
from syndicate.flow.exceptions import NoError, except_finding
from syndicate.flow.patrol import patrol
from syndicate.flow.recheck import recheck
from syndicate.flow.report import make_report, write_report
from syndicate.flow.resolve import resolve_delivered
from syndicate.flow.withdraw import confirm, withdraw
from syndicate.model.facts import DayFacts
from syndicate.model.inspection import Report
from syndicate.model.noise import Scope
from syndicate.model.review import Actor, Role, WithdrawalKind
from syndicate.net.fetcher import Fetcher
from syndicate.records import findings, items, reviews
from tests.flow.office import EDITOR, PUBLISHER, SECOND
from tests.flow.scripted_day import Day, scripted_day
from tests.flow.web import SHORT, Page, article

CRON = Actor("cron", Role.SYSTEM, "cli")
HOUR = timedelta(hours=1)
NOT_OF_THE_DAY = ("made_at",)
"""When the report is made differs, of course."""


class Replay:
    """What was known at the end of the day, and what is said of that day three days later."""

    def __init__(self, day: Day) -> None:
        self.day = day
        _move(day, day.at(0) + timedelta(days=1))
        self.then = day_facts(day.desk.workspace, day.date)
        self.said = write_report(day.desk.workspace, CRON, day.date).report
        _three_days(day)
        self.now = day_facts(day.desk.workspace, day.date)
        self.says = make_report(day.desk.workspace, day.date)
        self.present = day_facts(day.desk.workspace, day.desk.now.date())


def _move(day: Day, moment: datetime) -> None:
    day.desk.time[0] = moment


def _patrol(day: Day) -> None:
    patrol(day.desk.workspace, Fetcher(clock=day.desk.workspace.now, gap=timedelta(0), limits=SHORT))


def _three_days(day: Day) -> None:
    """Everything that was open is settled, everything that stood is changed, and much is new."""
    desk, item = day.desk, day.item
    _move(day, desk.now + HOUR)
    _patrol(day)
    day.beat.web.pages["/1.html"] = Page(article("放假安排的通知（修订）"))
    day.beat.web.pages["/6.html"] = Page(article("第二天的通知"))
    day.beat.list("city", 1, 2, 3, 4, 5, 6, date="2026-11-27")
    day.beat.sync()
    (withdrawal,) = reviews.withdrawals_as_of(desk.now, desk.now)
    confirm(desk.workspace, SECOND, withdrawal.id)
    item_flow.discard(desk.workspace, PUBLISHER, item["waiting"], "不再需要")
    desk.approve(item["undated"])
    content = replace(items.latest_revision(item["corrected"]).content, title="更正稿")
    item_flow.edit(desk.workspace, EDITOR, items.get(item["corrected"]), content)
    item_flow.submit(desk.workspace, EDITOR, item["corrected"])
    desk.approve(item["corrected"])
    desk.settle(4 * HOUR)
    _move(day, desk.now + 24 * HOUR)
    hold(desk.workspace, PUBLISHER, "weibo", "检修")
    for number in (item["clean"], item["unlisted"]):
        stopped = desk.delivery(number, "hall")
        resolve_delivered(desk.workspace, PUBLISHER, stopped.id, "https://hall.example/1")
    found = findings.of_revision(items.latest_revision(item["blocked"]).id)
    text = next(one.text for one in found if one.rule == "sample.block")
    except_finding(desk.workspace, EDITOR, item["blocked"], NoError("sample.block", text, Scope.HERE, "已核实"))
    withdraw(desk.workspace, PUBLISHER, item["clean"], WithdrawalKind.SUPERSEDED, "已有新通知")
    desk.settle(4 * HOUR)
    _patrol(day)
    _move(day, desk.now + 24 * HOUR)
    release(desk.workspace, PUBLISHER, "weibo", "检修结束")
    desk.add_rule("sample.later", "恢复通行")
    recheck(desk.workspace, PUBLISHER)
    desk.settle(4 * HOUR)
    _patrol(day)


@pytest.fixture(scope="module")
def replay(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    with scripted_day(sqlite_template, tmp_path_factory.mktemp("replay") / "office") as played:
        yield Replay(played)


@pytest.mark.parametrize("name", [one.name for one in fields(DayFacts) if one.name not in NOT_OF_THE_DAY])
def test_a_fact_of_a_past_day_stays_what_it_was(name: str, replay: Replay) -> None:
    if name == "snapshot":
        assert replay.now.snapshot != replay.then.snapshot  # the office changed its rules, and the report says so
    else:
        assert getattr(replay.now, name) == getattr(replay.then, name)


@pytest.mark.parametrize("name", ["findings", "second_checks", "tasks", "sources", "columns", "channels", "reprints"])
def test_the_days_in_between_did_change_what_is_asked_here(name: str, replay: Replay) -> None:
    assert getattr(replay.present, name) != getattr(replay.then, name)


def _said(report: Report) -> list[object]:
    """Everything in the sections but when the report was made and by which configuration."""
    return [section.tables if section.title == "数据口径与来源" else section for section in report.sections]


def test_the_sections_of_a_report_made_again_are_the_same(replay: Replay) -> None:
    assert _said(replay.says) == _said(replay.said)


def test_verdict_figures_and_todos_of_a_report_made_again_are_the_same(replay: Replay) -> None:
    made = (replay.says, replay.said)
    assert len({(one.standing, one.headline, one.figures, one.todos) for one in made}) == 1
