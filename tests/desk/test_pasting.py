"""Pasting on the desk: Word and HTML files, copied text, and reprints that no program may fetch."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from syndicate.errors import Message
from syndicate.model.item import Content, ItemKind, ItemState
from syndicate.records import failed_rows, items
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, Office

FORM = {"title": "样例通知", "column": "reprints", "organ": "示例省人民政府", "url": "https://www.example.gov.cn/1.html", "published": "2026-11-26T08:30", "body": "<p>照原样录入的样例正文。</p>"}  # fmt: skip


def word() -> SimpleUploadedFile:
    document, file = docx.Document(), io.BytesIO()
    document.add_paragraph("来自 Word 的样例正文。")
    document.save(file)
    return SimpleUploadedFile("样例.docx", file.getvalue())


def only() -> int:
    return items.listed(tuple(ItemState), 9)[0].id


def content() -> Content:
    return items.latest_revision(only()).content


def test_a_reprint_is_kept_with_unit_address_and_time(office: Office, editor: Client) -> None:
    editor.post("/items/paste", FORM)
    found = content()
    assert (found.kind, found.source_name, found.source_url) == (ItemKind.REPRINT, FORM["organ"], FORM["url"])
    assert found.published_at is not None
    assert found.published_at.isoformat() == "2026-11-26T08:30:00+08:00"


def test_its_text_is_kept_as_it_is(office: Office, editor: Client) -> None:
    editor.post("/items/paste", FORM)
    assert content().body == FORM["body"]


def test_without_an_origin_it_is_the_offices_own(office: Office, editor: Client) -> None:
    editor.post("/items/paste", {**FORM, "organ": "", "url": "", "published": ""})
    assert (content().kind, content().source_name) == (ItemKind.ORIGINAL, office.workspace.snapshot.office.name)


def test_a_word_file_is_read(office: Office, editor: Client) -> None:
    editor.post("/items/paste", {**FORM, "body": "", "file": word()})
    assert content().body == "<p>来自 Word 的样例正文。</p>"


def test_a_file_goes_before_pasted_text(office: Office, editor: Client) -> None:
    editor.post("/items/paste", {**FORM, "file": word()})
    assert "Word" in content().body


def test_scripts_are_taken_out(office: Office, editor: Client) -> None:
    editor.post("/items/paste", {**FORM, "body": "<p onclick='x()'>文<script>x()</script></p>"})
    assert content().body == "<p>文</p>"


def test_it_is_a_draft_until_somebody_submits_it(office: Office, editor: Client) -> None:
    editor.post("/items/paste", FORM)
    editor.post("/items/paste", {**FORM, "url": "https://www.example.gov.cn/2.html", "submit": "1"})
    assert [row.state for row in items.listed(tuple(ItemState), 9)] == [ItemState.DRAFT, ItemState.SUBMITTED]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"organ": ""}, "稿源单位"),
        ({"url": "javascript:alert(1)"}, "稿源单位"),
        ({"url": "file:///etc/passwd"}, "稿源单位"),
        ({"published": "昨天"}, "稿源单位"),
        ({"organ": "长" * 256}, "稿源单位"),
        ({"body": " "}, "正文是空的"),
        ({"title": " "}, "标题是空的"),
        ({"column": "nowhere"}, "栏目"),
        ({"file": SimpleUploadedFile("a.docx", b"PK\x03\x04broken")}, "a.docx"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ\x00\x00\x00" * 99)}, "a.exe"),
    ],
)
def test_what_cannot_be_kept_is_told_and_nothing_typed_is_lost(
    office: Office, editor: Client, change: dict[str, object], words: str
) -> None:
    answer = editor.post("/items/paste", {**FORM, **change})
    text = answer.content.decode()
    assert (answer.status_code >= 400, words in text, items.counted(list(ItemState))) == (True, True, 0)
    assert ('value="样例通知"' in text) or "title" in change


def test_a_file_that_is_too_large_is_refused(office: Office, editor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("syndicate.desk.views.pasting.LARGEST", 10)
    answer = editor.post("/items/paste", {**FORM, "file": word()})
    assert (answer.status_code, items.counted(list(ItemState))) == (400, 0)


def test_a_dead_link_on_the_overview_leads_to_the_filled_form(office: Office, editor: Client) -> None:
    before = office.now - timedelta(days=2)
    url, why = "http://www.example.gov.cn/a b.html?x=1&y=2", Message("net.gone", {"url": "x", "status": 404})
    failed_rows.store(failed_rows.FailedRow("sample", "k", url, '"><b>样例', 9, before, before, before, why))
    page = editor.get("/").content.decode()
    link = page.partition('href="/items/paste?')[2].partition('"')[0]
    form = editor.get(f"/items/paste?{link.replace('&amp;', '&')}").content.decode()
    assert 'value="http://www.example.gov.cn/a b.html?x=1&amp;y=2"' in form
    assert "&quot;&gt;&lt;b&gt;样例" in form


def test_the_page_for_writing_names_the_one_for_pasting(office: Office, editor: Client) -> None:
    assert "/items/paste" in editor.get("/items/new").content.decode()


def test_an_administrator_pastes_nothing(office: Office, log_in: LogIn) -> None:
    assert log_in(ADMIN).post("/items/paste", FORM).status_code == 403
