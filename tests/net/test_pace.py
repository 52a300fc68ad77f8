"""One host is asked politely: one request at a time, with a gap, and not at all while it asks for quiet."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from syndicate.errors import FetchLater
from syndicate.net.fetcher import Fetcher
from tests.net.conftest import NOW, QUICK, ScriptedServer, answer

Serve = Callable[..., ScriptedServer]
OK = answer("200 OK", b"page")


def all_at_once(*calls: Callable[[], object]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_one_host_gets_one_request_at_a_time_over_all_threads(serve: Serve, fetcher: Fetcher) -> None:
    def slowly(connection: socket.socket, _: bytes) -> None:
        threading.Event().wait(0.02)
        connection.sendall(OK)

    server = serve(slowly)

    all_at_once(*[lambda: fetcher.get(server.url(), allow=server.allow)] * 5)

    assert (len(server.requests), server.most_busy) == (5, 1)


def test_different_hosts_are_asked_side_by_side(serve: Serve, fetcher: Fetcher) -> None:
    together = threading.Barrier(2, timeout=5)

    def meet(connection: socket.socket, _: bytes) -> None:
        together.wait()
        connection.sendall(OK)

    one, two = serve(meet, address="127.0.0.1"), serve(meet, address="127.0.0.2")

    all_at_once(
        lambda: fetcher.get(one.url(), allow=one.allow),
        lambda: fetcher.get(two.url(), allow=two.allow),
    )

    assert (len(one.requests), len(two.requests)) == (1, 1)


def test_between_two_requests_to_a_host_lies_the_gap_over_all_threads(serve: Serve) -> None:
    moments: list[float] = []

    def noting(connection: socket.socket, _: bytes) -> None:
        moments.append(time.monotonic())
        connection.sendall(OK)

    server = serve(noting)
    fetcher = Fetcher(lambda: NOW, gap=timedelta(milliseconds=40), limits=QUICK)

    all_at_once(*[lambda: fetcher.get(server.url(), allow=server.allow)] * 4)

    assert all(later - earlier >= 0.04 for earlier, later in pairwise(moments))


class Clock:
    """The time of day, moved by the test."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Busy"])
@pytest.mark.parametrize("asked", ["3600", "Tue, 24 Nov 2026 01:00:00 GMT", "Tue, 24 Nov 2026 01:00:00 -0000"])
def test_a_host_that_asks_for_quiet_is_left_alone_until_then(serve: Serve, status: str, asked: str) -> None:
    server = serve(answer(status, Retry_After=asked), OK)
    clock = Clock()
    fetcher = Fetcher(clock, limits=QUICK)

    with pytest.raises(FetchLater) as first:
        fetcher.get(server.url(), allow=server.allow)
    clock.now += timedelta(minutes=59)
    with pytest.raises(FetchLater) as second:
        fetcher.get(server.url("/other"), allow=server.allow)
    asked_so_far = len(server.requests)
    clock.now += timedelta(minutes=1)

    assert fetcher.get(server.url(), allow=server.allow).body == b"page"
    assert asked_so_far == 1
    for caught in (first, second):
        assert caught.value.message.key == "net.quiet"
        assert datetime.fromisoformat(str(caught.value.message.values["until"])) == NOW + timedelta(hours=1)


@pytest.mark.parametrize("asked", ["999999", "9" * 30, "Tue, 24 Nov 2099 01:00:00 GMT"])
def test_no_host_keeps_us_away_for_more_than_six_hours(serve: Serve, fetcher: Fetcher, asked: str) -> None:
    server = serve(answer("429 Too Many Requests", Retry_After=asked))

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert datetime.fromisoformat(str(caught.value.message.values["until"])) == NOW + timedelta(hours=6)


@pytest.mark.parametrize("asked", ["soon", "", "-5", "٣", "Tue, 99 Nov 2026 99:00:00 GMT", "1e9"])
def test_a_429_without_a_sensible_time_means_a_minute(serve: Serve, fetcher: Fetcher, asked: str) -> None:
    server = serve(answer("429 Too Many Requests", Retry_After=asked))

    with pytest.raises(FetchLater) as caught:
        fetcher.get(server.url(), allow=server.allow)

    assert datetime.fromisoformat(str(caught.value.message.values["until"])) == NOW + timedelta(minutes=1)
    assert len(server.requests) == 1


@pytest.mark.parametrize("asked", ["0", "Mon, 01 Jan 1990 00:00:00 GMT"])
def test_a_time_that_is_over_keeps_nobody_away(serve: Serve, fetcher: Fetcher, asked: str) -> None:
    server = serve(answer("429 Too Many Requests", Retry_After=asked), OK)

    with pytest.raises(FetchLater):
        fetcher.get(server.url(), allow=server.allow)

    assert fetcher.get(server.url(), allow=server.allow).body == b"page"


def test_waiting_for_a_turn_is_not_counted_against_the_deadline(serve: Serve) -> None:
    server = serve(OK)
    fetcher = Fetcher(lambda: NOW, gap=timedelta(seconds=1), limits=replace(QUICK, page=0.8))

    fetcher.get(server.url(), allow=server.allow)

    assert fetcher.get(server.url(), allow=server.allow).body == b"page"
