"""Sending, hostile replies and scrubbing."""

from __future__ import annotations

import json
import socket
from contextlib import suppress
from datetime import timedelta
from threading import Event, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.channels.calls import (
    KEPT,
    REPLY_LIMIT,
    Answer,
    NotDone,
    Unanswered,
    exchange,
    id_text,
    number_text,
    parse_object,
    plain_client,
    reply_text,
    retry_time,
    scrub,
)
from tests.channels.office import NOON
from tests.channels.rogue import RogueServer


def get(url: str, seconds: float = 1.0) -> Answer:
    with plain_client() as client:
        return exchange(client, client.build_request("GET", url), "sample", seconds)


def test_a_refused_connection_is_not_done() -> None:
    with pytest.raises(NotDone):
        get("http://127.0.0.1:1/")


def test_a_name_that_does_not_exist_is_not_done() -> None:
    with pytest.raises(NotDone):
        get("http://nowhere.invalid/")


def test_a_connection_that_closes_without_a_word_is_unanswered(rogue: RogueServer) -> None:
    with pytest.raises(Unanswered):
        get(rogue.address)


def test_a_reply_that_breaks_off_is_unanswered(rogue: RogueServer) -> None:
    rogue.reply = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
    with pytest.raises(Unanswered):
        get(rogue.address)


def test_a_reply_is_read_up_to_the_limit_only(rogue: RogueServer) -> None:
    rogue.answer(200, b"x" * (REPLY_LIMIT + 5_000_000))
    assert len(get(rogue.address, 10).body) == REPLY_LIMIT


def test_a_redirect_is_not_followed(rogue: RogueServer) -> None:
    rogue.answer(302, b"", "Location: http://127.0.0.1:1/\r\n")
    assert get(rogue.address).status == 302


def test_a_server_that_drips_bytes_is_cut_off() -> None:
    done = Event()

    def drip(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
            while not done.wait(0.02):
                connection.sendall(b"x")

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=drip, args=(server,), daemon=True)
        thread.start()
        with pytest.raises(Unanswered):
            get(f"http://127.0.0.1:{server.getsockname()[1]}", 0.3)
        done.set()
        thread.join(5)


@pytest.mark.parametrize("body", [b"", b"[]", b"7", b"null", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000])
def test_what_is_no_object_is_none(body: bytes) -> None:
    assert parse_object(body) is None


def test_a_mark_of_byte_order_is_understood() -> None:
    assert parse_object(b'\xef\xbb\xbf{"a":1}') == {"a": 1}


@given(st.binary())
def test_any_bytes_are_an_object_or_none(body: bytes) -> None:
    assert isinstance(parse_object(body), dict | None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        ("5", "5"),
        (" -1 ", "-1"),
        (True, ""),
        (1.5, ""),
        (None, ""),
        ("五", ""),
        ("٣", ""),
        (10**30, ""),
        ([], ""),
    ],
)
def test_a_number_comes_as_number_or_digits(value: object, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [("a-b_C", "a-b_C"), (7, "7"), ("with blank", ""), ("a\nb", ""), ({}, ""), ("", "")]
)
def test_an_id_is_a_word_or_a_number(value: object, text: str) -> None:
    assert id_text(value) == text


def test_secrets_are_scrubbed_also_when_percent_encoded() -> None:
    assert "a+b" not in scrub("x a+b y a%2Bb", ("a+b", ""))
    assert "%2B" not in scrub("x a%2Bb", ("a+b",))


def test_credentials_in_parameters_are_scrubbed_even_when_unknown() -> None:
    assert "unknown" not in scrub('GET /x?access_token=unknown&secret=unknown {"access_token": "unknown"}', ())


@given(st.binary(max_size=10_000), st.text(min_size=8, alphabet="abcdefghXYZ"))
def test_a_kept_reply_is_short_text_that_a_database_takes(body: bytes, secret: str) -> None:
    kept = reply_text(body + secret.encode(), (secret,))
    assert secret not in kept
    assert "\0" not in kept
    assert len(kept.encode()) <= KEPT


@pytest.mark.parametrize(("header", "seconds"), [("0", 0), ("120", 120), (" 7 ", 7), ("999999999", 86400)])
def test_retry_after_in_seconds_is_understood_up_to_a_day(header: str, seconds: int) -> None:
    assert retry_time(header, NOON) == NOON + timedelta(seconds=seconds)


def test_retry_after_as_a_date_is_understood() -> None:
    assert retry_time("Thu, 26 Nov 2026 04:05:00 GMT", NOON) == NOON + timedelta(minutes=5)


@pytest.mark.parametrize("header", ["", "soon", "-5", "1e9", "Thu, 99 Nov 2026 04:05:00 GMT", "\0"])
def test_another_retry_after_says_nothing(header: str) -> None:
    assert retry_time(header, NOON) is None


def test_a_reply_is_json_again_after_scrubbing() -> None:
    assert json.loads(scrub('{"a": "b"}', ("zzz",))) == {"a": "b"}


@pytest.mark.parametrize("reply", ['{"errcode": 45009, "errmsg": "x"}', '{"error_code":20019,"error":"repeat"}'])
def test_a_platforms_own_code_stays_readable(reply: str) -> None:
    assert reply_text(reply.encode(), ()) == reply


@pytest.mark.parametrize("text", ["code=SPLX9", '{"code": "SPLX9"}', "?a=1&code=SPLX9&b=2"])
def test_a_log_in_code_is_scrubbed(text: str) -> None:
    assert "SPLX9" not in reply_text(text.encode(), ())
