"""Polite, bounded, safe GETs: the only way in for foreign bytes.

Every hop is parsed strictly, looked up once, checked, and connected to at the very address that was checked. Proxy
variables are not read. Size, time, redirects and repetitions are bounded (`limits.tsv`).
"""

from __future__ import annotations

import io
import socket
import ssl
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import BinaryIO

import requests
from requests.cookies import RequestsCookieJar, extract_cookies_to_jar
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential
from urllib3.exceptions import HTTPError

from syndicate.errors import FetchLater, FetchRefused
from syndicate.model.source import Document
from syndicate.net.addresses import Target, next_target, target_of
from syndicate.net.answers import KEEPING, REDIRECTS, broken, kept_headers, quiet_after, refusal
from syndicate.net.certificates import Certificate, certificate_of
from syndicate.net.connection import Watch, answer_to, connect, has_route, public_authorities
from syndicate.net.limits import Limits, shipped_limits
from syndicate.net.networks import Address, Resolve, look_up, of_family, permitted
from syndicate.net.pace import Pace
from syndicate.net.reading import copy_body, first_words, storing

USER_AGENT = "Mozilla/5.0 (compatible; syndicate)"
_REPEATED = frozenset({"net.timeout", "net.server", "net.broken", "net.unreachable", "net.look_up"})
"""Errors after which the same GET is made again at once; for all others the next look at the source is soon enough."""


@dataclass(frozen=True)
class Download:
    """A fetched file: `file` stands at its beginning, holds `size` bytes and goes away when the block ends."""

    url: str
    file: BinaryIO
    size: int
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]


@dataclass
class _Order:
    """One call of `get` or `download`: what is asked for and what is left of its time."""

    headers: Mapping[str, str]
    allow: tuple[str, ...]
    sink: BinaryIO
    limit: int
    seconds: float
    conditional: bool = False
    body: bytes | None = None
    """What a POST asks."""
    head: bool = False
    """Only the headers are wanted."""
    family: int | None = None
    """The only family of addresses that may be connected to."""
    once: bool = False
    """Never repeated."""
    left: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.seconds


@dataclass(frozen=True)
class _Answer:
    url: str
    fetched_at: datetime
    status: int
    headers: Mapping[str, str]


class Fetcher:
    """Fetches from many threads; requests to one host go one after another with a gap between them.

    `clock` gives the aware time of day. `gap` and `limits` default to what `limits.tsv` ships. `resolve` looks names
    up as `socket.getaddrinfo` does; `tls` says whom to trust, by default the public certificate authorities.

    Raises, all with the address free of secrets: `FetchForbidden` (our rules: address, network, size), `FetchRefused`
    (gone, login, wall, certificate, endless redirects; with `status` and the first words of the `reply` in its values) and `FetchLater` (time-outs,
    broken connections, 5xx, 429; where a host asked for quiet, `message.values["until"]` says until when).
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        user_agent: str = USER_AGENT,
        gap: timedelta | None = None,
        limits: Limits | None = None,
        resolve: Resolve = socket.getaddrinfo,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        self._limits = limits or shipped_limits()
        self._user_agent = user_agent
        self._resolve = resolve
        self._tls = tls or public_authorities()
        self._pace = Pace(self._limits.gap if gap is None else gap.total_seconds(), clock)

    def get(
        self,
        url: str,
        *,
        allow: tuple[str, ...] = (),
        etag: str = "",
        last_modified: str = "",
        max_bytes: int | None = None,
        asking: tuple[bytes, str] | None = None,
    ) -> Document:
        """One page, in memory. With `etag` or `last_modified` an unchanged page is a Document of status 304, no body.

        `allow` holds exact `host:port` exceptions to the ban on private networks. `asking` is the body and the type of
        a question to a search interface that wants POST; it is asked once and never repeated. Errors: see the class.
        """
        body, content_type = asking or (None, "")
        conditions = {"If-None-Match": _printable(etag), "If-Modified-Since": _printable(last_modified)}
        headers = {name: value for name, value in conditions.items() if value}
        sink = io.BytesIO()
        limit = self._limits.page_bytes if max_bytes is None else max_bytes
        typed = {"Content-Type": content_type} if content_type else {}
        order = _Order(headers | typed, allow, sink, limit, self._limits.page, bool(headers), body)
        answer = self._fetch(target_of(url), order)
        found = b"" if answer.status == 304 else sink.getvalue()
        return Document(answer.url, found, answer.fetched_at, answer.status, answer.headers)

    def head(self, url: str, *, allow: tuple[str, ...] = ()) -> Document:
        """What a server says of a page without the page itself. Errors: see the class; many servers refuse this."""
        order = _Order({}, allow, io.BytesIO(), 0, self._limits.page, head=True, once=True)
        answer = self._fetch(target_of(url), order)
        return Document(answer.url, b"", answer.fetched_at, answer.status, answer.headers)

    def probe(self, url: str, seconds: float, *, family: int | None = None, allow: tuple[str, ...] = ()) -> Document:
        """One try to open a page within `seconds`, over one family of addresses where it is given; never repeated."""
        sink = io.BytesIO()
        order = _Order({}, allow, sink, self._limits.page_bytes, seconds, family=family, once=True)
        answer = self._fetch(target_of(url), order)
        return Document(answer.url, sink.getvalue(), answer.fetched_at, answer.status, answer.headers)

    def addresses(self, url: str) -> tuple[Address, ...]:
        """What the name of a host means now; nothing is connected to. Errors: `FetchRefused` and `FetchLater`."""
        return look_up(target_of(url), self._resolve)

    def has_route(self, url: str, address: Address) -> bool:
        """Whether this machine has a way to an address of the host; nothing is sent."""
        return has_route(address, target_of(url).port)

    def certificate(self, url: str, *, allow: tuple[str, ...] = ()) -> Certificate:
        """The certificate that an https host shows, and what is wrong with it. Errors: see the class."""
        target = target_of(url)
        found = permitted(target, allow, self._resolve)[: self._limits.addresses]
        return certificate_of(target, found, self._tls, self._limits.connect)

    def own_host(self, url: str, at_once: int, gap: timedelta) -> None:
        """The host of `url` is our own and bears this much. To be said before the first request to it."""
        self._pace.open_up(target_of(url).host, at_once, gap.total_seconds())

    @contextmanager
    def download(self, url: str, *, allow: tuple[str, ...] = (), max_bytes: int | None = None) -> Iterator[Download]:
        """One file, on the disk: use as `with fetcher.download(url) as download`. Errors: see the class, and
        `StorageError` when the disk is full.
        """
        target = target_of(url)
        with storing(target):
            file = tempfile.TemporaryFile()  # noqa: SIM115 closed below, where a full disk may not hide the error
        try:
            limit = self._limits.download_bytes if max_bytes is None else max_bytes
            answer = self._fetch(target, _Order({}, allow, file, limit, self._limits.download))
            size = file.tell()
            file.seek(0)
            yield Download(answer.url, file, size, answer.fetched_at, answer.status, answer.headers)
        finally:
            with suppress(OSError):
                file.close()

    def keep_distance(self, url: str, seconds: float) -> None:
        """The host of `url` asks for so much time between two requests (Crawl-delay), up to `longest_gap`."""
        self._pace.keep_distance(target_of(url).host, min(seconds, self._limits.longest_gap))

    def _fetch(self, target: Target, order: _Order) -> _Answer:
        def worth_repeating(error: BaseException) -> bool:
            passing = isinstance(error, FetchLater) and error.message.key in _REPEATED
            return passing and order.left > 0 and order.body is None and not order.once

        retrying = Retrying(
            stop=stop_after_attempt(self._limits.tries),
            wait=wait_random_exponential(multiplier=self._limits.retry, max=10),
            retry=retry_if_exception(worth_repeating),
            reraise=True,
        )
        return retrying(self._once, target, order)

    def _once(self, target: Target, order: _Order) -> _Answer:
        """Follow the redirects of one try, every hop checked like the first."""
        first = target
        cookies = RequestsCookieJar()  # lives for one try: some sites set a cookie and redirect to themselves
        for _hop in range(self._limits.redirects + 1):
            result = self._hop(target, order, cookies)
            if isinstance(result, _Answer):
                return result
            target = result
        raise FetchRefused("net.redirects", url=first.shown, hops=self._limits.redirects)

    def _hop(self, target: Target, order: _Order, cookies: RequestsCookieJar) -> _Answer | Target:
        with self._pace.turn(target.host):
            until = self._pace.quiet_until(target.host)
            if until is not None:
                raise _quiet(target, until)
            watch = Watch(order.left)
            try:
                result = self._exchange(target, order, cookies, watch)
                if not watch.over:
                    return result
            except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
                if not watch.over:
                    raise broken(error, target) from error
            except FetchLater:
                if not watch.over:
                    raise
            finally:
                order.left = watch.left
                watch.close()
            raise FetchLater("net.deadline", url=target.shown, seconds=order.seconds)

    def _exchange(self, target: Target, order: _Order, cookies: RequestsCookieJar, watch: Watch) -> _Answer | Target:
        """One request and its answer: a redirect's target, or the answer with its body in the sink."""
        resolve = self._resolve if order.family is None else of_family(self._resolve, order.family)
        addresses = permitted(target, order.allow, resolve)[: self._limits.addresses]
        ready = connect(target, addresses, self._limits.connect, watch)
        watch.guard(ready)
        method = "HEAD" if order.head else "GET" if order.body is None else "POST"
        headers = self._headers(order)
        request = requests.Request(method, target.url, headers=headers, data=order.body, cookies=cookies).prepare()
        with answer_to(request, target, ready, self._tls, self._limits) as response:
            extract_cookies_to_jar(cookies, request, response.raw)  # type: ignore[no-untyped-call]
            if response.status_code in REDIRECTS and response.headers.get("location", "").strip():
                if response.status_code not in KEEPING:
                    order.body = None  # RFC 9110 15.4: the answer lies there, to be fetched by GET
                return next_target(target, response.headers["location"])
            self._judge(response, target, order)
            if response.status_code != 304 and not order.head:
                copy_body(response, target, order.sink, order.limit)
            return _Answer(target.url, self._clock(), response.status_code, kept_headers(response))

    def _judge(self, response: requests.Response, target: Target, order: _Order) -> None:
        """Raise what the status means, unless it is a success."""
        status = response.status_code
        if 200 <= status < 300 or (status == 304 and order.conditional):
            return
        until = quiet_after(response, self._clock(), self._limits)
        if until is not None:
            self._pace.keep_quiet(target.host, until)
            raise _quiet(target, until)
        raise refusal(status, target, first_words(response, target))

    def _headers(self, order: _Order) -> dict[str, str]:
        fixed = {"User-Agent": self._user_agent, "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
        return {**fixed, "Connection": "close", **order.headers}


def _quiet(target: Target, until: datetime) -> FetchLater:
    return FetchLater("net.quiet", url=target.shown, host=target.host, until=until.isoformat(" ", "seconds"))


def _printable(value: str) -> str:
    """A validator as a header may carry it; anything else is left out and the whole page is fetched."""
    return value.strip() if value.isascii() and value.strip().isprintable() else ""
