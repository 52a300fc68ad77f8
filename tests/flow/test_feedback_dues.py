"""Who hears of the public's feedback: everybody who may take it up, once for all that waits; then who has it in hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow import feedback as flow
from syndicate.flow import handling_feedback as handling
from syndicate.flow.feedback import Sent, new_form
from syndicate.flow.feedback_dues import feedback_due
from syndicate.flow.handling_feedback import Answer
from tests.flow.office import EDITOR, PUBLISHER, Desk


def letter(desk: Desk) -> int:
    sent = Sent("wording", "", "第二段有错别字（样例）", "", new_form(desk.workspace))
    return flow.look_up(flow.receive(desk.workspace, sent)).id


def keys(desk: Desk) -> list[str]:
    return [one.key for one in feedback_due(desk.workspace)]


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    from syndicate.records import people

    people.add(EDITOR.name, EDITOR.role)
    return desk


def test_many_that_came_in_are_one_tiding_and_a_newer_one_another(staffed: Desk) -> None:
    for _ in range(3):
        letter(staffed)
    assert keys(staffed) == ["feedback:3"]
    letter(staffed)
    assert keys(staffed) == ["feedback:4"]


def test_whoever_has_it_in_hand_is_told_and_nobody_else(staffed: Desk) -> None:
    number = letter(staffed)
    handling.assign(staffed.workspace, PUBLISHER, number, EDITOR.name)
    (one,) = feedback_due(staffed.workspace)
    assert (one.holder, one.place) == (EDITOR.name, f"/feedback/{number}")
    assert "2026-12-01" in one.message.zh


def test_the_last_day_and_what_is_over_are_told_until_it_is_answered(staffed: Desk) -> None:
    number = letter(staffed)
    handling.assign(staffed.workspace, PUBLISHER, number, EDITOR.name)
    staffed.wait(timedelta(days=5))
    assert f"feedback:{number}:last" in keys(staffed)
    staffed.wait(timedelta(days=1))
    assert f"feedback:{number}:late" in keys(staffed)
    handling.answer(staffed.workspace, PUBLISHER, number, Answer("true", "已更正。"))
    assert keys(staffed) == []
