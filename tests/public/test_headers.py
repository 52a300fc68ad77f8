"""What every reply of the public application forbids browsers."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest

from syndicate.public.serving import guarded, make_server
from tests.public.test_wechat import serve


@pytest.mark.parametrize(
    ("kind", "policy"),
    [
        ("text/html; charset=utf-8", "frame-ancestors 'none'"),
        ("application/json", "default-src 'none'; frame-ancestors 'none'"),
    ],
)
def test_no_reply_can_be_framed_and_what_is_no_page_can_do_nothing(kind: str, policy: str) -> None:
    def application(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", kind)])
        return [b""]

    said: list[list[tuple[str, str]]] = []
    guarded(application)({}, lambda status, headers, *_: said.append(headers))  # type: ignore[arg-type, return-value]
    assert dict(said[0])["Content-Security-Policy"] == policy


def test_every_served_reply_carries_the_policy() -> None:
    def application(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
        return [b""]

    server = make_server(application, "127.0.0.1", 0)
    thread = threading.Thread(target=serve, args=[server])
    thread.start()
    try:
        answer = httpx.get(f"http://127.0.0.1:{server.effective_port}/", trust_env=False)
    finally:
        server.close()
        thread.join()
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert "Server" not in answer.headers
