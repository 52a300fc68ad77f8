"""The Weibo client against replies that no platform should give, and its pure parts."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta, timezone

import httpx
import pytest

from syndicate.channels.calls import NotDone, PlatformError, Unanswered
from syndicate.channels.weibo_client import Post, WeiboClient, base62
from tests.channels.rogue import RogueServer


@pytest.mark.parametrize(("mid", "address"), [("3501756485200075", "z0JH2lOMb"), ("0", "0"), ("10000001", "10001")])
def test_a_mid_becomes_the_known_address(mid: str, address: str) -> None:
    assert base62(mid) == address


def test_the_authorisation_address_carries_state_and_no_secret() -> None:
    with WeiboClient(app_key="1", app_secret="top-secret") as client:
        address = httpx.URL(client.oauth2.authorize_url("https://www.example.com/callback?a=1", "s t"))
    assert address.params["state"] == "s t"
    assert "top-secret" not in str(address)


@pytest.fixture
def client(rogue: RogueServer) -> WeiboClient:
    return WeiboClient(access_token="t0ken", app_secret="s3cret", base_url=rogue.address, timeout=timedelta(seconds=2))


def test_a_created_at_of_the_platform_is_an_aware_time(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"id": 5, "created_at": "Wed Oct 24 23:49:17 +0800 2012", "user": {"id": 9}}')
    post = client.statuses.destroy("5")
    assert post.created_at == datetime(2012, 10, 24, 23, 49, 17, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize("at", [b"null", b'"yesterday"', b'"Wed Oct 99 23:49:17 +0800 2012"', b"[]"])
def test_an_unreadable_created_at_is_none(client: WeiboClient, rogue: RogueServer, at: bytes) -> None:
    rogue.answer(200, b'{"id": 5, "created_at": ' + at + b"}")
    assert client.statuses.destroy("5").created_at is None


def test_a_grant_is_read_whether_its_numbers_are_texts_or_not(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"access_token":"new","expires_in":"157679471","remind_in":1,"uid":12}')
    grant = client.oauth2.access_token("code", "https://www.example.com/")
    assert (grant.access_token, grant.uid, grant.expires_in.days) == ("new", "12", 1824)


@pytest.mark.parametrize("body", [b"{}", b'{"access_token":"x"}', b'{"expires_in":5}', b"[]", b"", b"<html>"])
def test_a_grant_without_what_it_must_have_is_unanswered(client: WeiboClient, rogue: RogueServer, body: bytes) -> None:
    rogue.answer(200, body)
    with pytest.raises(Unanswered):
        client.oauth2.access_token("code", "https://www.example.com/")


def test_a_token_info_without_lifetime_is_unanswered(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"uid":1}')
    with pytest.raises(Unanswered):
        client.oauth2.get_token_info()


def test_limits_without_numbers_are_unanswered(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"user_limit":"many"}')
    with pytest.raises(Unanswered):
        client.account.rate_limit_status()


def test_a_timeline_without_a_list_is_unanswered(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"statuses":{}}')
    with pytest.raises(Unanswered):
        client.statuses.user_timeline()


def test_a_timeline_with_an_unreadable_entry_is_not_complete(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"statuses":[{"id":1},{"id":"x"},7]}')
    timeline = client.statuses.user_timeline()
    assert ([post.id for post in timeline.posts], timeline.complete) == (["1"], False)


def test_an_error_code_that_is_a_text_is_a_platform_error(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(403, b'{"error":"expired_token","error_code":"21327"}')
    with pytest.raises(PlatformError) as caught:
        client.statuses.destroy("1")
    assert caught.value.code == "21327"


def test_a_429_changed_nothing_and_says_when(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(429, b"slow down", "Retry-After: 120\r\n")
    with pytest.raises(NotDone) as caught:
        client.statuses.destroy("1")
    assert caught.value.retry_after == "120"


@pytest.mark.parametrize("status", [302, 403, 404, 500, 502])
def test_a_status_without_a_code_is_unanswered(client: WeiboClient, rogue: RogueServer, status: int) -> None:
    rogue.answer(status, b"", "Location: http://[bad\r\n")
    with pytest.raises(Unanswered):
        client.statuses.destroy("1")


def test_a_secret_that_the_platform_echoes_is_scrubbed(client: WeiboClient, rogue: RogueServer) -> None:
    rogue.answer(400, b'{"error":"token t0ken s3cret","error_code":10017}')
    with pytest.raises(PlatformError) as caught:
        client.statuses.destroy("1")
    assert "t0ken" not in caught.value.reply
    assert "s3cret" not in caught.value.reply


def test_a_post_stands_below_the_given_site() -> None:
    assert Post("1", "3501756485200075", "9", "", None).address("https://weibo.com/") == "https://weibo.com/9/z0JH2lOMb"


def test_the_client_is_usable_without_the_rest_of_the_package() -> None:
    code = "import sys, syndicate.channels.weibo_client; print(*sorted(sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    )
    ours = {name for name in loaded if name.startswith("syndicate")}
    foreign = {"django", "requests", "wechatpy", "PIL", "yaml", "lxml", "jinja2"} & loaded
    assert ours == {
        "syndicate",
        "syndicate.errors",
        "syndicate.channels",
        "syndicate.channels.calls",
        "syndicate.channels.weibo_client",
    }
    assert foreign == set()
    assert "httpx" in loaded
