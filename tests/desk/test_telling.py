"""Who is told what, once; what goes into the outbox; and how the outbox gets rid of it."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import Message
from syndicate.flow import items as item_flow
from syndicate.flow import notices, personal_tokens, posting
from syndicate.flow.decide import Vote, decide
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import NeedsPerson
from syndicate.model.notice import Event, How, MailServer, NoticeRules, Security
from syndicate.model.review import Verdict, WithdrawalKind
from syndicate.model.source import SyncResult
from syndicate.model.token import Scope
from syndicate.records import models, sources
from syndicate.records import notices as notice_records
from tests.desk.office import ADMIN, EDITOR, EVERYBODY, FAULTY, PUBLISHER, REVIEWER, Office
from tests.mail_server import MailBox, mail_server


def rules_of(office: Office, **changes: object) -> None:
    rules = replace(office.workspace.snapshot.notices, **changes)
    office.workspace.snapshot = replace(office.workspace.snapshot, notices=rules)


@pytest.fixture
def told(office: Office) -> Office:
    """The office after its first run, which tells nothing of what was before; nothing else is due."""
    snapshot = office.workspace.snapshot
    rules: NoticeRules = snapshot.notices
    events = {event: one for event, one in rules.events.items() if event is not Event.COLUMN}
    office.workspace.snapshot = replace(snapshot, notices=replace(rules, events=events, digest_at=rules.digest_at))
    assert notices.collect(office.workspace) == 0
    return office


@pytest.fixture
def mailed(told: Office) -> Iterator[tuple[Office, MailBox]]:
    """The office with a mail server; everybody has an address."""
    with mail_server() as box:
        server = MailServer("127.0.0.1", box.port, Security.NONE, "编辑工作台 <desk@example.gov.cn>")
        rules_of(told, mail=server, desk="https://desk.example.gov.cn")
        for number, actor in enumerate(EVERYBODY):
            reader = notice_records.reader(actor.name)
            notice_records.choose(reader.id, f"p{number}@example.gov.cn", {})
        yield told, box


def heard(office: Office) -> dict[str, list[str]]:
    """The events that each person was told, after one more run."""
    notices.collect(office.workspace)
    found = {actor.name: notice_records.of_person(actor.name, 50) for actor in EVERYBODY}
    return {name: [one.event.value for one in reversed(rows)] for name, rows in found.items() if rows}


def run(office: Office) -> posting.PostRun:
    notices.collect(office.workspace)
    return posting.post(office.workspace)


def test_what_was_before_the_first_run_is_told_to_nobody(office: Office) -> None:
    office.submitted()
    notices.collect(office.workspace)
    assert models.Notice.objects.filter(event="submitted").count() == 0


def test_an_item_is_told_to_those_who_may_decide_on_it(told: Office) -> None:
    told.submitted()
    assert heard(told) == {REVIEWER.name: ["submitted"], PUBLISHER.name: ["submitted"]}


def test_the_next_level_is_told_when_it_is_its_turn(told: Office) -> None:
    number = told.submitted()
    heard(told)
    told.first_approval(number)
    assert heard(told) == {REVIEWER.name: ["submitted"], PUBLISHER.name: ["submitted", "submitted"]}


def test_levels_that_were_passed_between_two_runs_are_told_once(told: Office) -> None:
    number = told.submitted()
    told.first_approval(number)
    assert heard(told) == {PUBLISHER.name: ["submitted"]}


def test_a_submitter_is_not_told_of_his_own_item(told: Office) -> None:
    told.submitted(actor=REVIEWER)
    assert REVIEWER.name not in heard(told)


def test_what_was_decided_meanwhile_is_told_to_nobody(told: Office) -> None:
    number = told.submitted()
    decide(told.workspace, REVIEWER, number, Vote(Verdict.RETURN, 1, "核实"))
    assert heard(told) == {EDITOR.name: ["returned"]}


def test_the_author_hears_of_approval_and_publication(told: Office) -> None:
    told.published()
    assert heard(told)[EDITOR.name] == ["approved", "published"]


def test_several_channels_that_stop_are_one_incident(told: Office) -> None:
    stopped = NeedsPerson(Message("ledger.never_arrives"))
    told.published(weibo=stopped, wechat=stopped)
    found = heard(told)
    assert found[REVIEWER.name].count("needs_person") == 1
    assert found[PUBLISHER.name].count("needs_person") == 1


def test_a_withdrawal_is_told_to_those_who_may_confirm_and_not_to_who_made_it(told: Office) -> None:
    number = told.published()
    heard(told)
    withdraw(told.workspace, PUBLISHER, number, WithdrawalKind.ERROR, "有误")
    found = heard(told)
    assert "withdrawn" in found[REVIEWER.name]
    assert "withdrawn" not in found.get(PUBLISHER.name, [])


def test_a_source_that_stops_being_well_is_told_once_and_once_more_when_it_is_well_again(told: Office) -> None:
    name = next(iter(told.workspace.snapshot.sources))
    sources.begin_incident(name, SyncResult.WALL, None, told.now)
    assert heard(told)[EDITOR.name] == ["source"]
    told.wait(hours=3)
    assert heard(told)[EDITOR.name] == ["source"]
    sources.end_incident(name, told.now)
    assert heard(told)[EDITOR.name] == ["source", "source"]
    assert heard(told)[EDITOR.name] == ["source", "source"]


def test_a_deadline_is_told_when_it_is_near_and_again_when_it_is_over(told: Office) -> None:
    told.reprint("寒潮防范通知", "<p>文</p>", 3)
    assert heard(told)[EDITOR.name] == ["deadline"]
    told.wait(hours=1)
    assert heard(told)[EDITOR.name] == ["deadline"]
    told.wait(hours=3)
    assert heard(told)[EDITOR.name] == ["deadline", "overdue"]


def test_a_token_that_ends_is_told_to_its_holder_alone(told: Office) -> None:
    personal_tokens.make(told.workspace, EDITOR, EDITOR.name, "统计", [Scope.READ], 20)
    assert heard(told) == {}
    told.wait(days=6)
    assert heard(told) == {EDITOR.name: ["token"]}


def test_a_column_that_is_near_its_duty_is_told_once(office: Office) -> None:
    notices.collect(office.workspace)
    entry = {"channel": "website", "item_id": office.published(), "column": "news", "settled": True, "sequence": 1}
    models.SiteEntry.objects.create(**entry, published_at=office.now, title="样例", address="/news/1.html")
    office.wait(days=13)
    heard(office)
    told = notice_records.of_person(EDITOR.name, 50)
    assert [one.message.zh for one in told if one.event is Event.COLUMN] == ["栏目“云川要闻”最迟应于 2026-12-10 更新。"]


def test_an_event_that_the_office_does_not_list_is_told_to_nobody(told: Office) -> None:
    rules_of(told, events={})
    told.submitted()
    assert heard(told) == {}


def test_a_leaver_is_told_nothing(told: Office) -> None:
    models.User.objects.filter(username=REVIEWER.name).update(is_active=False)
    told.submitted()
    assert REVIEWER.name not in heard(told)


def test_personal_data_in_a_title_stays_masked(told: Office) -> None:
    number = item_flow.create(
        told.workspace,
        EDITOR,
        item_flow.Placement("news"),
        item_flow.original(told.workspace, "联系人手机13800000000请勿公开", FAULTY),
    )
    item_flow.submit(told.workspace, EDITOR, number)
    heard(told)
    (told_message,) = {one.message.zh for one in notice_records.of_person(REVIEWER.name, 5)}
    assert "13800000000" not in told_message
    assert "联系人手机" in told_message


def test_an_immediate_notice_goes_out_by_mail_once(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    number = office.submitted()
    assert run(office).sent == 2
    assert run(office).sent == 0
    assert sorted(box.to) == ["p1@example.gov.cn", "p2@example.gov.cn"]
    text = box.taken[0].get_content()
    assert f"https://desk.example.gov.cn/items/{number}" in text
    assert "等您审核" in text
    assert "waits for your review" in text


def test_the_reason_of_a_return_stays_at_the_desk(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    number = office.submitted()
    decide(office.workspace, REVIEWER, number, Vote(Verdict.RETURN, 1, "请删除身份证号"))
    run(office)
    assert [letter["To"] for letter in box.taken] == ["p0@example.gov.cn"]
    assert "身份证" not in box.taken[0].get_content()


def test_several_notices_of_one_run_are_one_letter(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    office.submitted("甲稿")
    office.submitted("乙稿")
    assert run(office).sent == 2
    assert box.taken[0]["Subject"].endswith("另有 1 条")


def test_who_wants_no_mail_gets_none_and_is_told_at_the_desk(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    reader = notice_records.reader(REVIEWER.name)
    notice_records.choose(reader.id, reader.address, {Event.SUBMITTED: How.DESK})
    office.submitted()
    run(office)
    assert box.to == ["p2@example.gov.cn"]
    assert notice_records.unread(REVIEWER.name) == 1


def test_without_an_address_nothing_is_written(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    notice_records.choose(notice_records.reader(REVIEWER.name).id, "", {})
    office.submitted()
    run(office)
    assert box.to == ["p2@example.gov.cn"]


def test_nothing_is_lost_while_the_server_is_away_and_the_letter_keeps_its_name(
    mailed: tuple[Office, MailBox],
) -> None:
    office, box = mailed
    with socket.create_server(("127.0.0.1", 0)) as free:
        away = free.getsockname()[1]
    server = office.workspace.snapshot.notices.mail
    assert server
    rules_of(office, mail=replace(server, port=away))
    office.submitted()
    assert run(office) == posting.PostRun(sent=0, waiting=2, given_up=0)
    assert notice_records.troubled_letters(office.now)[0] == 1  # the second one was not tried at all
    names = set(models.Letter.objects.values_list("message_id", flat=True))
    rules_of(office, mail=server)
    assert run(office).sent == 0
    office.wait(minutes=1)
    assert run(office).sent == 2
    assert {letter["Message-ID"] for letter in box.taken} == names
    assert notice_records.troubled_letters(office.now)[0] == 0


def test_a_letter_that_a_dead_process_held_comes_back_with_the_same_name(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    office.submitted()
    notices.collect(office.workspace)
    claimed = notice_records.claim_letters(office.now, office.now + posting.CLAIM, 20)
    assert posting.post(office.workspace).sent == 0
    office.wait(minutes=30)
    assert posting.post(office.workspace).sent == 2
    assert {letter["Message-ID"] for letter in box.taken} == {one.message_id for one in claimed}


def test_of_two_workers_each_letter_goes_to_one(mailed: tuple[Office, MailBox]) -> None:
    office, _ = mailed
    office.submitted()
    notices.collect(office.workspace)
    until = office.now + posting.CLAIM
    first = notice_records.claim_letters(office.now, until, 1)
    second = notice_records.claim_letters(office.now, until, 20)
    assert {one.id for one in first} & {one.id for one in second} == set()


def test_a_letter_is_given_up_after_its_time(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    box.answer = "451 later"
    office.submitted()
    run(office)
    letter = models.Letter.objects.earliest("id")
    tries = 1
    while letter.due_at:
        office.now = letter.due_at
        run(office)
        letter.refresh_from_db()
        tries += 1
    assert letter.created_at + timedelta(hours=66) < office.now <= letter.created_at + timedelta(hours=72)
    assert (letter.sent_at, letter.failures) == (None, tries)


def test_an_address_that_is_refused_is_given_up_and_shown(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    box.refuses.add("p1@example.gov.cn")
    office.submitted()
    assert run(office) == posting.PostRun(sent=1, waiting=0, given_up=1)
    count, why = notice_records.troubled_letters(office.now)
    assert (count, why and why.key) == (1, "mail.address")


def test_the_daily_mail_goes_out_once_after_its_hour(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    office.published("食品抽检结果")
    run(office)
    box.taken.clear()
    office.now = office.now.replace(hour=0) + timedelta(days=1) - timedelta(minutes=1)
    run(office)
    assert box.taken == []
    office.wait(minutes=2)
    run(office)
    daily = [letter for letter in box.taken if letter["To"] == "p0@example.gov.cn"]
    assert [letter["Subject"] for letter in daily] == ["2026-11-27 每日汇总"]
    assert "食品抽检结果" in daily[0].get_content()
    office.wait(hours=2)
    assert run(office).sent == 0


def test_the_daily_mail_says_how_much_waits(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    office.submitted()
    run(office)
    box.taken.clear()
    office.wait(days=1)
    run(office)
    (daily,) = [letter for letter in box.taken if letter["To"] == "p1@example.gov.cn"]
    assert "等我审：1" in daily.get_content()


def test_nothing_to_say_is_no_daily_mail(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    office.wait(days=1)
    run(office)
    assert box.taken == []


def test_who_switched_the_daily_mail_off_gets_none(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    reader = notice_records.reader(REVIEWER.name)
    notice_records.choose(reader.id, reader.address, {Event.DAILY: How.DESK, Event.SUBMITTED: How.DIGEST})
    office.submitted()
    office.wait(days=1)
    run(office)
    assert "p1@example.gov.cn" not in box.to


def test_an_administrator_hears_of_accounts_and_not_of_items(told: Office) -> None:
    reader = notice_records.reader(ADMIN.name)
    assert set(notices.chosen(told.workspace, reader)) >= {Event.ACCOUNT, Event.TOKEN}
    told.published()
    assert ADMIN.name not in heard(told)


def test_old_notices_are_forgotten(mailed: tuple[Office, MailBox]) -> None:
    office, _ = mailed
    office.submitted()
    run(office)
    office.wait(days=181)
    run(office)
    assert models.Notice.objects.filter(event="submitted").count() == 0
