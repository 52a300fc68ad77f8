from __future__ import annotations

import base64
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from syndicate.flow import items as flow
from syndicate.flow.checking import render_all
from syndicate.model.channel import ChannelKind
from syndicate.model.item import ItemState
from syndicate.records import audit, items, kept_writing
from syndicate.render.markup import elements, parse
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, PNG, Office

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

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


def test_column_channels_and_dates_are_chosen(office: Office, editor: Client) -> None:
    led, weibo = office.channel_of(ChannelKind.LED), office.channel_of(ChannelKind.WEIBO)
    form = {**FORM, "channels": ["", led, weibo], "expires_at": "2027-01-31T18:00", "review_on": "2027-06-01"}
    editor.post("/items/new", form)
    item = items.get(only())
    assert set(item.channels) == {led, weibo}
    assert (f"{item.expires_at:%Y-%m-%d}", str(item.review_on)) == ("2027-01-31", "2027-06-01")


def test_all_channels_ticked_means_all_that_take_the_column(office: Office, editor: Client) -> None:
    editor.post("/items/new", {**FORM, "channels": ["", *office.workspace.snapshot.channels]})
    assert items.get(only()).channels == ()


def test_no_channel_at_all_is_refused(office: Office, editor: Client) -> None:
    response = editor.post("/items/new", {**FORM, "channels": [""]})
    assert response.status_code == 400
    assert "没有选择任何渠道" in response.content.decode()


def test_an_item_may_be_moved_before_it_was_published(office: Office, editor: Client) -> None:
    number = office.submitted()
    form = {**FORM, "column": "notices", "channels": ["", office.channel_of(ChannelKind.LED)]}
    editor.post(f"/items/{number}/edit", {**form, "version": str(items.get(number).version)})
    assert items.get(number).column == "notices"
    assert audit.of_subject(f"item:{number}")[-2].data["column"] == ["news", "notices"]


def test_what_was_published_is_never_moved(office: Office, editor: Client) -> None:
    number = office.published()
    flow.amend(office.workspace, EDITOR, number, "改正")
    form = {**FORM, "column": "notices", "channels": ["", office.channel_of(ChannelKind.LED)]}
    editor.post(f"/items/{number}/edit", {**form, "title": "改正了", "version": str(items.get(number).version)})
    item = items.get(number)
    assert (item.column, item.channels, items.latest_revision(number).content.title) == ("news", (), "改正了")
    assert 'name="column"' not in editor.get(f"/items/{number}/edit").content.decode()


@pytest.mark.parametrize("change", [{"expires_at": "2020-01-01T00:00"}, {"expires_at": "x"}, {"review_on": "x"}])
def test_dates_that_cannot_be_are_refused(office: Office, editor: Client, change: dict[str, str]) -> None:
    assert editor.post("/items/new", {**FORM, **change}).status_code == 400


def test_the_fields_of_a_policy_document_reach_the_website(office: Office, editor: Client) -> None:
    form = {
        "official:索引号": "YC-2026-0001",
        "official:成文日期": "2026-11-05",
        "official:有效性": "有效",
        "official:解读文件": "云政发〔2026〕1号",
    }
    editor.post("/items/new", {**FORM, "column": "policy", **form})
    number = only()
    rendition = next(
        one.rendition
        for one in render_all(office.workspace, items.get(number), items.latest_revision(number).content)
        if one.rendition.channel == office.channel_of(ChannelKind.WEBSITE)
    )
    assert rendition.fields["field:成文日期"] == "2026年11月5日"
    assert rendition.fields["field:解读文件"] == "云政发〔2026〕1号"
    page = editor.get(f"/items/{number}/edit").content.decode()
    assert 'name="official:成文日期" value="2026-11-05"' in page


def uploaded(client: Client, name: str, data: bytes, role: str = "attachment") -> dict[str, list[dict[str, str]]]:
    response = client.post("/writing/files", {"role": role, "file": SimpleUploadedFile(name, data)})
    return response.json()


def token(line: str) -> str:
    return re.search(r'name="files" value="([^"]+)"', line)[1]


def test_uploads_belong_to_the_item_that_is_saved_with_them(office: Office, editor: Client) -> None:
    file = uploaded(editor, "附件.pdf", PDF)["files"][0]
    picture = uploaded(editor, "现场.png", PNG, "image")["files"][0]
    body = f'<p>文</p><p><img src="file:{picture["sha256"]}" alt="现场"></p>'
    files = [token(file["line"]), token(picture["line"])]
    editor.post("/items/new", {**FORM, "form": "html", "body": body, "files": files})
    content = items.latest_revision(only()).content
    assert [(one.name, one.role.value) for one in content.attachments] == [
        ("附件.pdf", "attachment"),
        ("现场.png", "image"),
    ]
    assert (
        editor.get(f"/items/{only()}/files/{content.attachments[0].sha256}").headers["X-Content-Type-Options"]
        == "nosniff"
    )


def test_an_upload_is_seen_by_its_writer_before_it_is_saved(office: Office, editor: Client) -> None:
    picture = uploaded(editor, "现场.png", PNG, "image")["files"][0]
    response = editor.get(picture["address"])
    assert (response.status_code, response.headers["Content-Type"]) == (200, "image/png")
    file = uploaded(editor, "附件.pdf", PDF)["files"][0]
    response = editor.get(file["address"])
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_a_picture_that_does_not_stand_in_the_text_is_left_out(office: Office, editor: Client) -> None:
    picture = uploaded(editor, "现场.png", PNG, "image")["files"][0]
    editor.post("/items/new", {**FORM, "files": [token(picture["line"])]})
    assert items.latest_revision(only()).content.attachments == ()


def test_a_picture_needs_words_for_those_who_cannot_see_it(office: Office, editor: Client) -> None:
    picture = uploaded(editor, "现场.png", PNG, "image")["files"][0]
    body = f'<p>文<img src="file:{picture["sha256"]}" alt=" "></p>'
    response = editor.post("/items/new", {**FORM, "form": "html", "body": body, "files": [token(picture["line"])]})
    assert response.status_code == 400
    assert "有 1 张图片没有替代文字" in response.content.decode()


def test_a_refused_upload_says_why_and_the_others_are_taken(office: Office, editor: Client) -> None:
    sent = [SimpleUploadedFile("a.pdf", b"<html>"), SimpleUploadedFile("b.pdf", PDF)]
    answer = editor.post("/writing/files", {"file": sent}).json()
    assert ([one["name"] for one in answer["files"]], len(answer["problems"])) == (["b.pdf"], 1)


def test_a_token_that_this_desk_did_not_give_out_is_refused(office: Office, editor: Client) -> None:
    response = editor.post("/items/new", {**FORM, "files": ["eyJ4IjoxfQ:x:y"]})
    assert response.status_code == 400
    assert editor.get("/writing/files/eyJ4IjoxfQ:x:y").status_code == 400


def test_an_attachment_is_taken_out_by_unticking_it(office: Office, editor: Client) -> None:
    file = uploaded(editor, "附件.pdf", PDF)["files"][0]
    editor.post("/items/new", {**FORM, "files": [token(file["line"])]})
    number = only()
    assert "附件.pdf" in editor.get(f"/items/{number}/edit").content.decode()
    editor.post(f"/items/{number}/edit", {**FORM, "version": str(items.get(number).version)})
    assert items.latest_revision(number).content.attachments == ()


def test_files_can_be_sent_with_the_form_itself(office: Office, editor: Client) -> None:
    form = {
        **FORM,
        "attachment": SimpleUploadedFile("一.pdf", PDF),
        "picture": SimpleUploadedFile("图.png", PNG),
        "picture_alt": '现场 "样例" <b>',
    }
    editor.post("/items/new", form)
    content = items.latest_revision(only()).content
    assert [one.role.value for one in content.attachments] == ["attachment", "image"]
    assert elements(parse(content.body), "img")[0].get("alt") == '现场 "样例" <b>'


def test_what_word_puts_on_the_clipboard_comes_back_clean(office: Office, editor: Client) -> None:
    coded = base64.b64encode(PNG).decode()
    markup = f"<p class=MsoNormal style='mso-x:y'>文<o:p></o:p></p><p><img src='data:image/png;base64,{coded}'><img src='file:///C:/x.png'></p>"
    answer = editor.post("/writing/clipboard", {"markup": markup}).json()
    assert answer["html"] == f'<p>文</p><p><img src="file:{answer["files"][0]["sha256"]}" alt=""></p>'
    assert answer["missed"] == 1


def test_a_clipboard_built_to_keep_a_parser_busy_is_refused(office: Office, editor: Client) -> None:
    assert editor.post("/writing/clipboard", {"markup": "<b>" * 5_000}).status_code == 400


def test_what_is_typed_is_kept_and_comes_back(office: Office, editor: Client) -> None:
    answer = editor.post("/writing/keep", {**FORM, "item": "0", "title": "写到一半", "channels": ["", "led"]})
    assert f"上次自动保存 {office.workspace.now():%H:%M}" in answer.content.decode()
    page = editor.get("/items/new").content.decode()
    assert "写到一半" in page
    assert "自动保存、尚未保存为稿件的内容" in page
    assert items.counted(tuple(ItemState)) == 0


def test_what_a_colleague_types_is_never_shown(office: Office, editor: Client, reviewer: Client) -> None:
    editor.post("/writing/keep", {**FORM, "item": "0", "title": "写到一半"})
    assert "写到一半" not in reviewer.get("/items/new").content.decode()


def test_keeping_is_no_revision_and_saving_forgets_what_was_kept(office: Office, editor: Client) -> None:
    number = office.draft()
    version = str(items.get(number).version)
    editor.post("/writing/keep", {**FORM, "item": str(number), "title": "写到一半", "version": version})
    assert items.latest_revision(number).number == 1
    assert "写到一半" in editor.get(f"/items/{number}/edit").content.decode()
    editor.post(f"/items/{number}/edit", {**FORM, "title": "写完", "version": version})
    assert "自动保存、尚未保存" not in editor.get(f"/items/{number}/edit").content.decode()


def test_what_was_kept_can_be_given_up(office: Office, editor: Client) -> None:
    editor.post("/writing/keep", {**FORM, "item": "0", "title": "写到一半"})
    assert editor.post("/writing/forget", {"item": "0"}).headers["Location"] == "/items/new"
    assert "写到一半" not in editor.get("/items/new").content.decode()


def test_an_empty_form_is_not_kept(office: Office, editor: Client) -> None:
    editor.post("/writing/keep", {"item": "0", "title": " ", "body": ""})
    assert kept_writing.kept(EDITOR.name, 0) is None


def test_a_form_beyond_all_measure_is_not_kept_and_says_so(office: Office, editor: Client) -> None:
    answer = editor.post("/writing/keep", {**FORM, "item": "0", "body": "a" * 5_000_001})
    assert "内容太长，没有自动保存" in answer.content.decode()


def test_what_was_kept_never_overwrites_a_colleague(office: Office, editor: Client, reviewer: Client) -> None:
    number = office.draft()
    version = str(items.get(number).version)
    editor.post("/writing/keep", {**FORM, "item": str(number), "title": "我的", "version": version})
    reviewer.post(f"/items/{number}/edit", {**FORM, "title": "同事的", "version": version})
    page = editor.get(f"/items/{number}/edit").content.decode()
    assert "同事已经保存了第 2 版" in page
    response = editor.post(f"/items/{number}/edit", {**FORM, "title": "我的", "version": version})
    assert response.status_code == 409
    assert items.latest_revision(number).content.title == "同事的"


def test_saving_again_after_the_warning_is_a_decision(office: Office, editor: Client, reviewer: Client) -> None:
    number = office.draft()
    version = str(items.get(number).version)
    reviewer.post(f"/items/{number}/edit", {**FORM, "title": "同事的", "version": version})
    page = editor.post(f"/items/{number}/edit", {**FORM, "title": "我的", "version": version}).content.decode()
    told = re.search(r'name="version" value="(\d+)"', page)[1]
    editor.post(f"/items/{number}/edit", {**FORM, "title": "我的", "version": told})
    assert [one.content.title for one in items.revisions(number)][1:] == ["同事的", "我的"]


def test_the_text_is_checked_while_it_is_typed_and_nothing_is_stored(office: Office, editor: Client) -> None:
    answer = editor.post("/writing/check", {"title": "秸杆", "body": "<p>县秸杆办</p>", "form": "html"})
    text = answer.content.decode()
    assert text.count("疑似错别字") == 2
    assert "正文 4 字" in text
    assert items.counted(tuple(ItemState)) == 0


def test_a_text_that_is_too_long_to_check_is_told_so(office: Office, editor: Client) -> None:
    answer = editor.post("/writing/check", {"title": "标题", "body": "文" * 100_001, "form": "html"})
    assert "文字太长，不再边写边查" in answer.content.decode()


def test_markup_that_cannot_be_read_is_told_while_typing(office: Office, editor: Client) -> None:
    answer = editor.post("/writing/check", {"title": "标题", "body": "<b>" * 5_000, "form": "html"})
    assert answer.status_code == 200
    assert 'class="told"' in answer.content.decode()


@pytest.mark.parametrize("address", ["/writing/check", "/writing/keep", "/writing/files", "/writing/clipboard"])
def test_who_only_keeps_accounts_writes_nothing(office: Office, log_in: LogIn, address: str) -> None:
    assert log_in(ADMIN).post(address, {**FORM, "item": "0", "markup": "x"}).status_code == 403
