"""WeChat: from draft to public page and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.settings import Settings, WeChatSettings
from tests.sandbox.samples import WeChatClient


def test_an_accepted_draft_is_public_after_the_delay(wechat, running):
    publish_id = wechat.submit(wechat.draft())
    assert wechat.status(publish_id)["publish_status"] == 1
    assert running.state("wechat")["visible"] == []
    running.clock.advance(2)
    reply = wechat.status(publish_id)
    assert reply["publish_status"] == 0
    url = reply["article_detail"]["item"][0]["article_url"]
    assert "样例正文" in running.http.get(url).text


def test_the_delay_is_settable(start):
    running = start(Settings(wechat=WeChatSettings(publish_delay=timedelta(seconds=20))))
    wechat = WeChatClient(running)
    wechat.get_token()
    publish_id = wechat.submit(wechat.draft())
    running.clock.advance(19)
    assert wechat.status(publish_id)["publish_status"] == 1
    running.clock.advance(1)
    assert wechat.status(publish_id)["publish_status"] == 0


def test_the_draft_leaves_the_box_only_when_the_job_ends(wechat, running):
    media_id = wechat.draft()
    wechat.submit(media_id)
    assert "news_item" in wechat.post("/cgi-bin/draft/get", {"media_id": media_id})
    running.clock.advance(2)
    assert wechat.post("/cgi-bin/draft/get", {"media_id": media_id})["errcode"] == 40007


def test_submitting_twice_while_the_job_runs_publishes_twice(wechat, running):
    media_id = wechat.draft()
    wechat.submit(media_id)
    wechat.submit(media_id)
    running.clock.advance(2)
    state = running.state("wechat")
    assert len(state["visible"]) == 2
    assert [entry["most_at_once"] for entry in state["duplicates"]] == [2]


def test_submitting_after_publication_is_refused(wechat, running):
    media_id = wechat.draft()
    wechat.submit(media_id)
    running.clock.advance(2)
    assert wechat.post("/cgi-bin/freepublish/submit", {"media_id": media_id})["errcode"] == 40007


@pytest.mark.parametrize("status", range(7))
def test_every_final_status_can_be_drilled(wechat, running, status):
    running.faults(Fault("wechat", FaultKind.PUBLISH_STATUS, "/cgi-bin/freepublish/submit", status=status))
    publish_id = wechat.submit(wechat.draft())
    running.clock.advance(2)
    assert wechat.status(publish_id)["publish_status"] == status


@pytest.mark.parametrize(("status", "failed"), [(2, [1]), (3, []), (4, [1])])
def test_a_failed_job_names_its_articles_for_originality_and_rejection(wechat, running, status, failed):
    running.faults(Fault("wechat", FaultKind.PUBLISH_STATUS, status=status))
    publish_id = wechat.submit(wechat.draft())
    running.clock.advance(2)
    assert wechat.status(publish_id)["fail_idx"] == failed


@pytest.mark.parametrize("status", [2, 3, 4])
def test_a_failed_job_publishes_nothing_and_keeps_the_draft(wechat, running, status):
    running.faults(Fault("wechat", FaultKind.PUBLISH_STATUS, status=status))
    media_id = wechat.draft()
    wechat.submit(media_id)
    running.clock.advance(2)
    assert running.state("wechat")["visible"] == []
    assert "news_item" in wechat.post("/cgi-bin/draft/get", {"media_id": media_id})


@pytest.mark.parametrize("status", [5, 6])
def test_an_article_that_was_taken_down_after_publication_is_not_visible(wechat, running, status):
    running.faults(Fault("wechat", FaultKind.PUBLISH_STATUS, status=status))
    publish_id = wechat.submit(wechat.draft())
    running.clock.advance(2)
    article_id = wechat.status(publish_id)["article_id"]
    assert running.state("wechat")["visible"] == []
    news = wechat.post("/cgi-bin/freepublish/getarticle", {"article_id": article_id})["news_item"]
    assert news[0]["is_deleted"] is True


def test_the_publish_id_may_be_asked_as_text_or_number(wechat):
    publish_id = wechat.submit(wechat.draft())
    assert wechat.status(int(publish_id)) == wechat.status(publish_id)


def test_an_unknown_publish_id_has_its_code(wechat):
    assert wechat.status("12345")["errcode"] == 53502


def test_an_unknown_article_id_has_its_code(wechat):
    for path in ("getarticle", "delete"):
        assert wechat.post(f"/cgi-bin/freepublish/{path}", {"article_id": "none"})["errcode"] == 53600


def test_a_deleted_article_leaves_a_page_that_says_so(wechat, running):
    done = wechat.published()
    reply = wechat.post("/cgi-bin/freepublish/delete", {"article_id": done["article_id"], "index": 1})
    assert reply["errcode"] == 0
    page = running.http.get(done["article_detail"]["item"][0]["article_url"])
    assert "该内容已被发布者删除" in page.text
    assert "样例正文" not in page.text


def test_deleting_again_has_the_code_of_a_bad_article(wechat):
    document = {"article_id": wechat.published()["article_id"], "index": 1}
    wechat.post("/cgi-bin/freepublish/delete", document)
    assert wechat.post("/cgi-bin/freepublish/delete", document)["errcode"] == 53600


def test_index_0_deletes_all_articles_and_n_only_the_nth(wechat, running):
    cover = wechat.cover()
    first, second = (wechat.article(title=title, thumb_media_id=cover) for title in ("第一", "第二"))
    media_ids = [wechat.add(first, second)["media_id"] for _ in range(2)]
    publish_ids = [wechat.submit(media_id) for media_id in media_ids]
    running.clock.advance(2)
    ids = [wechat.status(publish_id)["article_id"] for publish_id in publish_ids]
    wechat.post("/cgi-bin/freepublish/delete", {"article_id": ids[0], "index": 2})
    wechat.post("/cgi-bin/freepublish/delete", {"article_id": ids[1]})
    assert [entry["title"] for entry in running.state("wechat")["visible"]] == ["第一"]


def test_the_list_of_publications_is_newest_first_and_keeps_deleted_ones(wechat):
    ids = [wechat.published(title=title)["article_id"] for title in ("第一", "第二")]
    wechat.post("/cgi-bin/freepublish/delete", {"article_id": ids[0]})
    reply = wechat.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 20, "no_content": 1})
    assert [entry["article_id"] for entry in reply["item"]] == ids[::-1]
    assert [entry["content"]["news_item"][0]["is_deleted"] for entry in reply["item"]] == [False, True]
    assert "content" not in reply["item"][0]["content"]["news_item"][0]


def test_the_first_publication_is_journaled_before_anybody_asks_again(wechat, running):
    wechat.published()
    assert '"kind": "published"' in running.journal.read_text("utf-8")


def test_a_reader_sees_the_link_to_the_original(wechat, running):
    url = wechat.published()["article_detail"]["item"][0]["article_url"]
    assert 'href="http://www.gov.example/a/1.html"' in running.http.get(url).text


def test_mass_sending_with_a_repeated_clientmsgid_names_the_first_message(wechat):
    document = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "clientmsgid": "sample-1"}
    document["mpnews"] = {"media_id": wechat.draft()}
    first = wechat.post("/cgi-bin/message/mass/sendall", document)
    again = wechat.post("/cgi-bin/message/mass/sendall", document)
    assert first["errcode"] == 0
    assert (again["errcode"], again["msg_id"]) == (45065, first["msg_id"])


def test_an_account_has_one_mass_send_a_day(wechat, running):
    document = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": wechat.draft()}}
    assert wechat.post("/cgi-bin/message/mass/sendall", document)["errcode"] == 0
    assert wechat.post("/cgi-bin/message/mass/sendall", document)["errcode"] == 45028
    running.clock.advance(12 * 3600)
    wechat.get_token()
    assert wechat.post("/cgi-bin/message/mass/sendall", document)["errcode"] == 0


def test_mass_sent_articles_are_not_in_the_list_of_publications(wechat, running):
    document = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": wechat.draft()}}
    message = wechat.post("/cgi-bin/message/mass/sendall", document)["msg_id"]
    assert wechat.post("/cgi-bin/message/mass/get", {"msg_id": message})["msg_status"] == "SEND_SUCCESS"
    assert wechat.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1})["total_count"] == 0
    assert len(running.state("wechat")["visible"]) == 1


def test_a_mass_sent_message_can_be_deleted(wechat, running):
    document = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": wechat.draft()}}
    message = wechat.post("/cgi-bin/message/mass/sendall", document)["msg_id"]
    assert wechat.post("/cgi-bin/message/mass/delete", {"msg_id": message})["errcode"] == 0
    assert wechat.post("/cgi-bin/message/mass/get", {"msg_id": message})["msg_status"] == "DELETE"
    assert running.state("wechat")["visible"] == []


@pytest.mark.parametrize("index", [-1, 2, "1", True])
def test_an_article_number_out_of_range_is_refused(wechat, index):
    document = {"article_id": wechat.published()["article_id"], "index": index}
    assert wechat.post("/cgi-bin/freepublish/delete", document)["errcode"] == 40035


def test_a_picture_message_is_shown_as_plain_text(wechat, running):
    info = {"image_list": [{"image_media_id": wechat.cover()}]}
    fields = {"article_type": "newspic", "thumb_media_id": "", "image_info": info, "content": "甲<b>乙"}
    url = wechat.published(**fields)["article_detail"]["item"][0]["article_url"]
    assert "甲&lt;b&gt;乙" in running.http.get(url).text


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"filter": {}}, 40035),
        ({"filter": {"is_to_all": False, "tag_id": "2"}}, 40035),
        ({"msgtype": "text"}, 40008),
        ({"mpnews": None}, 41006),
        ({"mpnews": {"media_id": "unknown"}}, 40007),
        ({"clientmsgid": 5}, 40035),
        ({"clientmsgid": "长" * 22}, 40035),
    ],
)
def test_what_mass_sending_refuses(wechat, fields, code):
    document = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": wechat.draft()}}
    assert wechat.post("/cgi-bin/message/mass/sendall", document | fields)["errcode"] == code


def test_a_mass_sent_message_that_is_not_there_has_its_code(wechat):
    for path in ("get", "delete"):
        assert wechat.post(f"/cgi-bin/message/mass/{path}", {"msg_id": "5"})["errcode"] == 40060


def test_one_article_of_a_mass_sent_message_can_be_deleted(wechat, running):
    article = wechat.article()
    media_id = wechat.add(article, article | {"title": "第二"})["media_id"]
    document = {"filter": {"is_to_all": False, "tag_id": 2}, "msgtype": "mpnews", "mpnews": {"media_id": media_id}}
    message = wechat.post("/cgi-bin/message/mass/sendall", document)["msg_id"]
    assert wechat.post("/cgi-bin/message/mass/delete", {"msg_id": message, "article_idx": 3})["errcode"] == 40035
    assert wechat.post("/cgi-bin/message/mass/delete", {"msg_id": message, "article_idx": 1})["errcode"] == 0
    assert [entry["title"] for entry in running.state("wechat")["visible"]] == ["第二"]
