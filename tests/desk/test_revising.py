"""Revisions on the desk: suggestions accepted, channels worded anew, any two compared."""

from __future__ import annotations

import re

from django.test import Client

from syndicate.flow import items as flow
from syndicate.flow.decide import current_hash
from syndicate.model.finding import Severity
from syndicate.model.item import ItemState
from syndicate.records import audit, items, reviews
from syndicate.records import findings as finding_records
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, FAULTY, Office

BODY = "<p>秸杆还田，秸杆离田。</p><p>秸<b>杆</b>收储&amp;加工。</p>"


def keys(page: str) -> list[str]:
    return re.findall(
        r'name="finding" value="([^"]+)">', page.partition('class="accept-all"')[2].partition("</form>")[0]
    )


def accept(client: Client, number: int, *chosen: str) -> int:
    revision = items.latest_revision(number).id
    return client.post(f"/items/{number}/accept", {"revision": revision, "finding": chosen}).status_code


def test_one_click_accepts_one_suggestion_and_changes_nothing_else(office: Office, editor: Client) -> None:
    number = office.draft("秸杆利用", BODY)
    chosen = keys(editor.get(f"/items/{number}").content.decode())
    assert len(chosen) == 3
    assert accept(editor, number, chosen[0]) == 302
    after = items.latest_revision(number).content
    assert f"{after.title}{after.body}".count("秸秆") == 1
    assert f"{after.title}{after.body}".replace("秸秆", "秸杆") == f"秸杆利用{BODY}"


def test_all_suggestions_at_once_make_one_revision(office: Office, editor: Client) -> None:
    number = office.draft("秸杆利用", BODY)
    accept(editor, number, *keys(editor.get(f"/items/{number}").content.decode()))
    latest = items.latest_revision(number)
    assert (latest.number, latest.content.title) == (2, "秸秆利用")
    assert latest.content.body == "<p>秸秆还田，秸秆离田。</p><p>秸<b>杆</b>收储&amp;加工。</p>"


def test_the_audit_says_what_was_accepted(office: Office, editor: Client) -> None:
    number = office.draft("秸杆利用", "<p>文字。</p>")
    accept(editor, number, "title:0:2:word.typo")
    last = audit.of_subject(f"item:{number}")[-1]
    assert (last.action, last.actor, last.data["reason"]) == ("item.edited", EDITOR.name, "秸杆→秸秆（word.typo）")


def test_accepting_voids_every_approval(office: Office, editor: Client) -> None:
    number = office.submitted("秸杆利用", "<p>文字。</p>")
    accept(editor, number, "title:0:2:word.typo")
    assert items.get(number).state is ItemState.DRAFT


def test_a_click_on_an_old_page_changes_nothing(office: Office, editor: Client) -> None:
    number = office.draft("秸杆利用", BODY)
    form = {"revision": items.latest_revision(number).id, "finding": "title:0:2:word.typo"}
    editor.post(f"/items/{number}/accept", form)
    assert editor.post(f"/items/{number}/accept", form).status_code == 409
    assert items.latest_revision(number).number == 2


def test_nothing_to_accept_is_said(office: Office, editor: Client) -> None:
    response = editor.post(f"/items/{office.draft()}/accept", {"revision": "x", "finding": "x"})
    assert response.status_code == 409
    number = office.draft()
    assert accept(editor, number, "body:0:1:x") == 400


def test_a_reprint_is_never_corrected_by_a_click(office: Office, editor: Client) -> None:
    number = office.reprint("转载秸杆", "<p>秸杆</p>", 1)
    revision = items.latest_revision(number)
    page = editor.get(f"/items/{number}").content.decode()
    assert "/accept" not in page
    for one in finding_records.of_revision(revision.id):
        assert accept(editor, number, f"{one.part}:{one.start}:{one.end}:{one.rule}") == 403
    assert items.latest_revision(number).id == revision.id


def test_who_only_keeps_accounts_has_no_button_and_no_right(office: Office, log_in: LogIn) -> None:
    number = office.draft("秸杆利用")
    client = log_in(ADMIN)
    assert "/accept" not in client.get(f"/items/{number}").content.decode()
    assert accept(client, number, "title:0:2:word.typo") == 403


def adapt(client: Client, number: int, channel: str, **words: str) -> int:
    form = {"version": str(items.get(number).version), **{f"words:{name}": text for name, text in words.items()}}
    return client.post(f"/items/{number}/adapt/{channel}", form).status_code


def test_every_channel_offers_its_words_within_its_limits(office: Office, editor: Client) -> None:
    page = editor.get(f"/items/{office.draft()}").content.decode()
    offered = re.findall(r'name="words:(\w+)"[^>]*data-most="(\d+)"', page)
    assert sorted(offered) == sorted(
        [("title", "200"), ("summary", "200"), ("title", "40"), ("text", "60"), ("summary", "120"),
         ("title", "32"), ("author", "16"), ("digest", "120"), ("text", "140")]
    )  # fmt: skip


def test_a_reprint_offers_only_what_is_no_title_and_no_author(office: Office, editor: Client) -> None:
    page = editor.get(f"/items/{office.reprint('转载', '<p>文</p>', 1)}").content.decode()
    assert set(re.findall(r'name="words:(\w+)"', page)) == {"summary", "digest", "text"}


def test_other_words_are_another_hash_and_void_every_approval(office: Office, editor: Client) -> None:
    number = office.submitted()
    office.first_approval(number)
    revision = items.latest_revision(number)
    before = current_hash(office.workspace, items.get(number), revision)
    assert adapt(editor, number, "led", text="安全检查进行中") == 302
    assert items.get(number).state is ItemState.DRAFT
    assert all(decision.void for decision in reviews.decisions(revision.id))
    assert current_hash(office.workspace, items.get(number), items.latest_revision(number)) != before


def test_mistakes_in_other_words_are_found(office: Office, editor: Client) -> None:
    number = office.draft()
    adapt(editor, number, "wechat", digest="秸杆综合利用")
    found = finding_records.of_revision(items.latest_revision(number).id)
    assert ("word.typo", "rendition:wechat") in {(one.rule, one.part) for one in found}


def test_words_beyond_the_limit_block_the_approval(office: Office, editor: Client) -> None:
    number = office.draft()
    adapt(editor, number, "led", text="长" * 61)
    found = finding_records.of_revision(items.latest_revision(number).id)
    assert {one.part for one in found if one.severity is Severity.BLOCK} == {"rendition:led"}
    assert 'class="length over"' in editor.get(f"/items/{number}").content.decode()


def test_an_old_page_words_nothing_anew(office: Office, editor: Client) -> None:
    number = office.draft()
    form = {"version": str(items.get(number).version), "words:text": "安全检查进行中"}
    editor.post(f"/items/{number}/adapt/led", form)
    assert editor.post(f"/items/{number}/adapt/led", {**form, "words:text": "另一句"}).status_code == 409


def test_words_that_stand_there_already_make_no_revision(office: Office, editor: Client) -> None:
    number = office.draft()
    adapt(editor, number, "led", text="")
    assert items.latest_revision(number).number == 1


def compared(client: Client, number: int, asked: str = "") -> str:
    page = client.get(f"/items/{number}/compare{asked}").content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<h1>")[2].partition("<footer")[0]).split())


def changed_twice(office: Office) -> int:
    number = office.draft("会议通知", FAULTY)
    for title in ("会议通知（一）", "会议通知（二）"):
        content = flow.original(office.workspace, title, FAULTY.replace("领导小姐", title))
        flow.edit(office.workspace, EDITOR, items.get(number), content)
    return number


def test_the_newest_revision_is_compared_with_the_one_before(office: Office, editor: Client) -> None:
    text = compared(editor, changed_twice(office))
    assert "第 2 版与第 3 版的不同" in text
    assert "会议通知（ 删 一 增 二 ）" in text


def test_any_two_revisions_can_be_compared(office: Office, editor: Client) -> None:
    number = changed_twice(office)
    text = compared(editor, number, "?before=1&after=3")
    assert "第 1 版与第 3 版的不同" in text
    assert "会议通知 增 （二）" in text
    assert "（二）" in compared(editor, number, "?before=3&after=1")


def test_words_of_a_channel_are_compared_too(office: Office, editor: Client) -> None:
    number = office.draft()
    adapt(editor, number, "led", text="安全检查进行中")
    assert "屏幕文字 增 安全检查进行中" in compared(editor, number)


def test_a_change_of_form_alone_is_called_so(office: Office, editor: Client) -> None:
    number = office.draft("标题", "<p>文字。</p>")
    content = flow.original(office.workspace, "标题", '<p style="text-align:center">文字。</p>')
    flow.edit(office.workspace, EDITOR, items.get(number), content)
    assert "文字没有不同，只有格式、链接或图片位置不同。" in compared(editor, number)


def test_a_single_revision_is_the_same_as_itself(office: Office, editor: Client) -> None:
    assert "两个版本完全相同。" in compared(editor, office.draft())


def test_a_revision_that_is_not_there_is_told(office: Office, editor: Client) -> None:
    assert editor.get(f"/items/{office.draft()}/compare?before=9").status_code == 404


def test_unchanged_clauses_far_from_a_change_are_left_out(office: Office, editor: Client) -> None:
    body = "<p>" + "".join(f"第{n}句样例。" for n in range(9)) + "</p>"
    number = office.draft("标题", body)
    content = flow.original(office.workspace, "标题", body.replace("第8句样例", "第8句改动"))
    flow.edit(office.workspace, EDITOR, items.get(number), content)
    assert "……（7 句没有改动） 第7句样例。" in compared(editor, number)
