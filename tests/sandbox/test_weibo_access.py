"""Weibo: OAuth2 from the authorisation page to the end of a token."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

TARGET = "http://127.0.0.1:8000/oauth/weibo"


@pytest.fixture
def oauth(weibo, running):
    """Asks for codes and exchanges them."""

    class Oauth:
        settings = running.settings.weibo

        def authorize(self, **fields):
            params = {"client_id": self.settings.app_key, "redirect_uri": TARGET, "response_type": "code", "state": "s"}
            return running.http.get(weibo.url("/oauth2/authorize"), params=params | fields)

        def code(self):
            return parse_qs(urlsplit(self.authorize().headers["location"]).query)["code"][0]

        def exchange(self, **fields):
            form = {"client_id": self.settings.app_key, "client_secret": self.settings.app_secret}
            form |= {"grant_type": "authorization_code", "redirect_uri": TARGET} | fields
            return running.http.post(weibo.url("/oauth2/access_token"), data=form)

        def info(self, token):
            return running.http.post(weibo.url("/oauth2/get_token_info"), data={"access_token": token}).json()

    return Oauth()


def test_agreeing_leads_back_with_code_and_state(oauth):
    reply = oauth.authorize()
    assert reply.status_code == 302
    assert reply.headers["location"].startswith(f"{TARGET}?code=")
    assert reply.headers["location"].endswith("&state=s")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"client_id": "other"}, 21324),
        ({"redirect_uri": "http://elsewhere.example/"}, 21322),
        ({"redirect_uri": "javascript:alert(1)"}, 21322),
        ({"redirect_uri": "http://[broken"}, 21322),
        ({"response_type": "token"}, 21329),
    ],
)
def test_what_the_authorisation_page_refuses(oauth, fields, code):
    assert oauth.authorize(**fields).json()["error_code"] == code


def test_no_header_can_be_smuggled_into_the_redirect(oauth):
    reply = oauth.authorize(redirect_uri=TARGET + "\r\nX-Smuggled: 1")
    assert "x-smuggled" not in reply.headers


def test_a_code_becomes_a_token_that_works(oauth, weibo):
    reply = oauth.exchange(code=oauth.code()).json()
    assert (type(reply["expires_in"]), type(reply["remind_in"]), type(reply["uid"])) == (int, str, str)
    weibo.token = reply["access_token"]
    assert weibo.share().status_code == 200


def test_a_code_works_once(oauth):
    code = oauth.code()
    assert oauth.exchange(code=code).status_code == 200
    assert oauth.exchange(code=code).json()["error_code"] == 21325


def test_a_code_ends_after_ten_minutes(oauth, running):
    code = oauth.code()
    running.clock.advance(600)
    assert oauth.exchange(code=code).json()["error_code"] == 21325


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"client_secret": "wrong"}, 21324),
        ({"grant_type": "password"}, 21328),
        ({"redirect_uri": "http://127.0.0.1/other"}, 21322),
    ],
)
def test_what_the_exchange_refuses(oauth, fields, code):
    assert oauth.exchange(code=oauth.code(), **fields).json()["error_code"] == code


def test_the_token_info_counts_down(oauth, weibo, running):
    before = oauth.info(weibo.token)
    running.clock.advance(1000)
    assert oauth.info(weibo.token)["expire_in"] == before["expire_in"] - 1000 == 157_678_471
    assert str(before["uid"]) == running.settings.weibo.uid


def test_the_token_dies_after_five_years(weibo, running):
    running.clock.advance(157_679_471)
    assert weibo.share().json()["error_code"] == 21327


def test_a_revoked_token_is_refused(weibo, running):
    params = {"access_token": weibo.token}
    assert running.http.get(weibo.url("/oauth2/revokeoauth2"), params=params).json() == {"result": True}
    assert weibo.share().json()["error_code"] == 21316
