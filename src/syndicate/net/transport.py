"""One GET over one connection to an address that was checked, ended for certain at its deadline."""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from syndicate.errors import FetchForbidden, FetchLater, FetchRefused
from syndicate.net.targets import Target

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0
"""The longest silence of a server (anchors §5)."""
_CHUNK = 65_536
_GZIP = b"\x1f\x8b"


@dataclass
class Deadline:
    """The end of a request. At `at` (monotonic seconds) its connections are shut down, whatever they are doing.

    A limit per read is not enough: a server that sends one byte every 29 seconds would never end.
    """

    at: float
    _sockets: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _timer: threading.Timer | None = None

    def __enter__(self) -> Self:
        self._timer = threading.Timer(max(0.0, self.at - time.monotonic()), self._end)
        self._timer.daemon = True
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            for one in self._sockets:
                one.close()
            self._sockets.clear()

    @property
    def passed(self) -> bool:
        """Whether it is over."""
        return time.monotonic() >= self.at

    def watch(self, connection: socket.socket) -> None:
        """Shut this connection down at the deadline. A duplicate is kept, because TLS takes the original away."""
        with self._lock:
            self._sockets.append(socket.socket(fileno=os.dup(connection.fileno())))
        if self.passed:
            self._end()

    def _end(self) -> None:
        with self._lock:
            for one in self._sockets:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)


class Response:
    """An answer whose body has not been read yet. Close it."""

    def __init__(self, answer: requests.Response, target: Target, deadline: Deadline) -> None:
        self.status = int(answer.status_code)
        self.headers: Mapping[str, str] = {name.lower(): value for name, value in answer.headers.items()}
        self._answer, self._target, self._deadline = answer, target, deadline

    def chunks(self, max_bytes: int) -> Iterator[bytes]:
        """The decoded body. Raises `FetchForbidden` where it is larger than `max_bytes`, packed or unpacked."""
        announced = self.headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced) > max_bytes:
            raise self._too_large(max_bytes)
        stream = _unpacker(self.headers.get("content-encoding", ""), self._target.url)
        packed = unpacked = 0
        while data := self._read():
            packed += len(data)
            for piece in stream.pieces(data):
                unpacked += len(piece)
                if max(packed, unpacked) > max_bytes:
                    raise self._too_large(max_bytes)
                yield piece
        if not stream.complete:
            raise FetchLater("net.broken_off", url=self._target.url)

    def close(self) -> None:
        """Give the connection up."""
        self._answer.close()

    def _read(self) -> bytes:
        try:
            data: bytes = self._answer.raw.read1(_CHUNK, decode_content=False)
        except (HTTPError, OSError, ValueError) as error:
            # At the deadline the connection is shut down under the reader, which then fails in one of these ways.
            raise FetchLater("net.broken_off", url=self._target.url) from error
        if self._deadline.passed:
            raise FetchLater("net.too_slow", url=self._target.url)
        return data

    def _too_large(self, max_bytes: int) -> FetchForbidden:
        return FetchForbidden("net.too_large", url=self._target.url, limit=max_bytes // 1_000_000)


def send(target: Target, headers: Mapping[str, str], deadline: Deadline, tls: ssl.SSLContext) -> Response:
    """Send one GET. Raises `FetchLater` where no answer came, `FetchRefused` where TLS cannot be verified."""
    try:
        prepared = requests.Request("GET", target.url, headers=dict(headers)).prepare()
    except (requests.exceptions.RequestException, ValueError) as error:
        raise FetchForbidden("net.bad_address", url=target.url) from error
    for address in target.addresses:
        try:
            # Adapter, not session: no proxies of the environment, no .netrc, no cookies, no redirects.
            answer = _PinnedAdapter(target, address, deadline, tls).send(
                prepared, stream=True, timeout=(CONNECT_SECONDS, READ_SECONDS), proxies={}
            )
            return Response(answer, target, deadline)
        except requests.exceptions.SSLError as error:
            raise FetchRefused("net.tls", host=target.host, reason=_tls_reason(error)) from error
        except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
            # Only where no connection came about may another address help.
            if deadline.passed or address == target.addresses[-1] or not _unconnected(error):
                raise FetchLater(_why(error, deadline), url=target.url, host=target.host) from error
    raise AssertionError("a target has at least one address")


def _unconnected(error: Exception) -> bool:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def _why(error: Exception, deadline: Deadline) -> str:
    if _unconnected(error):
        return "net.no_connection"
    slow = deadline.passed or isinstance(error, requests.exceptions.Timeout)
    return "net.too_slow" if slow else "net.broken_off"


def tls_context() -> ssl.SSLContext:
    """Verification against the public certificate authorities; loaded once, because it takes 20 ms."""
    return ssl.create_default_context(cafile=DEFAULT_CA_BUNDLE_PATH)


class _PinnedAdapter(HTTPAdapter):
    """Connects to one IP address and speaks to it under the target's name, in Host, SNI and certificate check."""

    def __init__(self, target: Target, address: str, deadline: Deadline, tls: ssl.SSLContext) -> None:
        self._target, self._address, self._deadline, self._tls = target, address, deadline, tls
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def get_connection_with_tls_context(self, request: Any, verify: Any, proxies: Any = None, cert: Any = None) -> Any:
        tls = self._target.scheme == "https"
        names = {"server_hostname": self._target.host, "assert_hostname": self._target.host, "ssl_context": self._tls}
        pool = self.poolmanager.connection_from_host(
            self._address, self._target.port, self._target.scheme, pool_kwargs=names if tls else {}
        )
        pool.ConnectionCls = _watched(pool.ConnectionCls, self._deadline)
        return pool

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """The context verifies already; requests would load the authorities again for every connection."""

    def add_headers(self, request: Any, **_: Any) -> None:
        default = self._target.port == (443 if self._target.scheme == "https" else 80)
        host = f"[{self._target.host}]" if ":" in self._target.host else self._target.host
        request.headers["Host"] = host if default else f"{host}:{self._target.port}"


def _watched(base: type[HTTPConnection], deadline: Deadline) -> type[HTTPConnection]:
    class Watched(base):  # type: ignore[misc, valid-type]
        def _new_conn(self) -> socket.socket:
            connection: socket.socket = super()._new_conn()
            deadline.watch(connection)
            return connection

    return Watched


def _tls_reason(error: requests.exceptions.SSLError) -> str:
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    inner = reason.args[0] if reason is not None and reason.args else reason
    return str(getattr(inner, "verify_message", "") or getattr(inner, "reason", "") or "TLS")[:200]


class _Plain:
    """No compression."""

    complete = True

    def pieces(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Inflater:
    """Unpacks gzip and deflate in pieces of at most 64 KiB, so that a bomb cannot fill the memory."""

    def __init__(self, encoding: str, url: str) -> None:
        self._deflate, self._url = encoding == "deflate", url
        self._stream = zlib.decompressobj(zlib.MAX_WBITS if self._deflate else zlib.MAX_WBITS | 16)
        self._begun = False
        self.complete = True
        """False in the middle of a packed stream; an empty body is complete."""

    def pieces(self, data: bytes) -> Iterator[bytes]:
        while data:
            try:
                piece = self._stream.decompress(data, _CHUNK)
            except zlib.error as error:
                if self._begun or not self._deflate:
                    raise FetchLater("net.broken_off", url=self._url) from error
                # `deflate` means zlib, yet some servers send the bare stream.
                self._stream, self._begun = zlib.decompressobj(-zlib.MAX_WBITS), True
                continue
            self._begun = True
            self.complete = self._stream.eof
            data = self._stream.unused_data if self.complete else self._stream.unconsumed_tail
            if piece:
                yield piece
            if self.complete:
                if self._deflate or not data.startswith(_GZIP):
                    return  # what follows a finished stream is no part of the page
                self._stream = zlib.decompressobj(zlib.MAX_WBITS | 16)


def _unpacker(encoding: str, url: str) -> _Plain | _Inflater:
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return _Plain()
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchRefused("net.encoding", url=url, encoding=encoding[:40])
    return _Inflater(encoding, url)
