"""Looks that take no page: headers only, one try in time, one family of addresses, what a name means; our own host."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import FetchError, FetchForbidden, FetchLater, FetchRefused
from syndicate.net.fetcher import Fetcher
from tests.net.conftest import NOW, QUICK, ScriptedServer, answer
from tests.net.test_pace import all_at_once

Serve = Callable[..., ScriptedServer]
OK = answer("200 OK", b"page", Content_Type="text/html")
HEADERS_ONLY = b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\nContent-Type: text/html\r\n\r\n"


def test_only_the_headers_are_asked_for(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(HEADERS_ONLY)
    seen = fetcher.head(server.url("/large"), allow=server.allow)
    assert (seen.status, seen.body, seen.headers["content-type"]) == (200, b"", "text/html")
    assert server.requests[0].startswith(b"HEAD /large ")


def test_a_look_at_headers_follows_redirects_and_says_where_they_led(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("302 Found", Location="/there"), HEADERS_ONLY)
    assert fetcher.head(server.url("/here"), allow=server.allow).url == server.url("/there")


def test_a_server_that_refuses_such_looks_is_asked_once(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("503 Service Unavailable"))
    with pytest.raises(FetchLater):
        fetcher.head(server.url(), allow=server.allow)
    assert len(server.requests) == 1


def test_a_look_at_headers_reaches_no_private_network_either(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(HEADERS_ONLY)
    with pytest.raises(FetchForbidden):
        fetcher.head(server.url())


def test_a_probe_is_one_try(serve: Serve, fetcher: Fetcher) -> None:
    server = serve(answer("500 Internal Server Error"))
    with pytest.raises(FetchLater):
        fetcher.probe(server.url(), 15, allow=server.allow)
    assert len(server.requests) == 1


def test_a_probe_gives_up_after_its_seconds(serve: Serve, fetcher: Fetcher) -> None:
    ended = threading.Event()

    def wait(connection: socket.socket, _: bytes) -> None:
        ended.wait(10)

    server = serve(wait)
    with pytest.raises(FetchLater) as caught:
        fetcher.probe(server.url(), 0.2, allow=server.allow)
    ended.set()
    assert caught.value.message.key == "net.deadline"


def two_families(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, 0, 0, "", ("127.0.0.1", port)), (socket.AF_INET6, 0, 0, "", ("::1", port, 0, 0))]


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")])
def test_a_probe_over_one_family_reaches_that_address(serve: Serve, family: int, address: str) -> None:
    try:
        server = serve(OK, address=address)
    except OSError:
        pytest.skip("this machine has no IPv6")
    fetcher = Fetcher(lambda: NOW, limits=QUICK, resolve=two_families)
    seen = fetcher.probe(
        f"http://both.example:{server.port}/", 5, family=family, allow=(f"both.example:{server.port}",)
    )
    assert (seen.body, len(server.requests)) == (b"page", 1)


def test_a_name_without_an_address_of_the_family_is_refused_without_a_connection(serve: Serve) -> None:
    server = serve(OK)
    fetcher = Fetcher(lambda: NOW, limits=QUICK, resolve=lambda *a, **k: two_families(*a, **k)[:1])
    with pytest.raises(FetchRefused) as caught:
        fetcher.probe(f"http://four.example:{server.port}/", 5, family=socket.AF_INET6, allow=("four.example",))
    assert (caught.value.message.key, server.requests) == ("net.no_host", [])


def test_a_name_is_looked_up_without_a_connection(serve: Serve) -> None:
    server = serve(OK)
    fetcher = Fetcher(lambda: NOW, limits=QUICK, resolve=two_families)
    assert [str(one) for one in fetcher.addresses(f"http://both.example:{server.port}/")] == ["127.0.0.1", "::1"]
    assert server.requests == []


def test_our_own_host_bears_several_requests_at_once(serve: Serve) -> None:
    together = threading.Barrier(3, timeout=5)

    def meet(connection: socket.socket, _: bytes) -> None:
        together.wait()
        connection.sendall(OK)

    server = serve(meet)
    fetcher = Fetcher(lambda: NOW, limits=replace(QUICK, gap=60))
    fetcher.own_host(server.url(), 3, timedelta(0))
    all_at_once(*[lambda: fetcher.get(server.url(), allow=server.allow)] * 3)
    assert len(server.requests) == 3


def test_our_own_host_is_not_asked_more_often_at_once_than_it_bears(serve: Serve) -> None:
    def slowly(connection: socket.socket, _: bytes) -> None:
        threading.Event().wait(0.02)
        connection.sendall(OK)

    server = serve(slowly)
    fetcher = Fetcher(lambda: NOW, limits=QUICK)
    fetcher.own_host(server.url(), 2, timedelta(0))
    all_at_once(*[lambda: fetcher.get(server.url(), allow=server.allow)] * 6)
    assert (len(server.requests), server.most_busy <= 2) == (6, True)


def test_our_own_host_may_ask_for_quiet_too(serve: Serve) -> None:
    server = serve(answer("429 Too Many Requests", Retry_After="60"))
    fetcher = Fetcher(lambda: NOW, limits=QUICK)
    fetcher.own_host(server.url(), 4, timedelta(0))
    for _ in range(3):
        with pytest.raises(FetchError):
            fetcher.get(server.url(), allow=server.allow)
    assert len(server.requests) == 1
