"""WeChat: tokens, quotas and the form of errors."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from syndicate.sandbox.exchange import Refusal
from syndicate.sandbox.settings import WeChatSettings
from syndicate.sandbox.wechat_tokens import Tokens
from tests.sandbox.samples import NOON


def use(wechat, token=None):
    wechat.token = wechat.token if token is None else token
    return wechat.post("/cgi-bin/draft/batchget", {"offset": 0, "count": 1}).get("errcode", 0)


def test_every_plain_call_issues_a_new_token(wechat):
    first, second = wechat.get_token(), wechat.get_token()
    assert first["access_token"] != second["access_token"]
    assert first["expires_in"] == second["expires_in"] == 7200


def test_tokens_are_512_characters_long(wechat):
    assert len(wechat.token) == len(wechat.stable()["access_token"]) == 512


def test_the_plain_token_before_stays_valid_for_five_minutes(wechat, running):
    old = wechat.token
    wechat.get_token()
    running.clock.advance(299)
    assert use(wechat, old) == 0
    running.clock.advance(1)
    assert use(wechat, old) == 40001


def test_a_token_expires_after_two_hours(wechat, running):
    running.clock.advance(7199)
    assert use(wechat) == 0
    running.clock.advance(1)
    assert use(wechat) == 42001


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("unknown", 40001)])
def test_a_bad_token_is_refused(wechat, token, code):
    assert use(wechat, token) == code


def test_the_stable_token_stays_the_same(wechat, running):
    first = wechat.stable()
    running.clock.advance(3600)
    again = wechat.stable()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 3600)


def test_the_stable_token_is_renewed_five_minutes_before_its_end_and_both_are_valid(wechat, running):
    old = wechat.stable()["access_token"]
    running.clock.advance(6900)
    new = wechat.stable()
    assert new["access_token"] != old
    assert new["expires_in"] == 7200
    assert [use(wechat, token) for token in (old, new["access_token"])] == [0, 0]
    running.clock.advance(300)
    assert use(wechat, old) == 42001


def test_the_stable_token_never_has_less_than_five_minutes(wechat, running):
    wechat.stable()
    running.clock.advance(6899)
    assert wechat.stable()["expires_in"] >= 300


def test_the_two_kinds_of_token_are_isolated(wechat):
    stable, plain = wechat.stable()["access_token"], wechat.token
    wechat.get_token()
    wechat.stable(force_refresh=True)
    assert use(wechat, stable) == 40001
    assert use(wechat, plain) == 0


def test_a_forced_refresh_kills_the_old_token_at_once(wechat):
    old = wechat.stable()["access_token"]
    new = wechat.stable(force_refresh=True)["access_token"]
    assert [use(wechat, token) for token in (old, new)] == [40001, 0]


def test_a_second_forced_refresh_within_30_seconds_does_nothing(wechat, running):
    wechat.stable()
    first = wechat.stable(force_refresh=True)["access_token"]
    running.clock.advance(29)
    assert wechat.stable(force_refresh=True)["access_token"] == first
    running.clock.advance(1)
    assert wechat.stable(force_refresh=True)["access_token"] != first


def test_the_21st_forced_refresh_of_a_day_is_refused(wechat, running):
    for _ in range(20):
        assert "access_token" in wechat.stable(force_refresh=True)
        running.clock.advance(30)
    assert wechat.stable(force_refresh=True)["errcode"] == 45009
    assert "access_token" in wechat.stable()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"appid": "wxother"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"grant_type": "other"}, 40002),
    ],
)
def test_wrong_credentials_are_refused(wechat, running, fields, code):
    assert wechat.stable(**fields)["errcode"] == code
    params = wechat.credentials(**fields)
    assert running.http.get(wechat.url("/cgi-bin/token"), params=params).json()["errcode"] == code


def test_the_2001st_plain_token_of_a_day_is_refused(wechat):
    for _ in range(1999):
        wechat.get_token()
    assert wechat.get_token()["errcode"] == 45009


@pytest.mark.parametrize(("path", "limit"), [("delete", 10), ("get", 100), ("batchget", 100), ("submit", 100)])
def test_calls_beyond_the_daily_quota_are_refused_until_midnight(wechat, running, path, limit):
    for _ in range(limit):
        assert wechat.post(f"/cgi-bin/freepublish/{path}", {}).get("errcode") != 45009
    assert wechat.post(f"/cgi-bin/freepublish/{path}", {})["errcode"] == 45009
    running.clock.advance(12 * 3600)
    wechat.get_token()
    assert wechat.post(f"/cgi-bin/freepublish/{path}", {}).get("errcode") != 45009


def test_the_quota_can_be_asked(wechat):
    use(wechat)
    quota = wechat.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/draft/batchget"})["quota"]
    assert quota == {"daily_limit": 1000, "used": 1, "remain": 999}
    assert wechat.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/nothing"})["errcode"] == 76021


def test_the_quota_can_be_cleared_ten_times_a_month(wechat, running):
    use(wechat)
    document = {"appid": running.settings.wechat.appid}
    for _ in range(10):
        assert wechat.post("/cgi-bin/clear_quota", document)["errcode"] == 0
    assert wechat.post("/cgi-bin/clear_quota", document)["errcode"] == 48006
    quota = wechat.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/draft/batchget"})["quota"]
    assert quota["used"] == 0
    assert wechat.post("/cgi-bin/clear_quota", {"appid": "wxother"})["errcode"] == 40013


def test_errors_carry_a_request_id_and_some_a_hint(wechat):
    plain = wechat.post("/cgi-bin/freepublish/get", {})["errmsg"]
    hinted = wechat.post("/cgi-bin/draft/get", {"media_id": "unknown"})["errmsg"]
    assert re.search(r" rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$", plain)
    assert re.search(r" hint: \[[0-9a-f]+\] rid: ", hinted)


def test_empty_and_broken_bodies_have_their_codes(wechat):
    assert wechat.send("/cgi-bin/draft/get", b"").json()["errcode"] == 44002
    for body in (b"no json", b"[]", b"\xff{}", b"[" * 100_000, b'{"a":' + b"9" * 9999 + b"}", b'{"a":NaN}'):
        assert wechat.send("/cgi-bin/draft/get", body).json()["errcode"] == 47001


def test_an_unknown_address_has_its_code(wechat):
    assert wechat.post("/cgi-bin/material/add_news", {})["errcode"] == 40066


def test_the_10001st_stable_call_of_a_minute_is_refused_until_the_next():
    settings = WeChatSettings()
    document = {"grant_type": "client_credential", "appid": settings.appid, "secret": settings.secret}
    tokens = Tokens(settings)
    for _ in range(10_000):
        tokens.issue_stable(document, NOON)
    with pytest.raises(Refusal) as caught:
        tokens.issue_stable(document, NOON)
    assert caught.value.code == 45011
    assert tokens.issue_stable(document, NOON + timedelta(minutes=1))["access_token"]
