from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from syndicate.channels.wecom import LONGEST_BYTES, cut, post
from syndicate.model.notice import Posted, PostLater, PostOutcome, PostRefused


class Group(HTTPServer):
    """The group's server on the loopback."""

    reply: tuple[int, bytes] = (200, b'{"errcode":0,"errmsg":"ok"}')
    heard: list[tuple[str, dict[str, object]]]


class Handler(BaseHTTPRequestHandler):
    server: Group

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, json.loads(data)))
        status, body = self.server.reply
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def group() -> Iterator[Group]:
    server = Group(("127.0.0.1", 0), Handler)
    server.heard = []
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sent(group: Group, text: str = "投递需要人工处理") -> PostOutcome:
    return post(f"http://127.0.0.1:{group.server_port}/cgi-bin/webhook/send", "sample-key", text)


def test_the_group_gets_the_text_and_the_key_is_in_the_address(group: Group) -> None:
    assert sent(group) == Posted()
    ((path, body),) = group.heard
    assert path == "/cgi-bin/webhook/send?key=sample-key"
    assert body == {"msgtype": "text", "text": {"content": "投递需要人工处理"}}


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ((200, b'{"errcode":45009}'), PostLater),
        ((200, b'{"errcode":-1}'), PostLater),
        ((200, b'{"errcode":93000}'), PostRefused),
        ((503, b""), PostLater),
        ((200, b"<html>"), PostLater),
        ((200, b"[]"), PostLater),
        ((200, b'{"errcode":"0"}'), PostLater),
    ],
)
def test_what_the_group_answers_decides(group: Group, reply: tuple[int, bytes], kind: type) -> None:
    group.reply = reply
    assert isinstance(sent(group), kind)


def test_a_group_that_is_away_is_tried_again_and_the_key_is_not_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    outcome = post(f"http://127.0.0.1:{port}/send", "sample-key", "文")
    assert isinstance(outcome, PostLater)
    assert "sample-key" not in str(outcome.why)


@pytest.mark.parametrize("length", [682, 683, 5000])
def test_a_text_is_cut_to_what_the_group_takes(length: int) -> None:
    text = cut("汉" * length)
    assert len(text.encode()) <= LONGEST_BYTES
    assert text.endswith("…") is (length > 682)


def test_halves_of_characters_do_not_stop_a_text() -> None:
    assert len(cut("\ud800" * 5000).encode()) <= LONGEST_BYTES
