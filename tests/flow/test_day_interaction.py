"""What the report knows of the public's feedback: counted from dates, so that a past day gives the same again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow import feedback as flow
from syndicate.flow import handling_feedback as handling
from syndicate.flow.day_facts import day_facts
from syndicate.flow.feedback import Sent, new_form
from syndicate.flow.handling_feedback import Answer
from syndicate.model.facts import InteractionFacts
from tests.flow.office import PUBLISHER, Desk

DAY = timedelta(days=1)


@pytest.fixture
def open_desk_to_all(desk: Desk) -> Desk:
    """An office whose website says where feedback is taken in."""
    path = desk.home / "channels" / "website.yaml"
    settings = "{folder: var/site, feedback_url: http://127.0.0.1/feedback}"
    path.write_text(f"title: 样例网站\nkind: website\nsettings: {settings}\n", "utf-8")
    desk.reload()
    return desk


def letter(desk: Desk, kind: str = "wording") -> int:
    sent = Sent(kind, "", "第二段有错别字（样例）", "", new_form(desk.workspace))
    return flow.look_up(flow.receive(desk.workspace, sent)).id


def facts(desk: Desk, days_ago: int = 0) -> InteractionFacts:
    desk.wait(timedelta(minutes=1))  # the running day ends before this very moment
    found = day_facts(desk.workspace, (desk.now - days_ago * DAY).date()).interaction
    assert found is not None
    return found


def test_an_office_that_takes_nothing_in_says_so(desk: Desk) -> None:
    found = day_facts(desk.workspace, desk.now.date())
    assert found.interaction is None
    assert "没有开启公众反馈入口" in found.reasons["interaction"]


def test_a_day_counts_what_came_what_was_answered_and_what_was_late(open_desk_to_all: Desk) -> None:
    desk = open_desk_to_all
    numbers = [letter(desk), letter(desk, "complaint"), letter(desk)]
    first = facts(desk)
    assert (first.received, first.answered, first.error_reports_open) == (3, 0, 2)
    desk.wait(6 * DAY)
    handling.answer(desk.workspace, PUBLISHER, numbers[0], Answer("true", "已更正。"))
    today = facts(desk)
    assert (today.received, today.answered, today.answered_late, today.error_reports_late) == (0, 1, 1, 1)
    assert [(one.number, one.kind) for one in today.open_reports] == [
        (numbers[1], "投诉建议"),
        (numbers[2], "文字差错"),
    ]


def test_a_past_day_is_the_same_whenever_it_is_asked_for(open_desk_to_all: Desk) -> None:
    desk = open_desk_to_all
    numbers = [letter(desk), letter(desk)]
    flow.rate(desk.workspace, "", "satisfied")
    desk.wait(DAY)
    before = facts(desk, 1)
    for number in numbers:
        handling.answer(desk.workspace, PUBLISHER, number, Answer("true", "已更正。"))
    letter(desk)
    flow.rate(desk.workspace, "", "dissatisfied")
    assert facts(desk, 1) == before
    assert facts(desk).answered == 2


def test_satisfaction_counts_fair_ratings_as_satisfied_over_thirty_days(open_desk_to_all: Desk) -> None:
    desk = open_desk_to_all
    assert facts(desk).satisfaction is None
    flow.rate(desk.workspace, "", "dissatisfied")
    desk.wait(31 * DAY)
    for choice in ("satisfied", "fair", "dissatisfied", "satisfied"):
        flow.rate(desk.workspace, "", choice)
    assert facts(desk).satisfaction == 75


def test_a_year_without_holidays_is_said_before_it_begins(open_desk_to_all: Desk) -> None:
    desk = open_desk_to_all
    assert facts(desk).holidays_unknown is None
    desk.wait(25 * DAY)
    assert facts(desk).holidays_unknown == 2027
