"""公众反馈 at the desk: countdowns, masks, who may do what, answers that the rules check, corrections with one click."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from syndicate.config.secrets import FOLDER, OFFICE_KEY, OFFICE_KEY_BYTES
from syndicate.errors import NotAllowed
from syndicate.flow import feedback as flow
from syndicate.flow import handling_feedback as handling
from syndicate.flow.handling_feedback import Answer
from syndicate.model.calendar import WorkingCalendar
from syndicate.model.feedback import FeedbackAction, FeedbackState
from syndicate.model.item import ItemState
from syndicate.model.review import Role
from syndicate.records import audit, feedback, items
from syndicate.review.feedback import allowed_feedback, feedback_transitions, permit_feedback
from tests.desk.conftest import LogIn
from tests.desk.feedback_letters import LETTER, kept, letter, on_site
from tests.desk.office import ADMIN, EDITOR, PUBLISHER, REVIEWER, Office

FINE = {"verdict": "true", "text": "感谢指出，已经更正。"}


def text(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_list_counts_down_to_passing_on_and_then_to_the_answer(office: Office, editor: Client) -> None:
    number = letter(office)
    assert "剩 39 小时" in text(editor, "/feedback")
    handling.assign(office.workspace, EDITOR, number, EDITOR.name)
    assert "剩 5 天" in text(editor, "/feedback")
    office.wait(days=6)
    assert 'deadline over">超时' in text(editor, "/feedback")


def test_the_last_day_is_near(office: Office, editor: Client) -> None:
    letter(office)
    office.wait(hours=20)
    assert 'deadline near">' in text(editor, "/feedback")


def test_personal_data_is_masked_in_the_list_and_the_contact_everywhere(office: Office, reviewer: Client) -> None:
    number = letter(office, "请删去13800000000这个号码（样例）", contact="000-87654321")
    listed, page = text(reviewer, "/feedback"), text(reviewer, f"/feedback/{number}")
    assert "13800000000" not in listed
    assert "87654321" not in listed + page
    assert "********" in page


def test_whoever_looks_at_a_contact_is_written_down_and_what_he_saw_is_not(office: Office, reviewer: Client) -> None:
    number = letter(office, contact="000-87654321")
    response = reviewer.post(f"/feedback/{number}/contact")
    assert "000-87654321" in response.content.decode()
    last = audit.of_subject(f"feedback:{number}")[-1]
    assert (last.actor, last.action, dict(last.data)) == (REVIEWER.name, "feedback.contact_seen", {})


def test_a_contact_that_the_present_key_does_not_open_is_said_and_nobody_has_seen_it(
    office: Office, reviewer: Client
) -> None:
    number = letter(office, contact="000-87654321")
    (office.workspace.home / FOLDER / OFFICE_KEY).write_bytes(bytes(OFFICE_KEY_BYTES))
    response = reviewer.post(f"/feedback/{number}/contact")
    assert response.status_code == 400
    assert "机构密钥解不开" in response.content.decode()
    assert "feedback.contact_seen" not in [one.action for one in audit.of_subject(f"feedback:{number}")]


def test_an_editor_sees_no_contact(office: Office, editor: Client) -> None:
    number = letter(office, contact="000-87654321")
    assert f"/feedback/{number}/contact" not in text(editor, f"/feedback/{number}")
    response = editor.post(f"/feedback/{number}/contact")
    assert response.status_code == 403
    assert "87654321" not in response.content.decode()


def test_markup_of_a_letter_is_shown_as_text(office: Office, editor: Client) -> None:
    number = letter(office, "<img src=x onerror=alert(1)> 第二段有错")
    for address in ("/feedback", f"/feedback/{number}"):
        assert "&lt;img src=x" in text(editor, address)
        assert "<img src=x" not in text(editor, address)


def test_an_editor_drafts_and_a_reviewer_answers(office: Office, log_in: LogIn) -> None:
    number = letter(office)
    log_in(EDITOR).post(f"/feedback/{number}/answer", {**FINE, "do": "draft"})
    assert (kept(number).state, kept(number).assignee) == (FeedbackState.ASSIGNED, EDITOR.name)
    assert log_in(EDITOR).post(f"/feedback/{number}/answer", {**FINE, "do": "answer"}).status_code == 403
    assert log_in(REVIEWER).post(f"/feedback/{number}/answer", {**FINE, "do": "answer"}).status_code == 302
    assert (kept(number).state, kept(number).answered_by) == (FeedbackState.ANSWERED, REVIEWER.name)
    assert kept(number).answered_at == office.now


def test_an_answer_that_the_rules_block_does_not_go_out_and_is_not_lost(office: Office, reviewer: Client) -> None:
    number = letter(office)
    response = reviewer.post(f"/feedback/{number}/answer", {"verdict": "true", "text": "已通知秸杆办改正。"})
    shown = response.content.decode()
    assert response.status_code == 400
    assert "必须处理的问题" in shown
    assert "已通知秸杆办改正。" in shown
    assert kept(number).state is FeedbackState.RECEIVED


def test_what_must_be_looked_at_is_confirmed_first(office: Office, reviewer: Client) -> None:
    number = letter(office)
    form = {"verdict": "true", "text": "今年（2025年）的数据已更正。"}
    refused = reviewer.post(f"/feedback/{number}/answer", form)
    assert (refused.status_code, "已逐条确认" in refused.content.decode()) == (400, True)
    assert reviewer.post(f"/feedback/{number}/answer", {**form, "seen": "1"}).status_code == 302


@pytest.mark.parametrize(
    "form", [{"text": "有答复"}, {"verdict": "maybe", "text": "有答复"}, {"verdict": "true", "text": " "}]
)
def test_an_answer_needs_a_verdict_and_words(office: Office, reviewer: Client, form: dict[str, str]) -> None:
    number = letter(office)
    assert reviewer.post(f"/feedback/{number}/answer", form).status_code == 400
    assert kept(number).answered_at is None


def test_a_correction_of_an_answer_keeps_its_time(office: Office, reviewer: Client) -> None:
    number = letter(office)
    handling.answer(office.workspace, REVIEWER, number, Answer("true", "已更正。"))
    answered_at = kept(number).answered_at
    office.wait(days=9)
    reviewer.post(f"/feedback/{number}/answer", {"verdict": "partly", "text": "第一处已更正。"})
    assert (kept(number).answer, kept(number).answered_at) == ("第一处已更正。", answered_at)


def test_one_click_amends_the_item_with_the_letter_as_its_reason(office: Office, editor: Client) -> None:
    item, address = on_site(office)
    number = letter(office, f"{LETTER}，电话13800000000", page=address)
    assert editor.post(f"/feedback/{number}/amend").headers["Location"] == f"/items/{item}"
    assert items.get(item).state is ItemState.DRAFT
    reason = str(audit.of_subject(f"item:{item}")[-1].data["reason"])
    assert f"公众反馈 {number} 号：" in reason
    assert "截至" in reason
    assert "13800000000" not in reason


def test_a_letter_about_no_page_amends_nothing(office: Office, editor: Client) -> None:
    number = letter(office)
    assert f"/feedback/{number}/amend" not in text(editor, f"/feedback/{number}")
    assert editor.post(f"/feedback/{number}/amend").status_code == 400


def test_spam_is_set_aside_many_at_once_and_can_come_back(office: Office, reviewer: Client) -> None:
    numbers = [letter(office, f"买东西请点这里（样例{n}）") for n in range(3)]
    reviewer.post("/feedback/spam", {"number": numbers[:2]})
    assert [kept(one).state for one in numbers] == ["spam", "spam", "received"]
    assert "买东西" in text(reviewer, "/feedback?view=spam")
    reviewer.post(f"/feedback/{numbers[0]}/restore")
    assert kept(numbers[0]).state is FeedbackState.RECEIVED


def test_what_was_answered_is_no_spam_any_more(office: Office, reviewer: Client) -> None:
    done, fresh = letter(office), letter(office)
    handling.answer(office.workspace, REVIEWER, done, Answer("true", "已更正。"))
    assert reviewer.post("/feedback/spam", {"number": [done, fresh, 99]}).status_code == 302
    assert (kept(done).state, kept(fresh).state) == ("answered", "spam")


def test_an_administrator_cannot_have_a_letter_in_hand(office: Office) -> None:
    number = letter(office)
    with pytest.raises(NotAllowed):
        handling.assign(office.workspace, EDITOR, number, ADMIN.name)


def test_contacts_and_spam_go_after_ninety_days_and_the_audit_says_how_many(office: Office, reviewer: Client) -> None:
    number, junk = letter(office, contact="000-87654321"), letter(office, "买东西请点这里")
    handling.answer(office.workspace, REVIEWER, number, Answer("true", "已更正。"))
    handling.set_aside(office.workspace, REVIEWER, [junk])
    office.wait(days=90)
    assert handling.erase_old(office.workspace, ADMIN) == feedback.Erased(0, 0)
    office.wait(seconds=1)
    assert handling.erase_old(office.workspace, ADMIN) == feedback.Erased(1, 1)
    assert handling.erase_old(office.workspace, ADMIN) == feedback.Erased(0, 0)
    assert [dict(one.data) for one in audit.of_subject("feedback")] == [{"contacts": 1, "texts": 1}]
    assert "删除" in text(reviewer, f"/feedback/{number}")
    with pytest.raises(NotAllowed):
        handling.restore(office.workspace, REVIEWER, junk)


def test_a_year_without_holidays_is_said(office: Office, editor: Client) -> None:
    assert "放假安排没有录入" not in text(editor, "/feedback")
    office.workspace.snapshot = replace(office.workspace.snapshot, calendar=WorkingCalendar())
    assert "2026 年的放假安排没有录入" in text(editor, "/feedback")


def test_the_overview_says_how_many_wait_and_how_many_are_late(office: Office, editor: Client) -> None:
    assert "公众反馈" not in text(editor, "/")
    letter(office)
    assert "有 1 件未办结。" in text(editor, "/")
    assert "已超时限。" not in text(editor, "/")
    office.wait(days=2)
    assert "其中 1 件已超时限。" in text(editor, "/")


def test_pages_that_people_do_not_like_are_named_for_thirty_days(office: Office, editor: Client) -> None:
    _, address = on_site(office)
    for choice in ("dissatisfied", "dissatisfied", "fair"):
        flow.rate(office.workspace, address, choice)
    shown = text(editor, "/feedback")
    assert address in shown
    assert "满意 0，基本满意 1，不满意 2" in shown
    office.wait(days=31)
    assert address not in text(editor, "/feedback")


def test_a_page_of_the_list_asks_little_of_the_database(office: Office, editor: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _, address = on_site(office)
    for n in range(31):
        letter(office, f"第{n}处有错别字（样例）", page=address)
    for page in ("/feedback", f"/feedback/{letter(office, page=address)}"):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            shown = text(editor, page)
        assert len(asked) <= 15
        assert len(shown.encode()) <= 150_000
    assert "下一页" in text(editor, "/feedback")


def test_a_report_that_is_not_there_is_told(editor: Client) -> None:
    assert "没有 77 号公众反馈" in text(editor, "/feedback/77", 404)


@pytest.mark.parametrize("page", ["view=nothing&page=-1", "view=%00", "page=99999999"])
def test_nonsense_in_the_address_shows_a_list(editor: Client, page: str) -> None:
    text(editor, f"/feedback?{page}")


def test_every_state_and_every_action_is_in_the_table() -> None:
    table = feedback_transitions()
    assert {state for state, _ in table} == set(FeedbackState)
    assert {action for _, action in table} == set(FeedbackAction)
    assert {row.next for row in table.values()} == set(FeedbackState)


@pytest.mark.parametrize("state", FeedbackState)
@pytest.mark.parametrize("role", [Role.ADMIN, Role.SYSTEM])
def test_who_decides_on_no_text_answers_nobody(state: FeedbackState, role: Role) -> None:
    assert allowed_feedback(state, role) == frozenset()


def test_what_the_table_does_not_have_is_refused() -> None:
    with pytest.raises(NotAllowed) as caught:
        permit_feedback(FeedbackState.ANSWERED, FeedbackAction.SPAM, PUBLISHER)
    assert "已办结" in caught.value.message.zh
