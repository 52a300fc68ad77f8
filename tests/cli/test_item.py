"""Items and review as editors and reviewers type them: new, queue, show, review, amend, withdraw, recheck."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import PAGE, Office

HOSTILE = (
    "<p onclick=\"alert(1)\">正文<script>alert(2)</script></p><iframe src='http://x.example/'></iframe>"
    "<img src=x onerror=alert(3)><a href='javascript:alert(4)'>链接</a><svg onload=alert(5)></svg><style>p{}</style>"
)


def shown(office: Office, item: int) -> dict[str, Any]:
    page: dict[str, Any] = office("show", str(item), "--json").document
    return page


def state(office: Office, item: int) -> str:
    text: str = shown(office, item)["item"]["state"]
    return text


def test_a_new_item_from_a_file_is_a_draft(office: Office, tmp_path: Path) -> None:
    body = tmp_path / "正文.html"
    body.write_text(PAGE, "utf-8")
    words = ("item", "new", "样例标题", "--column", "news", "--body", str(body), "--json")
    answer = office(*words, user="样例编辑")
    assert answer.document == {"item": 1, "submitted": False}
    assert state(office, 1) == "draft"
    assert shown(office, 1)["revision"]["content"]["body"] == PAGE


def test_a_new_item_from_stdin_can_be_submitted_at_once(office: Office) -> None:
    item = office.write()
    assert state(office, item) == "submitted"


def test_a_body_in_the_older_chinese_encoding_is_read(office: Office) -> None:
    page = '<html><head><meta charset="gb2312"></head><body><p>县城道路恢复通行</p></body></html>'
    office("item", "new", "样例", "--column", "news", stdin=page.encode("gb18030"), user="样例编辑")
    assert "县城道路恢复通行" in shown(office, 1)["revision"]["content"]["body"]


def test_hostile_html_is_sanitised(office: Office) -> None:
    body = shown(office, office.write(body=HOSTILE))["revision"]["content"]["body"]
    assert "正文" in body
    for danger in ("script", "alert", "onclick", "onerror", "iframe", "javascript", "svg", "style"):
        assert danger not in body


@pytest.mark.parametrize("body", ["", "  \n ", "<script>alert(1)</script>"])
def test_an_item_without_text_is_refused(office: Office, body: str) -> None:
    answer = office("item", "new", "样例", "--column", "news", stdin=body.encode(), user="样例编辑")
    assert answer.code == 1
    assert "正文是空的" in answer.err
    assert office("queue", "--json").document == []


def test_an_item_without_a_title_is_refused(office: Office) -> None:
    answer = office("item", "new", "  ", "--column", "news", stdin=b"<p>x</p>", user="样例编辑")
    assert answer.code == 1
    assert "标题是空的" in answer.err


@pytest.mark.parametrize("name", ["nowhere.html", "."])
def test_a_body_file_that_cannot_be_read_is_wrong_use(office: Office, name: str) -> None:
    answer = office("item", "new", "样例", "--column", "news", "--body", name, user="样例编辑")
    assert answer.code == 2
    assert name in answer.err
    assert "cannot be read" in answer.err


def test_who_only_keeps_accounts_may_not_write(office: Office) -> None:
    answer = office("item", "new", "样例", "--column", "news", stdin=b"<p>x</p>", user="样例管理")
    assert answer.code == 1
    assert "不能执行" in answer.err


def test_the_queue_lists_an_item_with_its_title_and_state(office: Office) -> None:
    office.write("样例要闻一则")
    answer = office("queue")
    assert answer.code == 0
    assert "样例要闻一则" in answer.out
    assert "待审" in answer.out


def test_the_queue_can_be_limited_to_states_and_a_number(office: Office) -> None:
    for _ in range(3):
        office.write()
    assert len(office("queue", "--json", "--limit", "2").document) == 2
    assert office("queue", "--json", "--state", "draft").document == []
    assert len(office("queue", "--json", "--state", "draft", "--state", "submitted").document) == 3


def test_an_empty_queue_says_so(office: Office) -> None:
    assert office("queue").out == "稿件 items：没有。None.\n"


def test_an_item_is_shown_with_findings_decisions_and_deliveries(office: Office) -> None:
    item = office.write(body="<p>这里有禁用词甲。</p>")
    answer = office("show", str(item))
    assert answer.code == 0
    for text in ("城区三条道路恢复通行", "sample.block", "不得使用", "审核意见", "投递"):
        assert text in answer.out


def test_a_title_cannot_drive_the_terminal_of_who_reads_the_queue(office: Office) -> None:
    office.write("标题\x1b[2J\x07[bold]粗[/bold]")
    answer = office("queue")
    assert "\x1b" not in answer.out
    assert "[bold]粗[/bold]" in answer.out


def test_an_approval_by_another_person_creates_the_deliveries(office: Office) -> None:
    item = office.write()
    answer = office("review", str(item), "--approve", "--level", "1", "--json", user="样例终审")
    assert answer.code == 0
    assert answer.document["item"]["state"] == "approved"
    assert {row["channel"] for row in office.deliveries()} == {"app", "hall", "website"}


def test_nobody_approves_what_he_submitted(office: Office) -> None:
    item = office.write(user="样例终审")
    answer = office.approve(item)
    assert answer.code == 1
    assert "不能审核自己的稿件" in answer.err
    assert office.deliveries() == []


def test_an_editor_may_not_approve(office: Office) -> None:
    item = office.write()
    answer = office("review", str(item), "--approve", "--level", "1", user="样例编辑")
    assert answer.code == 1
    assert "角色" in answer.err
    assert state(office, item) == "submitted"


def test_a_decision_at_another_level_is_refused(office: Office) -> None:
    item = office.write()
    answer = office("review", str(item), "--approve", "--level", "2", user="样例终审")
    assert answer.code == 1
    assert "第 1 级" in answer.err


def test_a_return_needs_a_reason(office: Office) -> None:
    item = office.write()
    answer = office("review", str(item), "--return", "--level", "1", user="样例终审")
    assert answer.code == 1
    assert "理由" in answer.err
    assert state(office, item) == "submitted"


def test_a_returned_item_shows_its_reason(office: Office) -> None:
    item = office.write()
    words = ("review", str(item), "--return", "--level", "1", "--reason", "样例理由")
    answer = office(*words, user="样例终审")
    assert answer.code == 0
    assert "被退回" in answer.out
    assert "样例理由" in office("show", str(item)).out


def test_an_open_block_finding_stops_the_approval(office: Office) -> None:
    item = office.write(body="<p>这里有禁用词甲。</p>")
    answer = office.approve(item)
    assert answer.code == 1
    assert "sample.block" in answer.err


def test_a_block_finding_is_overridden_only_with_a_reason(office: Office) -> None:
    item = office.write(body="<p>这里有禁用词甲。</p>")
    words = ("review", str(item), "--approve", "--level", "1", "--override", "sample.block")
    assert office(*words, user="样例终审").code == 1
    assert office(*words, "--reason", "引用原文", user="样例终审").code == 0
    assert state(office, item) == "approved"


def test_an_item_that_new_rules_block_is_sent_back_with_exit_1(office: Office) -> None:
    item = office.write(body="<p>这里有新词。</p>")
    rules = office.home / "content" / "rules" / "sample.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("禁用词[甲乙]", "新词").replace("禁用词甲", "新词"), "utf-8")
    answer = office.approve(item)
    assert answer.code == 1
    assert "自动退回" in answer.err
    assert state(office, item) == "returned"


def test_an_amendment_needs_a_reason(online: Office) -> None:
    item = online.publish()
    answer = online("amend", str(item), "--reason", "", user="样例编辑")
    assert answer.code == 1
    assert "理由" in answer.err


def test_a_correction_with_a_new_text_is_reviewed_again_and_reaches_the_website(online: Office, tmp_path: Path) -> None:
    item = online.publish()
    words = ("amend", str(item), "--reason", "日期有误", "--title", "更正后的标题", "--body", "-", "--submit")
    answer = online(*words, "--json", stdin=b"<p>new text<script>x</script></p>", user="样例编辑")
    assert (answer.document["item"], answer.document["state"]) == (item, "submitted")
    assert online.approve(item).code == 0
    online("work", "--drain")
    (page,) = (online.home / "var" / "site").rglob(f"{item}.html")
    text = page.read_text("utf-8")
    assert "更正后的标题" in text
    assert "new text</p>" in text


def test_an_amendment_without_a_new_text_keeps_it(online: Office) -> None:
    item = online.publish()
    assert online("amend", str(item), "--reason", "附件放错", user="样例编辑").code == 0
    page = shown(online, item)
    assert page["item"]["state"] == "draft"
    assert page["revision"]["number"] == 2
    assert page["revision"]["content"] == page["revisions"][0]["content"]


def test_a_withdrawal_takes_the_page_down_and_keeps_a_notice(online: Office) -> None:
    item = online.publish()
    words = ("withdraw", str(item), "--kind", "error", "--reason", "样例理由")
    answer = online(*words, user="样例终审")
    assert answer.code == 0
    assert "撤回" in answer.out
    online("work", "--drain")
    (page,) = (online.home / "var" / "site").rglob(f"{item}.html")
    assert "城区三条道路今日恢复通行" not in page.read_text("utf-8")


def test_a_withdrawal_needs_a_reason(online: Office) -> None:
    item = online.publish()
    answer = online("withdraw", str(item), "--kind", "error", "--reason", " ", user="样例终审")
    assert answer.code == 1
    assert "理由" in answer.err


def test_an_editor_may_not_withdraw(online: Office) -> None:
    item = online.publish()
    answer = online("withdraw", str(item), "--kind", "error", "--reason", "x", user="样例编辑")
    assert answer.code == 1
    assert "角色" in answer.err


def test_what_was_never_published_cannot_be_withdrawn(office: Office) -> None:
    item = office.write()
    answer = office("withdraw", str(item), "--kind", "error", "--reason", "x", user="样例终审")
    assert answer.code == 1


def test_a_recheck_with_the_same_rules_finds_nothing_new(online: Office) -> None:
    online.publish()
    answer = online("recheck", "--json")
    assert answer.code == 0
    assert answer.document == {"checked": 0, "changed": [], "unaffected": 1}


def test_a_recheck_with_a_new_rule_names_the_item_with_exit_1(online: Office) -> None:
    item = online.publish()
    rules = online.home / "content" / "rules" / "sample.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("禁用词[甲乙]", "恢复通行").replace("禁用词甲", "恢复通行"), "utf-8")
    answer = online("recheck", "--json")
    assert answer.code == 1
    assert answer.document == {"checked": 1, "changed": [item], "unaffected": 0}


def test_a_recheck_tells_people_which_items_to_look_at(online: Office) -> None:
    item = online.publish()
    rules = online.home / "content" / "rules" / "sample.yaml"
    text = rules.read_text("utf-8")
    rules.write_text(text.replace("禁用词[甲乙]", "恢复通行").replace("禁用词甲", "恢复通行"), "utf-8")
    assert f"syndicate show {item}" in online("recheck").out


def test_what_a_withdrawal_will_do_can_be_seen_without_doing_it_and_without_a_token(online: Office) -> None:
    item = online.publish()
    answer = online("withdraw", str(item), "--preview", "--json")
    assert {row["channel"]: row["means"] for row in answer.document["channels"]}["website"] == "interface"
    assert state(online, item) == "published"


def test_what_a_correction_will_do_can_be_seen_without_starting_it(online: Office) -> None:
    item = online.publish()
    answer = online("amend", str(item), "--preview")
    assert "原地址的网页换成更正稿" in answer.out
    assert state(online, item) == "published"


def test_a_withdrawal_tells_what_it_does_on_each_channel(online: Office) -> None:
    item = online.publish()
    words = ("withdraw", str(item), "--kind", "error", "--reason", "样例理由", "--json")
    answer = online(*words, user="样例终审")
    assert answer.document["state"] == "withdrawn"
    assert "website" in {row["channel"] for row in answer.document["channels"]}


@pytest.mark.parametrize("words", [("withdraw", "1", "--reason", "x"), ("amend", "1", "--reason", "x")])
def test_without_a_preview_a_name_is_needed(office: Office, words: tuple[str, ...]) -> None:
    answer = office(*words)
    assert answer.code == 2
    assert "--preview" in answer.err


def test_without_a_preview_the_kind_of_a_withdrawal_is_needed(online: Office) -> None:
    answer = online("withdraw", str(online.publish()), "--reason", "x", user="样例终审")
    assert (answer.code, "--kind" in answer.err) == (2, True)


def test_what_a_person_must_do_is_shown_with_the_item_and_can_be_written(online: Office, tmp_path: Path) -> None:
    item = online.publish()
    answer = online("show", str(item), "--packages", str(tmp_path / "tasks"))
    assert "样例大厅告示栏" in answer.out
    assert "□ 1. 登录平台" in answer.out
    assert [path.suffix for path in (tmp_path / "tasks").iterdir()] == [".zip"]
    (task,) = shown(online, item)["tasks"]
    assert task["channel"] == "样例大厅告示栏"
