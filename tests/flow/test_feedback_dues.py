"""Who hears of the public's feedback: everybody who may take it up, once for all that waits; then who has it in hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow import feedback as flow
from syndicate.flow import handling_feedback as handling
from syndicate.flow import notices
from syndicate.flow.feedback import Sent, new_form
from syndicate.flow.feedback_dues import feedback_due
from syndicate.flow.handling_feedback import Answer
from syndicate.flow.incidents import watch_over
from syndicate.records import incidents
from syndicate.records import notices as notice_rows
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


def test_the_last_day_is_told_and_what_is_late_is_an_incident_until_it_is_answered(staffed: Desk) -> None:
    number = letter(staffed)
    handling.assign(staffed.workspace, PUBLISHER, number, EDITOR.name)
    staffed.wait(timedelta(days=5))
    assert f"feedback:{number}:last" in keys(staffed)
    staffed.wait(timedelta(days=1))
    assert f"feedback:{number}:last" not in keys(staffed)
    assert watch_over(staffed.workspace).opened == 1
    (incident,) = [one for one in incidents.living() if one.alarm == "late_feedback"]
    assert (incident.subject, incident.place) == (str(number), f"/feedback/{number}")
    assert "2026-12-01" in incident.message.zh
    handling.answer(staffed.workspace, PUBLISHER, number, Answer("true", "已更正。"))
    assert keys(staffed) == []
    assert watch_over(staffed.workspace).closed == 1


def test_who_hears_of_the_publics_reports_hears_once_that_one_is_late(staffed: Desk) -> None:
    number = letter(staffed)
    notices.collect(staffed.workspace)
    staffed.wait(timedelta(days=6))
    for _ in range(2):
        watch_over(staffed.workspace)
        notices.collect(staffed.workspace)
    told = [one for one in notice_rows.of_person(EDITOR.name, 9) if one.place == f"/feedback/{number}"]
    assert [one.event for one in told] == ["feedback"]
