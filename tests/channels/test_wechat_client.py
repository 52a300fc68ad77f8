"""The official-account client against replies that no platform should give."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from syndicate.channels.calls import NotDone, PlatformError, Unanswered
from syndicate.channels.wechat_client import Account, OfficialAccountClient
from syndicate.model.channel import Token
from tests.channels.office import NOON, MemoryVault
from tests.channels.rogue import RogueServer

Opened = Callable[[], OfficialAccountClient]


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault({"wechat": Token("good-token", NOON + timedelta(hours=1))})


@pytest.fixture
def client(rogue: RogueServer, vault: MemoryVault) -> OfficialAccountClient:
    account = Account("wechat", "wx1", "app-secret", rogue.address)
    return OfficialAccountClient(account, vault, NOON, timedelta(seconds=2))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"null", b"<html>", b"{}", b'{"media_id":""}', b'{"media_id":[1]}', b'{"errcode":"x"}']
)
def test_a_reply_without_what_it_must_have_is_unanswered(
    client: OfficialAccountClient, rogue: RogueServer, body: bytes
) -> None:
    rogue.answer(200, body)
    with pytest.raises(Unanswered):
        client.add_draft([{}])


@pytest.mark.parametrize("code", [b"45003", b'"45003"'])
def test_an_error_code_is_understood_as_number_and_as_text(
    client: OfficialAccountClient, rogue: RogueServer, code: bytes
) -> None:
    rogue.answer(200, b'{"errcode":' + code + b',"errmsg":"title size out of limit"}')
    with pytest.raises(PlatformError) as caught:
        client.add_draft([{}])
    assert caught.value.code == "45003"


def test_a_list_that_is_none_is_unanswered(client: OfficialAccountClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"item":{}}')
    with pytest.raises(Unanswered):
        client.drafts(0)


@pytest.mark.parametrize(("status", "error"), [(429, NotDone), (408, NotDone), (500, Unanswered), (403, Unanswered)])
def test_a_status_is_not_done_only_where_the_platform_turns_us_away(
    client: OfficialAccountClient, rogue: RogueServer, status: int, error: type[Exception]
) -> None:
    rogue.answer(status, b"", "Retry-After: 5\r\n")
    with pytest.raises(error):
        client.submit("m")


def test_a_token_error_without_end_takes_one_renewal_and_no_recursion(
    client: OfficialAccountClient, rogue: RogueServer
) -> None:
    rogue.answer(200, b'{"errcode":42001,"errmsg":"expired","access_token":"other","expires_in":7200}')
    with pytest.raises(PlatformError):
        client.submit("m")
    assert rogue.asked == 2


def test_when_the_normal_mode_hands_out_the_refused_token_again_it_is_killed_once(
    client: OfficialAccountClient, rogue: RogueServer, vault: MemoryVault
) -> None:
    vault.tokens["wechat"] = Token("same", NOON + timedelta(hours=1))
    rogue.answer(200, b'{"access_token":"same","expires_in":7200}')
    assert client._renew(refused="same") == "same"
    assert rogue.asked == 2


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"access_token":"x"}', b'{"access_token":"x","expires_in":"soon"}', b"<html>"]
)
def test_a_strange_reply_to_the_token_call_leaves_no_doubt(
    client: OfficialAccountClient, rogue: RogueServer, vault: MemoryVault, body: bytes
) -> None:
    vault.tokens.clear()
    rogue.answer(200, body)
    with pytest.raises(NotDone):
        client.submit("m")
    assert vault.tokens == {}


def test_wechatpys_own_hook_goes_through_the_shared_token(client: OfficialAccountClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"access_token":"fresh","expires_in":7200}')
    assert client.fetch_access_token() == {"access_token": "good-token"}


def test_secret_and_token_are_scrubbed_from_what_is_kept(client: OfficialAccountClient, rogue: RogueServer) -> None:
    rogue.answer(200, b'{"errcode":40013,"errmsg":"app-secret good-token","access_token":"brand-new"}')
    with pytest.raises(PlatformError) as caught:
        client.submit("m")
    assert not any(word in caught.value.reply for word in ("app-secret", "good-token", "brand-new"))


def test_an_exceptions_text_holds_no_token(client: OfficialAccountClient, rogue: RogueServer) -> None:
    rogue.reply = b""
    with pytest.raises(Unanswered) as caught:
        client.submit("m")
    assert "good-token" not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is None


def test_a_reply_is_read_up_to_the_limit_only(client: OfficialAccountClient, rogue: RogueServer) -> None:
    rogue.answer(200, b" " * 9_000_000 + b'{"publish_id":"1"}')
    with pytest.raises(Unanswered):
        client.submit("m")


def test_a_redirect_is_never_followed(client: OfficialAccountClient, rogue: RogueServer) -> None:
    rogue.answer(302, b"", "Location: http://[bad\r\n")
    with pytest.raises(Unanswered):
        client.submit("m")
    assert rogue.asked == 1
