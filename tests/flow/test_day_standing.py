"""留存: every patrol keeps how deliveries and tasks stand; what nobody kept is said to be unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.day_facts import day_facts
from syndicate.flow.day_standing import keep_standing, standing_at
from syndicate.flow.patrol import patrol
from syndicate.flow.resolve import resolve_delivered
from syndicate.inspection.judge import judge
from syndicate.inspection.measure import measure
from syndicate.inspection.report import compose
from syndicate.model.delivery import DeliveryState
from syndicate.model.inspection import Standing
from syndicate.net.fetcher import Fetcher
from syndicate.records import deliveries, kept_facts
from tests.flow.office import PUBLISHER, Desk
from tests.flow.web import SHORT

HOUR = timedelta(hours=1)


@pytest.fixture
def stopped(desk: Desk) -> Desk:
    """An office with one delivery that only a person can make."""
    desk.approved("hall")
    desk.settle()
    return desk


def test_a_patrol_keeps_how_things_stand(stopped: Desk) -> None:
    patrol(stopped.workspace, Fetcher(clock=stopped.workspace.now, gap=timedelta(0), limits=SHORT))
    assert kept_facts.as_of("task", stopped.now)
    assert kept_facts.as_of("channel", stopped.now)


def test_what_was_settled_later_is_open_at_the_moment_that_it_was(stopped: Desk) -> None:
    keep_standing(stopped.workspace)
    then, open_then = stopped.now, standing_at(stopped.workspace, stopped.now)
    stopped.wait(HOUR)
    (waiting,) = deliveries.listed((DeliveryState.NEEDS_PERSON,), limit=5)
    resolve_delivered(stopped.workspace, PUBLISHER, waiting.id, "https://hall.example/1")
    keep_standing(stopped.workspace)
    assert standing_at(stopped.workspace, then) == open_then
    assert standing_at(stopped.workspace, stopped.now).tasks == ()


def test_the_present_needs_no_keeping(stopped: Desk) -> None:
    hall = standing_at(stopped.workspace, stopped.now).channel("hall")
    assert hall is not None
    assert hall.needs_person == 1


def test_what_nobody_kept_is_not_measured_and_says_why(stopped: Desk) -> None:
    then = stopped.now
    stopped.wait(24 * HOUR)
    facts = day_facts(stopped.workspace, then.date(), then)
    indicators = stopped.workspace.snapshot.indicators
    judged = judge(measure(facts, indicators), indicators)
    of_tasks = [one for one in judged if one.indicator.measure in ("deliveries_needing_person", "oldest_overdue_hours")]
    assert {one.standing for one in of_tasks} == {Standing.NOT_MEASURED}
    channels = next(one for one in compose(facts, judged).sections if one.number == 8)
    assert any("没有留存" in line for line in channels.not_measured)


def test_keeping_twice_writes_nothing_new(stopped: Desk) -> None:
    keep_standing(stopped.workspace)
    before = kept_facts.as_of("task", stopped.now)
    stopped.wait(HOUR)
    keep_standing(stopped.workspace)
    assert kept_facts.as_of("task", stopped.now) == before
