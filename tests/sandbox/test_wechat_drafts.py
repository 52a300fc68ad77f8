"""WeChat: field limits, what becomes of the markup, the draft box, uploads."""

from __future__ import annotations

import json

import pytest

from syndicate.sandbox.settings import Settings, WeChatSettings
from tests.sandbox.samples import PNG, WeChatClient, png

JPEG = b"\xff\xd8\xff\xe0 sample"


def kept(wechat, **fields):
    reply = wechat.post("/cgi-bin/draft/get", {"media_id": wechat.draft(**fields)})
    return reply["news_item"][0]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "题" * 33}, 45003),
        ({"title": ""}, 40227),
        ({"author": "者" * 17}, 45110),
        ({"digest": "摘" * 129}, 45004),
        ({"content": ""}, 44004),
        ({"content": "文" * 20_000}, 45002),
        ({"content_source_url": "http://www.gov.example/" + "a" * 1002}, 45005),
        ({"thumb_media_id": "unknown"}, 40007),
        ({"need_open_comment": 2}, 40035),
        ({"need_open_comment": True}, 40035),
        ({"title": 5}, 47001),
        ({"article_type": "video"}, 40035),
    ],
)
def test_what_a_draft_may_not_have(wechat, fields, code):
    assert wechat.add(wechat.article(**fields))["errcode"] == code


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "题" * 32},
        {"author": "者" * 16},
        {"digest": "摘" * 128},
        {"content": "文" * 19_999},
        {"content_source_url": "http://www.gov.example/" + "a" * 1001},
    ],
)
def test_every_field_may_reach_its_limit(wechat, fields):
    assert wechat.add(wechat.article(**fields)).get("media_id")


def test_markup_counts_in_the_length_of_the_content(wechat):
    content = "<p>" + "文" * 19_990 + "</p>"
    assert len(content) < 20_000
    assert wechat.add(wechat.article(content=content)).get("media_id")
    assert wechat.add(wechat.article(content=f"<b>{content}</b>"))["errcode"] == 45002


def test_titles_of_64_can_be_switched_on(start):
    wechat = WeChatClient(start(Settings(wechat=WeChatSettings(title_limit=64))))
    wechat.get_token()
    assert wechat.add(wechat.article(title="题" * 64)).get("media_id")
    assert wechat.add(wechat.article(title="题" * 65))["errcode"] == 45003


def test_a_draft_has_one_to_eight_articles(wechat):
    article = wechat.article()
    assert wechat.add(*[article] * 8).get("media_id")
    assert wechat.add(*[article] * 9)["errcode"] == 45008
    assert wechat.add()["errcode"] == 44003


def test_the_digest_limit_holds_for_single_articles_only(wechat):
    article = wechat.article(digest="摘" * 129)
    assert wechat.add(article, article).get("media_id")


def test_an_empty_digest_becomes_the_beginning_of_the_text(wechat):
    assert kept(wechat, digest="", content="<p>" + "文" * 60 + "</p>")["digest"] == "文" * 54


def test_escaped_characters_are_refused(wechat):
    body = json.dumps({"articles": [wechat.article()]}).encode()
    assert wechat.send("/cgi-bin/draft/add", body).json()["errcode"] == 40033


def test_a_written_backslash_is_no_escape(wechat):
    assert wechat.add(wechat.article(title="样例\\u4e2d")).get("media_id")


def test_only_uploaded_pictures_survive(wechat):
    own = wechat.upload("/cgi-bin/media/uploadimg")["url"]
    content = f'<p>前<img src="http://elsewhere.example/1.png">中<img alt="x" src="{own}">后</p>'
    assert kept(wechat, content=content)["content"] == f'<p>前中<img alt="x" src="{own}">后</p>'


def test_scripts_and_handlers_are_removed(wechat):
    content = '<p onclick="go()">文<script>alert(1)</script><a href="java\nscript:go()">链</a></p>'
    assert kept(wechat, content=content)["content"] == "<p>文<a>链</a></p>"


def test_other_markup_stays_as_it_is(wechat):
    content = '<section style="color:#222"><p>甲&nbsp;乙 &lt; 丙 &#20013;<br/></p></section>'
    assert kept(wechat, content=content)["content"] == content


def test_a_picture_message_needs_permanent_pictures(wechat):
    picture = {"image_list": [{"image_media_id": wechat.cover()}]}
    fields = {"article_type": "newspic", "thumb_media_id": ""}
    assert kept(wechat, **fields, image_info=picture)["image_info"] == picture
    unknown = {"image_list": [{"image_media_id": "unknown"}]}
    assert wechat.add(wechat.article(**fields, image_info=unknown))["errcode"] == 40007
    assert wechat.add(wechat.article(**fields, image_info={}))["errcode"] == 40035


def test_a_draft_can_be_updated(wechat):
    media_id = wechat.draft()
    document = {"media_id": media_id, "index": 0, "articles": wechat.article(title="新标题")}
    assert wechat.post("/cgi-bin/draft/update", document)["errcode"] == 0
    assert wechat.post("/cgi-bin/draft/get", {"media_id": media_id})["news_item"][0]["title"] == "新标题"
    assert wechat.post("/cgi-bin/draft/update", document | {"index": 1})["errcode"] == 40035


def test_a_draft_can_be_deleted_once(wechat):
    document = {"media_id": wechat.draft()}
    assert wechat.post("/cgi-bin/draft/delete", document)["errcode"] == 0
    assert wechat.post("/cgi-bin/draft/delete", document)["errcode"] == 40007
    assert wechat.post("/cgi-bin/draft/delete", {})["errcode"] == 41006


def test_drafts_are_counted_with_get_only(wechat, running):
    wechat.draft()
    params = {"access_token": wechat.token}
    assert running.http.get(wechat.url("/cgi-bin/draft/count"), params=params).json() == {"total_count": 1}
    assert wechat.post("/cgi-bin/draft/count", {})["errcode"] == 43001
    assert running.http.get(wechat.url("/cgi-bin/draft/get"), params=params).json()["errcode"] == 43002


def test_the_list_of_drafts_is_newest_first_and_in_pages(wechat, running):
    ids = []
    for number in range(3):
        ids.append(wechat.draft(title=f"第{number}"))
        running.clock.advance(1)
    reply = wechat.post("/cgi-bin/draft/batchget", {"offset": 1, "count": 1, "no_content": 0})
    assert (reply["total_count"], reply["item_count"]) == (3, 1)
    assert reply["item"][0]["media_id"] == ids[1]


@pytest.mark.parametrize("page", [{"count": 0}, {"count": 21}, {"count": 1, "offset": -1}, {"count": "1"}])
def test_a_page_out_of_range_is_refused(wechat, page):
    assert wechat.post("/cgi-bin/draft/batchget", page)["errcode"] == 40035


@pytest.mark.parametrize("keeps", [True, False])
def test_whether_lists_without_content_keep_the_source_address_is_a_setting(start, keeps):
    wechat = WeChatClient(start(Settings(wechat=WeChatSettings(lists_keep_source_url=keeps))))
    wechat.get_token()
    wechat.draft()
    reply = wechat.post("/cgi-bin/draft/batchget", {"offset": 0, "count": 1, "no_content": 1})
    article = reply["item"][0]["content"]["news_item"][0]
    assert "content" not in article
    assert ("content_source_url" in article) is keeps


def test_a_draft_has_a_preview(wechat, running):
    assert "样例正文" in running.http.get(kept(wechat)["url"]).text


def test_uploaded_pictures_can_be_looked_at(wechat, running):
    url = wechat.upload("/cgi-bin/media/uploadimg")["url"]
    reply = running.http.get(url)
    assert (reply.content, reply.headers["content-type"]) == (PNG, "image/png")


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"<svg/>", "image", 40137),
        (png(10 * 1024 * 1024 + 1), "image", 40009),
        (PNG, "video", 40004),
        (PNG, "thumb", 40005),
        (JPEG + bytes(65536), "thumb", 40012),
        (b"", "image", 44001),
    ],
)
def test_material_that_is_refused(wechat, content, kind, code):
    assert wechat.upload("/cgi-bin/material/add_material", content, type=kind)["errcode"] == code


@pytest.mark.parametrize(("content", "code"), [(b"GIF89a", 40005), (png(1024 * 1024), 40009)])
def test_pictures_for_texts_that_are_refused(wechat, content, code):
    assert wechat.upload("/cgi-bin/media/uploadimg", content)["errcode"] == code


def test_a_small_jpeg_is_taken_as_thumb(wechat):
    assert wechat.upload("/cgi-bin/material/add_material", JPEG, type="thumb")["media_id"]


@pytest.mark.parametrize("body", [b"", b"no form", b"--x\r\n\r\n"])
def test_an_upload_without_a_file_is_refused(wechat, running, body):
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    params = {"access_token": wechat.token, "type": "image"}
    reply = running.http.post(
        wechat.url("/cgi-bin/material/add_material"), params=params, content=body, headers=headers
    )
    assert reply.json()["errcode"] == 41005


def test_an_article_must_be_an_object(wechat):
    assert wechat.add("text")["errcode"] == 47001


@pytest.mark.parametrize("markup", ["文<script>alert(1)<b>粗</b>", "文<embed src=x><iframe>内</iframe></form>"])
def test_what_stands_in_removed_elements_goes_with_them(wechat, markup):
    assert kept(wechat, content=markup)["content"] == "文"


def test_a_picture_that_was_never_uploaded_is_not_found(wechat, running):
    assert running.http.get(wechat.url("/mmbiz/unknown")).status_code == 404


def test_an_upload_without_a_file_name_is_refused(wechat, running):
    params = {"access_token": wechat.token}
    reply = running.http.post(wechat.url("/cgi-bin/media/uploadimg"), params=params, files={"media": (None, PNG)})
    assert reply.json()["errcode"] == 41005


def test_an_upload_that_is_no_form_is_refused(wechat):
    assert wechat.send("/cgi-bin/media/uploadimg", PNG).json()["errcode"] == 41005


def test_public_pages_are_only_read(wechat, running):
    assert running.http.post(wechat.url("/s/anything")).status_code == 405
    assert "该内容已被发布者删除" in running.http.get(wechat.url("/preview/anything")).text
