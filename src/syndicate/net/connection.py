"""One request over one connection to an address that was checked, cut off when its time is over."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from http.client import HTTPResponse
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from syndicate.errors import FetchLater
from syndicate.net.addresses import Target
from syndicate.net.limits import Limits
from syndicate.net.networks import Address


@cache
def public_authorities() -> ssl.SSLContext:
    """Verification against the public certificate authorities; loaded once, because that takes 20 ms."""
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


class Watch:
    """Ends a connection at its deadline, whatever is being read from it then: drip by drip, no single read is late."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._guards: list[tuple[threading.Timer, socket.socket]] = []
        self.over = False
        """True once the deadline cut the connection: what was read is not the whole."""

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self._ends - time.monotonic()

    def guard(self, connection: socket.socket) -> None:
        """Cut this connection at the deadline."""
        twin = connection.dup()  # the same connection, not taken away when TLS takes over the first one
        timer = threading.Timer(max(self.left, 0), self._cut, [twin])
        timer.daemon = True
        self._guards.append((timer, twin))
        timer.start()

    def close(self) -> None:
        """No longer watch."""
        for timer, twin in self._guards:
            timer.cancel()
            timer.join()
            twin.close()

    def _cut(self, twin: socket.socket) -> None:
        self.over = True
        with suppress(OSError):  # the other side was faster
            twin.shutdown(socket.SHUT_RDWR)


class _Ready:
    """A connection class that takes the socket it is given and never looks a name up.

    It notes its answers: one whose headers make no sense is left open by urllib3, and the socket with it.
    """

    response_class: Any

    def __init__(self, *args: Any, ready: socket.socket, answers: list[HTTPResponse], **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._ready = ready
        self._answers = answers
        self.response_class = self._noted_answer

    def _noted_answer(self, *args: Any, **keywords: Any) -> HTTPResponse:
        self._answers.append(HTTPResponse(*args, **keywords))
        return self._answers[-1]

    def _new_conn(self) -> socket.socket:
        self._ready.settimeout(self.timeout)  # type: ignore[attr-defined]
        return self._ready


class _ReadyHTTP(_Ready, HTTPConnection):
    pass


class _ReadyHTTPS(_Ready, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _ReadyHTTP


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _ReadyHTTPS


class _Adapter(HTTPAdapter):
    """Sends over one ready socket: certificate, server name and Host header are those of the target's name."""

    def __init__(self, target: Target, ready: socket.socket, tls: ssl.SSLContext) -> None:
        super().__init__(pool_connections=1, pool_maxsize=1)
        self._answers: list[HTTPResponse] = []
        given: dict[str, Any] = {"ready": ready, "answers": self._answers}
        if target.scheme == "https":
            self._pool: HTTPConnectionPool = _SecurePool(target.host, target.port, ssl_context=tls, **given)
        else:
            self._pool = _PlainPool(target.host, target.port, **given)

    def get_connection_with_tls_context(self, *_args: Any, **_keywords: Any) -> HTTPConnectionPool:
        """The one pool of this adapter, whatever the proxy variables say."""
        return self._pool

    def cert_verify(self, *_args: Any, **_keywords: Any) -> None:
        """The context verifies already; requests would load the authorities again for every connection."""

    def close(self) -> None:
        """Give the pool and every answer up."""
        for answer in self._answers:
            answer.close()
        self._pool.close()
        super().close()


def connect(target: Target, addresses: Sequence[Address], timeout: float, watch: Watch) -> socket.socket:
    """A connection to the first of the addresses that answers. Raises `FetchLater`."""
    reason = ""
    for address in addresses:
        try:
            # A number needs no look-up: this is the address that was checked.
            return socket.create_connection((str(address), target.port), max(min(timeout, watch.left), 0.001))
        except OSError as error:
            reason = type(error).__name__
    raise FetchLater("net.unreachable", url=target.shown, reason=reason)


def has_route(address: Address, port: int) -> bool:
    """Whether this machine has a way to such an address at all; nothing is sent."""
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as nothing:
            nothing.connect((str(address), port))
    except OSError:
        return False
    return True


@contextmanager
def answer_to(
    request: requests.PreparedRequest, target: Target, ready: socket.socket, tls: ssl.SSLContext, limits: Limits
) -> Iterator[requests.Response]:
    """Send a request over a ready socket; inside the block its body may be read. Raises what `requests` raises."""
    with ready:
        adapter = _Adapter(target, ready, tls)
        try:
            # Straight to the adapter: a session would read the whole body of a redirect.
            response = adapter.send(request, stream=True, timeout=(limits.connect, limits.read))
            with response:
                yield response
        finally:
            adapter.close()
