"""离岗与恢复: what a leaver did stays his, what he has not finished has somebody who answers for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.errors import NotAllowed, NotFound
from syndicate.flow import accounts, delegations, handling_feedback, leaving, notices, queues
from syndicate.flow.feedback import Sent, look_up, new_form, receive
from syndicate.flow.queues import Tab
from syndicate.model.review import Actor, Role, Verdict
from syndicate.records import audit, feedback, items, kept_writing, people, personal_tokens, second_factors
from syndicate.records import delegations as rows
from syndicate.records import notices as notice_rows
from tests.databases import on_both
from tests.flow.office import EDITOR, PUBLISHER, REVIEWER, SECOND, Desk

ADMIN = Actor("样例管理", Role.ADMIN, "desk")
SHELL = Actor("user recover", Role.SYSTEM, "cli", "样例系统用户")
COLLEAGUE = Actor("样例同事", Role.EDITOR, "desk")


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    for one in (EDITOR, REVIEWER, PUBLISHER, SECOND, ADMIN, COLLEAGUE):
        people.add(one.name, one.role)
    return desk


def _leave(desk: Desk, name: str, successor: str = "", actor: Actor = ADMIN) -> leaving.Left:
    return leaving.disable(desk.workspace, actor, name, successor)


def _own(desk: Desk, actor: Actor) -> list[int]:
    page = queues.queue_page(desk.workspace, actor, Tab.OWN, queues.Filter(), 20)
    return [row.item.id for row in page.rows]


@on_both
def test_a_leavers_open_items_are_his_successors(staffed: Desk) -> None:
    draft, submitted = staffed.draft(), staffed.submitted()
    left = _leave(staffed, EDITOR.name, COLLEAGUE.name)
    assert (left.items, sorted(_own(staffed, COLLEAGUE))) == (2, [draft, submitted])


def test_a_leavers_reports_of_the_public_are_his_successors(staffed: Desk) -> None:
    sent = Sent("wording", "", "第二段有错别字（样例）", "", new_form(staffed.workspace))
    number = look_up(receive(staffed.workspace, sent)).id
    handling_feedback.assign(staffed.workspace, PUBLISHER, number, EDITOR.name)
    _leave(staffed, EDITOR.name, COLLEAGUE.name)
    assert feedback.get(number).assignee == COLLEAGUE.name


def test_what_a_leaver_did_stays_under_his_name(staffed: Desk) -> None:
    item = staffed.submitted()
    _leave(staffed, EDITOR.name, COLLEAGUE.name)
    assert (items.get(item).submitter, items.latest_revision(item).created_by) == (EDITOR.name, EDITOR.name)


def test_the_successor_hears_of_what_comes_back(staffed: Desk) -> None:
    notices.collect(staffed.workspace)
    item = staffed.submitted()
    _leave(staffed, EDITOR.name, COLLEAGUE.name)
    from syndicate.flow.decide import Vote, decide

    decide(staffed.workspace, PUBLISHER, item, Vote(Verdict.RETURN, 1, "标题不清楚"))
    notices.collect(staffed.workspace)
    assert [one.event for one in notice_rows.of_person(COLLEAGUE.name, 9)] == ["returned"]


def test_work_goes_on_to_the_successor_of_a_successor(staffed: Desk) -> None:
    item = staffed.draft()
    _leave(staffed, EDITOR.name, COLLEAGUE.name)
    _leave(staffed, COLLEAGUE.name, REVIEWER.name)
    assert _own(staffed, REVIEWER) == [item]


def test_work_that_nobody_took_is_told(staffed: Desk) -> None:
    staffed.draft()
    left = _leave(staffed, EDITOR.name)
    assert (left.unattended, leaving.unattended()) == (True, {EDITOR.name: 1})


def test_a_successor_can_be_named_afterwards(staffed: Desk) -> None:
    staffed.draft()
    _leave(staffed, EDITOR.name)
    assert not _leave(staffed, EDITOR.name, COLLEAGUE.name).unattended
    assert leaving.unattended() == {}


@pytest.mark.parametrize("successor", [EDITOR.name, ADMIN.name, "样例离职"])
def test_nobody_hands_over_to_himself_to_an_administrator_or_to_a_leaver(staffed: Desk, successor: str) -> None:
    people.add("样例离职", Role.EDITOR)
    people.disable("样例离职")
    with pytest.raises(NotAllowed) as error:
        _leave(staffed, EDITOR.name, successor)
    assert (error.value.message.key, people.person(EDITOR.name).active) == ("people.successor", True)


def test_a_successor_who_is_nobody_is_not_found(staffed: Desk) -> None:
    with pytest.raises(NotFound):
        _leave(staffed, EDITOR.name, "无此人")
    assert people.person(EDITOR.name).active


def test_only_administrators_disable(staffed: Desk) -> None:
    with pytest.raises(NotAllowed):
        _leave(staffed, EDITOR.name, COLLEAGUE.name, PUBLISHER)


@on_both
def test_whom_the_leaver_acted_for_the_successor_acts_for(staffed: Desk) -> None:
    end = staffed.workspace.now() + timedelta(days=3)
    delegations.delegate(
        staffed.workspace, PUBLISHER, PUBLISHER.name, REVIEWER.name, staffed.workspace.now(), end, "出差（样例）"
    )
    assert _leave(staffed, REVIEWER.name, SECOND.name).delegations == 1
    (one,) = rows.in_force(SECOND.name, staffed.workspace.now())
    assert (one.giver, one.ends_at) == (PUBLISHER.name, end)


def test_nobody_acts_for_a_leaver(staffed: Desk) -> None:
    now = staffed.workspace.now()
    delegations.delegate(
        staffed.workspace, PUBLISHER, PUBLISHER.name, REVIEWER.name, now, now + timedelta(days=3), "出差（样例）"
    )
    _leave(staffed, PUBLISHER.name, SECOND.name)
    assert rows.open_with(PUBLISHER.name, now) == ()


def test_nobody_acts_for_himself_after_a_hand_over(staffed: Desk) -> None:
    now = staffed.workspace.now()
    delegations.delegate(
        staffed.workspace, PUBLISHER, PUBLISHER.name, REVIEWER.name, now, now + timedelta(days=3), "出差（样例）"
    )
    assert _leave(staffed, REVIEWER.name, PUBLISHER.name).delegations == 0


def test_half_written_forms_go_on_where_the_successor_has_none(staffed: Desk) -> None:
    now = staffed.workspace.now()
    kept_writing.keep(EDITOR.name, 0, {"title": ["离岗人写的"]}, now)
    kept_writing.keep(EDITOR.name, 5, {"title": ["五号稿件"]}, now)
    kept_writing.keep(COLLEAGUE.name, 0, {"title": ["接手人自己的"]}, now)
    _leave(staffed, EDITOR.name, COLLEAGUE.name)
    kept = [kept_writing.kept(COLLEAGUE.name, item) for item in (0, 5)]
    assert [dict(one.typed) for one in kept if one] == [{"title": ["接手人自己的"]}, {"title": ["五号稿件"]}]


def test_the_audit_says_who_took_over(staffed: Desk) -> None:
    staffed.draft()
    _leave(staffed, EDITOR.name, COLLEAGUE.name)
    (event,) = [one for one in audit.everything() if one.action == "user.disabled"]
    assert event.data == {"hand_over_to": COLLEAGUE.name, "items": 1, "delegations": 0}


def test_a_recovered_account_has_no_former_way_in(staffed: Desk) -> None:
    people.set_password(EDITOR.name, "一个足够长的样例口令-2026")
    accounts.make_link(staffed.workspace, ADMIN, EDITOR.name)
    accounts.recover(staffed.workspace, SHELL, EDITOR.name)
    assert not people.person(EDITOR.name).has_password
    assert not personal_tokens.of_person(EDITOR.name, staffed.now)
    assert not second_factors.has(EDITOR.name)


@on_both
def test_the_link_of_a_recovery_is_the_only_one_that_works(staffed: Desk) -> None:
    old = accounts.make_link(staffed.workspace, ADMIN, EDITOR.name)
    new = accounts.recover(staffed.workspace, SHELL, EDITOR.name)
    with pytest.raises(NotAllowed):
        people.use_link(old, "一个足够长的样例口令-2026", staffed.workspace.now())
    assert people.use_link(new, "一个足够长的样例口令-2026", staffed.workspace.now()).has_password


def test_a_recovery_says_which_user_of_the_system_did_it(staffed: Desk) -> None:
    accounts.recover(staffed.workspace, SHELL, EDITOR.name)
    (event,) = [one for one in audit.everything() if one.action == "user.recovered"]
    assert (event.via, event.os_user, event.subject) == ("cli", "样例系统用户", f"user:{EDITOR.name}")


def test_only_the_servers_shell_recovers(staffed: Desk) -> None:
    with pytest.raises(NotAllowed) as error:
        accounts.recover(staffed.workspace, ADMIN, EDITOR.name)
    assert error.value.message.key == "people.shell_only"


def test_nobody_who_left_is_recovered(staffed: Desk) -> None:
    _leave(staffed, EDITOR.name)
    with pytest.raises(NotAllowed) as error:
        accounts.recover(staffed.workspace, SHELL, EDITOR.name)
    assert error.value.message.key == "people.left"
