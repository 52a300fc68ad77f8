"""The desk's part of reviewing: remarks, emergencies, times, bulk approvals, delegations, presence, kept filters, the sheet."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client

from syndicate.desk.item_page import CHECKS
from syndicate.flow import delegations
from syndicate.flow.decide import current_hash
from syndicate.model.delivery import DeliveryState, WaitReason
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict
from syndicate.records import audit, deliveries, emergencies, items, reviews
from tests.desk.conftest import LogIn
from tests.desk.office import EDITOR, FAULTY, PUBLISHER, REVIEWER, Office

TICKS = {f"check:{name}": "1" for name in CHECKS}


def _seen(office: Office, number: int) -> str:
    return current_hash(office.workspace, items.get(number), items.latest_revision(number))


def _emergency(office: Office, client: Client, number: int, **more: str) -> int:
    form = {"level": "1", "seen": _seen(office, number), "alone": "1", "reason": "样例：突发险情提示", **TICKS, **more}
    return client.post(f"/items/{number}/emergency", form).status_code


def _last_decision(number: int):
    return reviews.decisions(items.latest_revision(number).id)[-1]


def test_the_ticks_of_an_approval_are_kept_with_the_decision(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    reviewer.post(f"/items/{number}/approve", {"level": "1", "seen": _seen(office, number), **TICKS})
    assert _last_decision(number).checked == CHECKS


def test_a_return_carries_remarks_on_passages(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    form = {"level": "1", "reason": "样例：请核实", "quote:1": "检查企业 十二家", "remark:1": "样例：与通报不符"}
    reviewer.post(f"/items/{number}/return", form)
    (comment,) = _last_decision(number).comments
    body = items.latest_revision(number).content.body
    assert (body[comment.start : comment.end], comment.text) == ("检查企业十二家", "样例：与通报不符")


def test_the_author_sees_a_remark_in_place_and_beside_the_text(
    office: Office, reviewer: Client, editor: Client
) -> None:
    number = office.submitted()
    form = {"level": "1", "reason": "样例：请核实", "quote:1": "检查企业十二家", "remark:1": "样例：<b>与通报不符"}
    reviewer.post(f"/items/{number}/return", form)
    frame = editor.get(f"/items/{number}/text").content.decode()
    page = editor.get(f"/items/{number}").content.decode()
    assert 'class="mark-confirm"' in frame
    assert "样例：&lt;b&gt;与通报不符" in page


def test_a_remark_on_words_that_do_not_stand_there_returns_nothing(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    form = {"level": "1", "reason": "样例", "quote:1": "文中没有的话", "remark:1": "样例"}
    assert reviewer.post(f"/items/{number}/return", form).status_code == 400
    assert items.get(number).state is ItemState.SUBMITTED


def test_an_emergency_publishes_without_a_second_person_and_is_listed(office: Office, publisher: Client) -> None:
    number = office.draft()
    assert _emergency(office, publisher, number) == 302
    (one,) = emergencies.of_item(number)
    assert (items.get(number).state, items.get(number).urgent, one.actor) == (ItemState.APPROVED, True, PUBLISHER.name)
    assert "item.emergency" in [row.action for row in audit.of_subject(f"item:{number}")]


def test_an_emergency_needs_its_confirmation_and_all_checks(office: Office, publisher: Client) -> None:
    number = office.draft()
    assert publisher.post(f"/items/{number}/emergency", {"level": "1", "reason": "样例"}).status_code == 400
    form = {"level": "1", "seen": _seen(office, number), "alone": "1", "reason": "样例"}
    assert publisher.post(f"/items/{number}/emergency", form).status_code == 400
    assert items.get(number).state is ItemState.DRAFT


def test_what_blocks_stops_an_emergency_too(office: Office, publisher: Client) -> None:
    number = office.draft(body=FAULTY)
    assert _emergency(office, publisher, number) == 403
    assert emergencies.of_item(number) == ()


def test_a_reviewer_cannot_publish_in_an_emergency(office: Office, reviewer: Client) -> None:
    number = office.draft()
    assert _emergency(office, reviewer, number) == 403


def test_only_a_second_person_checks_an_emergency(office: Office, publisher: Client, reviewer: Client) -> None:
    number = office.draft()
    _emergency(office, publisher, number)
    (one,) = emergencies.of_item(number)
    address = f"/items/{number}/emergencies/{one.id}/check"
    assert publisher.post(address, TICKS).status_code == 403
    assert reviewer.post(address, {}).status_code == 400
    assert reviewer.post(address, {**TICKS, "reason": "样例：属实"}).status_code == 302
    assert emergencies.get(one.id).checked_by == REVIEWER.name
    assert reviewer.post(address, TICKS).status_code == 409


def test_an_emergency_that_is_undone_needs_no_check(office: Office, publisher: Client) -> None:
    number = office.draft()
    _emergency(office, publisher, number)
    publisher.post(f"/items/{number}/undo")
    moment = office.now + timedelta(seconds=1)
    assert (items.get(number).state, emergencies.as_of(moment, moment)) == (ItemState.SUBMITTED, ())


def test_an_item_with_a_time_waits_for_it(office: Office, publisher: Client) -> None:
    number = office.submitted()
    office.first_approval(number)
    publisher.post(f"/items/{number}/schedule", {"publish_at": "2026-11-27T08:00", "embargo_until": ""})
    publisher.post(f"/items/{number}/approve", {"level": "2", "seen": _seen(office, number), **TICKS})
    due = items.get(number).publish_at
    rows = [row for row in deliveries.of_item(number) if row.wait_reason is not WaitReason.WEBSITE]
    assert {(row.state, row.wait_reason, row.due_at) for row in rows} == {
        (DeliveryState.WAITING, WaitReason.EMBARGO, due)
    }


def test_a_new_time_moves_what_waits(office: Office, publisher: Client) -> None:
    number = office.approved(undo=10)
    publisher.post(f"/items/{number}/schedule", {"publish_at": "2026-11-28T09:30"})
    due = items.get(number).publish_at
    assert due is not None
    assert all(row.due_at >= due for row in deliveries.of_item(number))


def test_an_embargo_is_lifted_by_a_publisher_with_a_reason_only(
    office: Office, editor: Client, publisher: Client
) -> None:
    number = office.draft()
    editor.post(f"/items/{number}/schedule", {"embargo_until": "2026-11-28T09:30"})
    assert editor.post(f"/items/{number}/schedule", {"reason": "样例"}).status_code == 403
    assert publisher.post(f"/items/{number}/schedule", {}).status_code == 403
    assert publisher.post(f"/items/{number}/schedule", {"reason": "样例：提前公开"}).status_code == 302
    assert items.get(number).embargo_until is None


def test_a_time_that_nobody_can_read_changes_nothing(office: Office, editor: Client) -> None:
    number = office.draft()
    for time in ("明天", "2020-01-01T00:00", "9999-12-31T00:00"):
        assert editor.post(f"/items/{number}/schedule", {"publish_at": time}).status_code == 400
    assert items.get(number).publish_at is None


def test_items_without_findings_are_approved_together(office: Office, reviewer: Client) -> None:
    numbers = [office.submitted(f"样例稿件{n}") for n in "甲乙"]
    shown = {f"seen:{number}": f"1:{_seen(office, number)}" for number in numbers}
    assert b"seen:" in reviewer.post("/queue/approve", {"item": numbers}).content
    reviewer.post("/queue/approve", {"item": numbers, "confirmed": "1", **shown, **TICKS})
    assert [items.get(number).level for number in numbers] == [2, 2]


def test_an_item_with_a_finding_is_no_part_of_a_bulk(office: Office, reviewer: Client) -> None:
    number = office.submitted(body=FAULTY)
    form = {"item": number, "confirmed": "1", f"seen:{number}": f"1:{_seen(office, number)}", **TICKS}
    assert "未通过" in reviewer.post("/queue/approve", form).content.decode()
    assert items.get(number).level == 1


def test_a_bulk_approval_is_bound_to_what_was_shown(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    form = {"item": number, "confirmed": "1", f"seen:{number}": f"1:{'0' * 64}", **TICKS}
    assert "未通过" in reviewer.post("/queue/approve", form).content.decode()
    assert items.get(number).level == 1


def test_a_bulk_needs_the_five_checks(office: Office, reviewer: Client) -> None:
    number = office.submitted()
    form = {"item": number, "confirmed": "1", f"seen:{number}": f"1:{_seen(office, number)}"}
    assert reviewer.post("/queue/approve", form).status_code == 400
    assert items.get(number).level == 1


def _hand_on(office: Office, taker: str) -> None:
    now = office.now
    delegations.delegate(office.workspace, PUBLISHER, PUBLISHER.name, taker, now, now + timedelta(days=3), "样例：出差")


def test_a_delegate_decides_in_the_others_role_and_the_audit_names_both(office: Office, log_in: LogIn) -> None:
    _hand_on(office, REVIEWER.name)
    number = office.submitted()
    decided_first = log_in(PUBLISHER)
    decided_first.post(f"/items/{number}/approve", {"level": "1", "seen": _seen(office, number), **TICKS})
    other = office.submitted("样例稿件乙", actor=EDITOR)
    client = log_in(REVIEWER)
    client.post("/delegations/act", {"giver": PUBLISHER.name})
    client.post(f"/items/{other}/approve", {"level": "1", "seen": _seen(office, other), **TICKS})
    last = audit.of_subject(f"item:{other}")[-1]
    assert (last.actor, last.data["behalf"]) == (REVIEWER.name, PUBLISHER.name)
    assert (_last_decision(other).actor, _last_decision(other).behalf) == (REVIEWER.name, PUBLISHER.name)


def test_a_delegate_and_the_one_he_acts_for_are_one_pair_of_eyes(office: Office, log_in: LogIn) -> None:
    _hand_on(office, REVIEWER.name)
    number = office.submitted()
    client = log_in(REVIEWER)
    client.post(f"/items/{number}/approve", {"level": "1", "seen": _seen(office, number), **TICKS})
    client.post("/delegations/act", {"giver": PUBLISHER.name})
    refused = client.post(f"/items/{number}/approve", {"level": "2", "seen": _seen(office, number), **TICKS})
    assert (refused.status_code, items.get(number).state) == (403, ItemState.SUBMITTED)


def test_nobody_writes_in_somebody_elses_name(office: Office, log_in: LogIn) -> None:
    _hand_on(office, EDITOR.name)
    number = office.draft()
    client = log_in(EDITOR)
    client.post("/delegations/act", {"giver": PUBLISHER.name})
    assert client.post(f"/items/{number}/submit").status_code == 403


def test_a_delegation_ends_by_itself(office: Office, log_in: LogIn) -> None:
    _hand_on(office, REVIEWER.name)
    client = log_in(REVIEWER)
    client.post("/delegations/act", {"giver": PUBLISHER.name})
    assert f"正在代 {PUBLISHER.name} 办理" in client.get("/queue").content.decode()
    office.wait(days=4)
    assert "正在代" not in client.get("/queue").content.decode()


def test_nobody_acts_for_somebody_without_a_delegation(office: Office, log_in: LogIn) -> None:
    client = log_in(REVIEWER)
    assert client.post("/delegations/act", {"giver": PUBLISHER.name}).status_code == 403


def test_nobody_hands_on_another_persons_role(office: Office, log_in: LogIn) -> None:
    form = {
        "giver": PUBLISHER.name,
        "taker": REVIEWER.name,
        "starts_at": "2026-11-26T08:00",
        "ends_at": "2026-12-01T08:00",
        "reason": "样例",
    }
    assert log_in(REVIEWER).post("/delegations/add", form).status_code == 403
    assert log_in(PUBLISHER).post("/delegations/add", form).status_code == 302
    assert log_in(PUBLISHER).post("/delegations/add", form).status_code == 409


def test_two_people_at_one_item_are_told_of_each_other(office: Office, reviewer: Client, publisher: Client) -> None:
    number = office.submitted()
    assert PUBLISHER.name not in reviewer.post(f"/items/{number}/presence").content.decode()
    assert REVIEWER.name in publisher.post(f"/items/{number}/presence").content.decode()
    office.wait(seconds=90)
    assert REVIEWER.name not in publisher.post(f"/items/{number}/presence").content.decode()


def test_two_browsers_cannot_decide_the_same_thing_twice(office: Office, log_in: LogIn) -> None:
    number = office.submitted()
    office.first_approval(number)
    form = {"level": "2", "seen": _seen(office, number), **TICKS}
    first, second = log_in(PUBLISHER), log_in(PUBLISHER)
    assert first.post(f"/items/{number}/approve", form).status_code == 302
    refused = second.post(f"/items/{number}/approve", form)
    assert refused.status_code == 403
    assert "请刷新后查看稿件的当前状态" in refused.content.decode()
    approvals = [one for one in reviews.decisions(items.latest_revision(number).id) if one.verdict is Verdict.APPROVE]
    assert len(approvals) == 2


def test_a_filter_is_kept_for_its_person_and_forgotten(office: Office, reviewer: Client, publisher: Client) -> None:
    reviewer.post("/queue/filters", {"name": "样例筛选", "query": "tab=all&column=news&evil=1"})
    page = reviewer.get("/queue").content.decode()
    assert "?tab=all&amp;column=news" in page
    assert "evil" not in page
    assert "样例筛选" not in publisher.get("/queue").content.decode()


def test_the_editor_filter_shows_only_that_persons_items(office: Office, publisher: Client) -> None:
    office.draft("样例稿件甲")
    office.reprint("样例转载乙", "<p>样例。</p>", 10)
    page = publisher.get("/queue", {"tab": "all", "editor": EDITOR.name}).content.decode()
    assert ("样例稿件甲" in page, "样例转载乙" in page) == (True, False)


def test_the_sheet_names_every_level_with_its_checks(office: Office, publisher: Client, reviewer: Client) -> None:
    number = office.submitted()
    reviewer.post(f"/items/{number}/approve", {"level": "1", "seen": _seen(office, number), **TICKS})
    page = publisher.get(f"/items/{number}/sheet").content.decode()
    assert (page.count("☑"), page.count("☐"), REVIEWER.name in page) == (5, 5, True)
