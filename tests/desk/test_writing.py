from __future__ import annotations

import pytest
from django.test import Client

from syndicate.model.item import ItemState
from syndicate.records import items
from tests.desk.office import Office

FORM = {
    "title": "标题",
    "column": "news",
    "body": "第一段\n\n第二段 <b>",
    "form": "plain",
    "source_name": "",
    "summary": "",
}


def only() -> int:
    return items.listed(tuple(ItemState), 9)[0].id


def test_plain_text_becomes_paragraphs(office: Office, editor: Client) -> None:
    editor.post("/items/new", FORM)
    assert items.latest_revision(only()).content.body == "<p>第一段</p><p>第二段 &lt;b&gt;</p>"


def test_html_is_sanitised(office: Office, editor: Client) -> None:
    editor.post("/items/new", {**FORM, "form": "html", "body": "<p onclick='x'>文<script>x</script></p>"})
    assert items.latest_revision(only()).content.body == "<p>文</p>"


def test_a_new_item_is_a_draft(office: Office, editor: Client) -> None:
    editor.post("/items/new", FORM)
    assert items.get(only()).state is ItemState.DRAFT


def test_a_new_item_can_be_submitted_at_once(office: Office, editor: Client) -> None:
    editor.post("/items/new", {**FORM, "submit": "1"})
    assert items.get(only()).state is ItemState.SUBMITTED


def test_without_a_source_the_office_is_the_source(office: Office, editor: Client) -> None:
    editor.post("/items/new", FORM)
    assert items.latest_revision(only()).content.source_name == office.workspace.snapshot.office.name


@pytest.mark.parametrize(
    ("change", "words"), [({"title": " "}, "标题是空的"), ({"body": " \n"}, "正文是空的"), ({"column": "x"}, "栏目")]
)
def test_a_refused_form_says_why_and_keeps_the_text(
    office: Office, editor: Client, change: dict[str, str], words: str
) -> None:
    response = editor.post("/items/new", {**FORM, "summary": "我的摘要", **change})
    text = response.content.decode()
    assert response.status_code in (400, 404)
    assert words in text
    assert "我的摘要" in text


def test_the_edit_form_holds_the_present_text(office: Office, editor: Client) -> None:
    number = office.draft("标题", "<p>现有文字</p>")
    assert "&lt;p&gt;现有文字&lt;/p&gt;" in editor.get(f"/items/{number}/edit").content.decode()


def test_an_edit_makes_a_new_revision(office: Office, editor: Client) -> None:
    number = office.submitted()
    form = {**FORM, "title": "新标题", "version": str(items.get(number).version)}
    editor.post(f"/items/{number}/edit", form)
    revision = items.latest_revision(number)
    assert (revision.number, revision.content.title) == (2, "新标题")
    assert items.get(number).state is ItemState.DRAFT


def test_two_people_never_overwrite_each_other_unseen(office: Office, editor: Client, reviewer: Client) -> None:
    number = office.draft()
    version = str(items.get(number).version)
    editor.post(f"/items/{number}/edit", {**FORM, "title": "先保存的", "version": version})
    response = reviewer.post(f"/items/{number}/edit", {**FORM, "title": "后保存的", "version": version})
    assert response.status_code == 409
    assert "后保存的" in response.content.decode()
    assert items.latest_revision(number).content.title == "先保存的"


def test_a_text_that_begins_with_a_blank_line_is_kept(office: Office, editor: Client) -> None:
    response = editor.post("/items/new", {**FORM, "title": "", "body": "\n开头空一行"})
    assert "\n\n开头空一行</textarea>" in response.content.decode()


def test_a_nul_byte_breaks_nothing(office: Office, editor: Client) -> None:
    assert editor.post("/items/new", {**FORM, "title": "标\0题", "body": "文\0字"}).status_code == 302


def test_markup_built_to_keep_a_parser_busy_is_refused(office: Office, editor: Client) -> None:
    response = editor.post("/items/new", {**FORM, "form": "html", "body": "<b>" * 5000})
    assert response.status_code == 400


def test_an_editor_says_when_an_item_is_on_the_screen_and_may_change_it(office: Office, editor: Client) -> None:
    editor.post("/items/new", {**FORM, "screen_from": "2026-11-28T08:00", "screen_until": "2026-11-30T18:00"})
    number = only()
    assert dict(items.latest_revision(number).content.fields) == {
        "上屏开始": "2026-11-28T08:00",
        "上屏结束": "2026-11-30T18:00",
    }
    page = editor.get(f"/items/{number}/edit").content.decode()
    assert 'value="2026-11-28T08:00"' in page
    version = str(items.get(number).version)
    editor.post(f"/items/{number}/edit", {**FORM, "version": version, "screen_until": "2026-12-01T18:00"})
    assert dict(items.latest_revision(number).content.fields) == {"上屏结束": "2026-12-01T18:00"}
