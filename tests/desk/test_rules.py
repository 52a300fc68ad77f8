"""What people say about findings: buttons on the item page, and the page of the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from syndicate.model.noise import Scope
from syndicate.records import audit, noise
from syndicate.records.connection import one_transaction
from tests.desk.conftest import LogIn
from tests.desk.office import EDITOR, PUBLISHER, REVIEWER, SYNC, Office

TITLE = "县秸杆综合利用"
FORM = {"rule": "word.typo", "text": "秸杆", "scope": "here", "reason": "引用原文"}


@pytest.fixture
def number(office: Office) -> int:
    return office.submitted(TITLE, actor=SYNC)


def _text(response: HttpResponse) -> str:
    return response.content.decode()


def _page(client: Client, number: int) -> str:
    return _text(client.get(f"/items/{number}"))


def test_one_click_and_the_finding_is_gone(number: int, reviewer: Client) -> None:
    assert "规则 word.typo" in _page(reviewer, number)
    assert reviewer.post(f"/items/{number}/findings", FORM).status_code == 302
    page = _page(reviewer, number)
    assert "规则 word.typo" not in page
    assert "已记录：这一处不是错误（仅本稿）" in page


def test_who_said_so_and_why_stays_on_the_page(number: int, reviewer: Client) -> None:
    reviewer.post(f"/items/{number}/findings", FORM)
    page = _page(reviewer, number)
    assert "已标为“不是错误”（1）" in page
    assert "引用原文" in page
    assert REVIEWER.name in page


def test_it_holds_until_the_day_that_was_given(office: Office, number: int, reviewer: Client) -> None:
    until = office.now.date() + timedelta(days=7)
    reviewer.post(f"/items/{number}/findings", {**FORM, "scope": "column", "until": until.isoformat()})
    [made] = noise.exceptions(office.now.date())
    assert (made.until, made.scope, made.column, made.actor) == (until, Scope.COLUMN, "news", REVIEWER.name)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("reason", " ", "没有填写不是错误的理由"),
        ("until", "2020-01-01", "已经过去"),
        ("until", "下周", "日期"),
        ("scope", "世界", "没有选择例外范围"),
        ("text", "别的", "没有规则 word.typo 的这一处问题"),
    ],
)
def test_what_is_wrong_is_told_on_the_page(
    office: Office, number: int, reviewer: Client, field: str, value: str, told: str
) -> None:
    response = reviewer.post(f"/items/{number}/findings", {**FORM, field: value})
    assert response.status_code in (400, 404)
    assert told in _text(response)
    assert noise.exceptions(office.now.date()) == ()


def test_the_scopes_of_the_role_are_offered(office: Office, number: int, log_in: LogIn) -> None:
    offered = {
        actor.role.value: _page(log_in(actor), number).count('<option value="anywhere">')
        for actor in (EDITOR, REVIEWER, PUBLISHER)
    }
    assert (offered["editor"], offered["reviewer"], offered["publisher"] > 0) == (0, 0, True)


def test_a_finding_can_be_said_to_be_an_error(number: int, reviewer: Client) -> None:
    reviewer.post(f"/items/{number}/findings", {**FORM, "verdict": "right"})
    [precision] = noise.precisions(30)
    assert (precision.rule, precision.share) == ("word.typo", 1.0)
    assert "finding.confirmed" in [one.action for one in audit.of_subject(f"item:{number}")]


def test_the_page_of_rules_shows_precision_and_what_was_demoted(office: Office, number: int, reviewer: Client) -> None:
    for turn in range(30):
        noise.add_verdict("word.typo", number, f"词{turn}", turn < 17, REVIEWER.name, office.now)
        noise.add_verdict("date.weekday", number, f"词{turn}", True, REVIEWER.name, office.now)
    noise.add_verdict("text.repeat", number, "词", True, REVIEWER.name, office.now)
    page = _text(reviewer.get("/rules"))
    assert [page.count(words) for words in ("已降为提示<", "正常<", "判定次数不足")] == [1, 1, 1]
    for words in ("word.typo", "57%", "已降为提示", "《现代汉语词典》"):
        assert words in page


def test_an_exception_is_listed_and_ended_there(office: Office, number: int, reviewer: Client) -> None:
    reviewer.post(f"/items/{number}/findings", FORM)
    [made] = noise.exceptions(office.now.date())
    page = _text(reviewer.get("/rules"))
    assert "引用原文" in page
    assert f"/rules/exceptions/{made.id}/end" in page
    assert reviewer.post(f"/rules/exceptions/{made.id}/end").status_code == 302
    assert noise.exceptions(office.now.date()) == ()


def test_an_editor_is_shown_no_button_to_end_one(office: Office, number: int, log_in: LogIn) -> None:
    log_in(EDITOR).post(f"/items/{number}/findings", FORM)
    assert "/end" not in _text(log_in(EDITOR).get("/rules"))


def test_findings_on_a_reprint_are_for_its_source(office: Office, reviewer: Client) -> None:
    number = office.reprint("县秸杆综合利用", "<p>文</p>", 5, source_name="示例省农业农村厅")
    page = _page(reviewer, number)
    assert "问题请反馈来源单位“示例省农业农村厅”" in page
    assert "向来源建议" in page


def test_hostile_words_are_shown_as_text(number: int, reviewer: Client) -> None:
    reviewer.post(f"/items/{number}/findings", {**FORM, "reason": "<script>alert(1)</script>"})
    for page in (_page(reviewer, number), _text(reviewer.get("/rules"))):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


def test_what_a_recheck_found_is_in_the_history_with_the_rules_it_is_known_since(
    office: Office, number: int, reviewer: Client
) -> None:
    facts = {"rules": ["word.typo"], "since": "abcdef0123456789"}
    with one_transaction():
        audit.append(SYNC, "item.recheck_found", f"item:{number}", facts, office.now)
    page = _page(reviewer, number)
    assert "复查发现新问题" in page
    assert "word.typo（自配置 abcdef01 起）" in page
