"""The webhook for incidents: one signed document, and what becomes of each answer."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from standardwebhooks.webhooks import Webhook

from syndicate.channels.webhook import post
from syndicate.model.notice import Posted, PostLater, PostOutcome, PostRefused

KEY = "whsec_" + base64.b64encode(b"a sample key of 24 bytes").decode()


class Receiver(HTTPServer):
    """The receiver on the loopback."""

    status = 204
    heard: list[tuple[dict[str, str], bytes]]


class Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append(({name.lower(): value for name, value in self.headers.items()}, data))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    server = Receiver(("127.0.0.1", 0), Handler)
    server.heard = []
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def sent(receiver: Receiver, key: str = KEY) -> PostOutcome:
    url = f"http://127.0.0.1:{receiver.server_port}/incidents"
    return post(url, key, "incidents", "a1b2", '{"type":"incident.opened"}', datetime.now(UTC))


def test_the_receiver_can_prove_who_sent_the_document(receiver: Receiver) -> None:
    assert sent(receiver) == Posted()
    ((headers, body),) = receiver.heard
    assert Webhook(KEY).verify(body, headers) == {"type": "incident.opened"}


def test_a_repeat_has_the_same_id(receiver: Receiver) -> None:
    for _ in range(2):
        sent(receiver)
    assert [headers["webhook-id"] for headers, _ in receiver.heard] == ["a1b2", "a1b2"]


@pytest.mark.parametrize("status", [302, 400, 401, 404, 429, 500, 503])
def test_a_receiver_that_does_not_take_it_is_asked_again(receiver: Receiver, status: int) -> None:
    receiver.status = status
    outcome = sent(receiver)
    assert isinstance(outcome, PostLater)
    assert (outcome.why.key, outcome.why.values["code"]) == ("mail.webhook_refused", status)


def test_a_receiver_that_is_gone_is_not_asked_again_and_the_message_says_so(receiver: Receiver) -> None:
    receiver.status = 410
    outcome = sent(receiver)
    assert isinstance(outcome, PostRefused)
    assert "不再发送" in outcome.why.zh


def test_a_receiver_that_is_away_is_asked_again() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    outcome = post(f"http://127.0.0.1:{port}/", KEY, "incidents", "a1b2", "{}", datetime.now(UTC))
    assert isinstance(outcome, PostLater)
    assert outcome.why.key == "mail.webhook_away"


@pytest.mark.parametrize("key", ["", "whsec_", "whsec_不是密钥"])
def test_a_key_of_another_form_is_named_and_never_shown(receiver: Receiver, key: str) -> None:
    outcome = sent(receiver, key)
    assert isinstance(outcome, PostLater)
    assert (outcome.why.key, dict(outcome.why.values)) == ("mail.webhook_key", {"name": "incidents"})
    assert receiver.heard == []
