"""Faults: which call they strike, and what the client sees while the effect happens or not."""

from __future__ import annotations

import time

import httpx
import pytest

from syndicate.sandbox.faults import Fault, FaultKind, FaultPlan
from tests.sandbox.samples import status

SHARE = "/2/statuses/share.json"
ADD = "/cgi-bin/draft/add"
SUBMIT = "/cgi-bin/freepublish/submit"


def struck(fault, calls, platform="weibo", endpoint=SHARE):
    plan = FaultPlan([fault])
    return [number for number in range(1, calls + 1) if plan.pick(platform, endpoint)]


@pytest.mark.parametrize(
    ("when", "numbers"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": (2,)}, [2]),
        ({"nth": (1, 4)}, [1, 4]),
        ({"every": 3}, [3, 6]),
        ({"after": 4}, [5, 6]),
        ({"nth": (1,), "after": 3}, [4]),
        ({"every": 2, "after": 1}, [3, 5]),
    ],
)
def test_when_a_fault_strikes(when, numbers):
    assert struck(Fault("weibo", FaultKind.SLOW, **when), 6) == numbers


def test_a_probability_with_a_seed_is_repeatable():
    fault = Fault("weibo", FaultKind.SLOW, probability=0.3, seed=7)
    first = struck(fault, 200)
    assert first == struck(fault, 200)
    assert 30 < len(first) < 90


def test_a_fault_counts_only_its_own_platform_and_endpoint():
    plan = FaultPlan([Fault("wechat", FaultKind.SLOW, "/cgi-bin/draft/*", nth=(2,))])
    calls = [("weibo", ADD), ("wechat", ADD), ("wechat", SUBMIT), ("wechat", "/cgi-bin/draft/get")]
    assert [plan.pick(*call) is not None for call in calls] == [False, False, False, True]


def test_the_first_entry_wins_and_the_others_still_count():
    plan = FaultPlan([Fault("*", FaultKind.SLOW, nth=(1,)), Fault("*", FaultKind.HTTP_500, nth=(1, 2))])
    assert [plan.pick("app", "/").kind for _ in range(2)] == [FaultKind.SLOW, FaultKind.HTTP_500]


def test_hits_are_counted_by_kind(weibo, running):
    running.faults(Fault("weibo", FaultKind.EMPTY_JSON, nth=(1,)))
    weibo.share()
    weibo.share()
    assert running.state("weibo")["faults"] == {"empty_json": 1}


@pytest.mark.parametrize("commit", [False, True])
@pytest.mark.parametrize("kind", [FaultKind.HTTP_500, FaultKind.HTML_200, FaultKind.EMPTY_JSON, FaultKind.CODE])
def test_a_disturbed_reply_hides_the_effect_only_when_it_is_told_to_commit(weibo, running, kind, commit):
    running.faults(Fault("weibo", kind, SHARE, code=10002, commit=commit))
    weibo.share()
    assert len(running.state("weibo")["visible"]) == commit


def test_a_server_error_may_say_when_to_come_back(weibo, running):
    running.faults(Fault("weibo", FaultKind.HTTP_500, status=503, retry_after=30))
    reply = weibo.share()
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "30")


def test_a_captive_portal_answers_200_with_html(weibo, running):
    running.faults(Fault("weibo", FaultKind.HTML_200))
    reply = weibo.share()
    assert reply.status_code == 200
    assert reply.headers["content-type"].startswith("text/html")


def test_an_empty_object_has_status_200(weibo, running):
    running.faults(Fault("weibo", FaultKind.EMPTY_JSON))
    assert (weibo.share().status_code, weibo.share().json()) == (200, {})


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT_AFTER_COMMIT, FaultKind.RESET_AFTER_COMMIT])
def test_a_reply_lost_after_commit_leaves_the_post(weibo, running, kind):
    running.faults(Fault("weibo", kind, SHARE, nth=(1,), delay=0.05))
    with pytest.raises(httpx.TransportError):
        weibo.share()
    assert len(running.state("weibo")["visible"]) == 1


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT_AFTER_COMMIT, FaultKind.RESET_AFTER_COMMIT])
def test_a_reply_lost_after_commit_leaves_the_draft_and_the_publication(wechat, running, kind):
    article = wechat.article()
    running.faults(Fault("wechat", kind, ADD, nth=(1,), delay=0.05), Fault("wechat", kind, SUBMIT, delay=0.05))
    with pytest.raises(httpx.TransportError):
        wechat.add(article)
    media_id = running.state("wechat")["drafts"][0]["media_id"]
    with pytest.raises(httpx.TransportError):
        wechat.submit(media_id)
    running.clock.advance(2)
    assert len(running.state("wechat")["visible"]) == 1


def test_a_client_with_a_shorter_limit_times_out_while_the_effect_stands(weibo, running):
    running.faults(Fault("weibo", FaultKind.TIMEOUT_AFTER_COMMIT, SHARE, delay=30))
    running.http.timeout = 0.2
    with pytest.raises(httpx.ReadTimeout):
        weibo.share()
    running.http.timeout = 10
    assert len(running.state("weibo")["visible"]) == 1


def test_a_reset_connection_reaches_the_client_as_one(weibo, running):
    running.faults(Fault("weibo", FaultKind.RESET_AFTER_COMMIT))
    with pytest.raises(httpx.ReadError):
        weibo.share()


def test_a_reset_before_the_effect_leaves_nothing(weibo, running):
    running.faults(Fault("weibo", FaultKind.RESET_BEFORE, nth=(1,)))
    with pytest.raises(httpx.ReadError):
        weibo.share()
    assert running.state("weibo")["visible"] == []


def test_a_slow_reply_comes_late_but_comes(weibo, running):
    running.faults(Fault("weibo", FaultKind.SLOW, delay=0.2))
    begin = time.monotonic()
    assert weibo.share().status_code == 200
    assert time.monotonic() - begin >= 0.2


@pytest.mark.parametrize("code", [40001, 40014, 42001])
def test_wechat_calls_can_be_told_that_the_token_is_bad(wechat, running, code):
    running.faults(Fault("wechat", FaultKind.EXPIRED_TOKEN, ADD, code=code))
    assert wechat.add({"title": "样例"})["errcode"] == code


def test_weibo_calls_can_be_told_that_the_token_is_expired(weibo, running):
    running.faults(Fault("weibo", FaultKind.EXPIRED_TOKEN, code=21327))
    assert weibo.share().json()["error_code"] == 21327


def test_an_address_that_is_not_on_the_white_list_is_named(wechat, running):
    running.faults(Fault("wechat", FaultKind.CODE, code=40164))
    reply = wechat.add({"title": "样例"})
    assert reply["errcode"] == 40164
    assert "127.0.0.1" in reply["errmsg"]


def test_a_request_that_something_repeats_takes_effect_twice_where_the_platform_does_not_notice(wechat, running):
    running.faults(Fault("wechat", FaultKind.DUPLICATE, ADD, nth=(1,)))
    wechat.draft()
    assert running.state("wechat")["counts"]["draft_added"] == 2


def test_a_captcha_can_be_asked_for(weibo, running):
    running.faults(Fault("weibo", FaultKind.CODE, code=20031))
    reply = weibo.share()
    assert (reply.status_code, reply.json()["error_code"]) == (403, 20031)


def test_wechat_fields_change_their_type(wechat, running):
    running.faults(
        Fault("wechat", FaultKind.STRING_NUMBERS, SUBMIT),
        Fault("wechat", FaultKind.STRING_NUMBERS, "/cgi-bin/token"),
        Fault("wechat", FaultKind.STRING_NUMBERS, "/cgi-bin/freepublish/get"),
    )
    media_id = wechat.draft()
    reply = wechat.post(SUBMIT, {"media_id": media_id})
    assert (reply["errcode"], type(reply["publish_id"])) == ("0", int)
    assert wechat.get_token()["expires_in"] == "7200"
    assert wechat.status(reply["publish_id"])["publish_status"] == "1"


def test_one_failed_article_may_come_as_a_single_text(wechat, running):
    running.faults(
        Fault("wechat", FaultKind.PUBLISH_STATUS, SUBMIT, status=4),
        Fault("wechat", FaultKind.STRING_NUMBERS, "/cgi-bin/freepublish/get"),
    )
    publish_id = wechat.submit(wechat.draft())
    running.clock.advance(2)
    assert wechat.status(publish_id)["fail_idx"] == "1"


def test_weibo_error_codes_change_their_type(weibo, running):
    running.faults(Fault("weibo", FaultKind.STRING_NUMBERS))
    assert weibo.share("没有链接").json()["error_code"] == "10017"
    assert isinstance(weibo.share(status(1)).json()["idstr"], str)


def test_app_and_led_have_faults_too(running):
    running.faults(Fault("app", FaultKind.CODE, code=429), Fault("led", FaultKind.HTTP_500, "/acknowledgement"))
    assert running.http.get(f"{running.addresses.app}/feed.json").status_code == 429
    assert running.http.get(f"{running.addresses.led}/acknowledgement").status_code == 500


def test_public_pages_can_be_disturbed_as_well(wechat, running):
    url = wechat.published()["article_detail"]["item"][0]["article_url"]
    running.faults(Fault("wechat", FaultKind.HTTP_500, "/s/*"))
    assert running.http.get(url).status_code == 500


def test_pages_and_other_fields_keep_their_type(running, weibo):
    running.faults(Fault("*", FaultKind.STRING_NUMBERS))
    assert weibo.share().json()["reposts_count"] == 0
    (running.folder / "index.html").write_text("<p>1</p>", "utf-8")
    assert running.http.get(f"{running.addresses.led}/").text == "<p>1</p>"


def test_the_player_answers_with_the_status_of_a_fault(running):
    running.faults(Fault("led", FaultKind.CODE, code=503))
    assert running.http.get(f"{running.addresses.led}/acknowledgement").status_code == 503
