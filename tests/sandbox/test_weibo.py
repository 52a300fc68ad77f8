"""Weibo: the rules of sharing, the timeline, deletion, quotas. Own construction, see the module."""

from __future__ import annotations

import pytest

from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.settings import Settings, WeiboSettings
from tests.sandbox.samples import PNG, WeiboClient, png, status


def code(reply):
    return reply.status_code, reply.json()["error_code"]


def test_a_shared_text_is_public_at_its_permalink(weibo, running):
    reply = weibo.share()
    assert reply.status_code == 200
    visible = running.state("weibo")["visible"]
    assert [entry["id"] for entry in visible] == [reply.json()["idstr"]]
    assert "样例微博第1条" in running.http.get(visible[0]["url"]).text


def test_the_reply_has_the_platform_s_date_form_and_ids(weibo):
    reply = weibo.share().json()
    assert reply["created_at"] == "Thu Mar 05 12:00:00 +0800 2026"
    assert str(reply["id"]) == reply["mid"] == reply["idstr"]


def test_links_come_back_as_t_cn_addresses(weibo):
    text = weibo.share().json()["text"]
    assert text.startswith("样例微博第1条 http://t.cn/")
    assert "gov.example" not in text


def test_a_picture_is_taken_and_shown(weibo, running):
    reply = weibo.share(picture=PNG).json()
    assert running.http.get(reply["original_pic"]).content == PNG


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"rip": ""}, (400, 10016)),
        ({"rip": "nobody"}, (400, 10017)),
        ({"status": "没有链接"}, (400, 10017)),
        ({"status": "链接不对 http://elsewhere.example/1"}, (400, 10017)),
        ({"status": "子域冒充 http://gov.example.evil.example/1"}, (400, 10017)),
        ({"status": "话题 #样例话题# http://gov.example/1"}, (400, 10017)),
        ({"status": "   "}, (400, 20008)),
        ({"status": ""}, (400, 10016)),
        ({"status": "长" * 131 + "http://gov.example/1"}, (400, 20012)),
        ({"access_token": ""}, (403, 21301)),
        ({"access_token": "unknown"}, (403, 21332)),
    ],
)
def test_what_share_refuses(weibo, fields, expected):
    assert code(weibo.share(**fields)) == expected


def test_a_text_of_exactly_140_is_taken(weibo):
    assert weibo.share("长" * 130 + "http://gov.example/1").status_code == 200


def test_a_fragment_in_a_link_is_no_topic(weibo):
    assert weibo.share("样例 http://gov.example/1#a http://gov.example/2#b").status_code == 200


def test_an_app_without_safe_domain_cannot_share(start):
    weibo = WeiboClient(start(Settings(weibo=WeiboSettings(safe_domains=()))))
    assert "appkey not bind domain!" in weibo.share().json()["error"]


@pytest.mark.parametrize(("picture", "expected"), [(b"<svg/>", 20005), (png(5 * 1024 * 1024), 20006)])
def test_pictures_that_are_refused(weibo, picture, expected):
    assert weibo.share(picture=picture).json()["error_code"] == expected


def test_the_same_text_is_refused_for_ten_minutes(weibo, running):
    assert weibo.share(status(1)).status_code == 200
    assert code(weibo.share(status(1))) == (400, 20019)
    running.clock.advance(600)
    assert weibo.share(status(1)).status_code == 200


def test_two_posts_with_the_same_text_are_counted_as_duplicates(weibo, running):
    weibo.share()
    running.clock.advance(600)
    weibo.share()
    assert [entry["most_at_once"] for entry in running.state("weibo")["duplicates"]] == [2]


def test_the_timeline_shows_the_five_newest(weibo):
    ids = [weibo.share(status(number)).json()["idstr"] for number in range(7)]
    assert [post["idstr"] for post in weibo.timeline(count="100")] == ids[:1:-1]


def test_the_timeline_obeys_since_and_max(weibo):
    ids = [weibo.share(status(number)).json()["idstr"] for number in range(4)]
    assert [post["idstr"] for post in weibo.timeline(since_id=ids[0], max_id=ids[2])] == [ids[2], ids[1]]


def test_published_without_id_appears_on_the_timeline_later(weibo, running):
    running.faults(Fault("weibo", FaultKind.CODE, "/2/statuses/share.json", nth=(1,), code=20032, commit=True))
    assert code(weibo.share()) == (400, 20032)
    assert weibo.timeline() == []
    running.clock.advance(120)
    assert len(weibo.timeline()) == 1


def test_a_destroyed_post_is_gone_everywhere(weibo, running):
    mid = weibo.share().json()["idstr"]
    url = running.state("weibo")["visible"][0]["url"]
    assert weibo.destroy(mid).json()["idstr"] == mid
    assert running.http.get(url).status_code == 404
    assert weibo.timeline() == []


def test_destroying_what_is_not_there_has_its_code(weibo):
    mid = weibo.share().json()["idstr"]
    weibo.destroy(mid)
    assert code(weibo.destroy(mid)) == (400, 20101)
    assert code(weibo.destroy("1")) == (400, 20101)


def test_the_101st_call_of_a_day_is_refused_until_midnight(weibo, running):
    for _ in range(100):
        weibo.timeline()
    assert code(weibo.share()) == (403, 10023)
    running.clock.advance(12 * 3600)
    assert weibo.share().status_code == 200


def test_the_31st_post_of_an_hour_is_refused_until_the_next(weibo, running):
    for number in range(30):
        assert weibo.share(status(number)).status_code == 200
    assert code(weibo.share(status(30))) == (403, 20016)
    running.clock.advance(3600)
    assert weibo.share(status(30)).status_code == 200


def test_the_rate_limit_status_says_what_is_left(weibo, running):
    weibo.share()
    params = {"access_token": weibo.token}
    reply = running.http.get(weibo.url("/2/account/rate_limit_status.json"), params=params).json()
    assert (reply["user_limit"], reply["remaining_user_hits"]) == (100, 99)
    assert reply["reset_time_in_seconds"] == 12 * 3600


def test_the_token_may_stand_in_the_header(weibo, running):
    headers = {"Authorization": f"OAuth2 {weibo.token}"}
    reply = running.http.get(weibo.url("/2/statuses/user_timeline.json"), headers=headers)
    assert reply.json()["statuses"] == []


def test_an_unknown_address_has_the_platform_s_error(weibo, running):
    reply = running.http.post(weibo.url("/2/statuses/nothing.json"))
    assert code(reply) == (404, 10020)
    assert reply.json()["request"] == "/2/statuses/nothing.json"


def test_only_the_own_timeline_can_be_read(weibo, running):
    params = {"access_token": weibo.token, "uid": "1"}
    reply = running.http.get(weibo.url("/2/statuses/user_timeline.json"), params=params)
    assert code(reply) == (403, 21335)


def test_two_pictures_are_refused(weibo, running):
    form = {"access_token": weibo.token, "status": status(1), "rip": "203.0.113.7"}
    files = [("pic", ("a.png", PNG, "image/png")), ("pic", ("b.png", PNG, "image/png"))]
    assert code(running.http.post(weibo.url("/2/statuses/share.json"), data=form, files=files)) == (400, 10008)


@pytest.mark.parametrize("path", ["/1/abc", "/7000000001/abc", "/picture/5", "/picture/none"])
def test_pages_that_do_not_exist_are_not_found(weibo, running, path):
    assert running.http.get(weibo.url(path)).status_code == 404


def test_destroying_needs_an_id(weibo):
    assert code(weibo.destroy("")) == (400, 10016)
