"""One call to a platform: bounded sending, hostile replies, and three ways to fail cut by what may have happened.

CallError
├── NotDone         surely nothing happened on the platform (not reached, or told to wait)
│   └── QuotaSpent  our own count says that nothing is left: the call was not made
├── Unanswered      it may have happened: no reply, a broken one, a page instead of data, a server error
└── PlatformError   the platform's own error, with its code
"""

from __future__ import annotations

import json
import re
import ssl
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from syndicate.errors import SyndicateError

if TYPE_CHECKING:
    import httpx

REPLY_LIMIT = 2_000_000
"""Bytes of a reply that are read; no platform of ours answers with more."""
KEPT = 2_000
"""Bytes of a reply that an attempt's record keeps."""
_CONNECT_SECONDS = 10.0
_LONGEST_RETRY_AFTER = timedelta(days=1)
# The log-in `code` is a secret; `errcode` and `error_code` are what a person needs to see.
_PARAMETERS = re.compile(
    r"(?i)((?:access_token|client_secret|app_?secret|secret|(?<![a-z_])code)[\"']?\s*[=:]\s*[\"']?)[^\s&\"',}]+"
)


class CallError(SyndicateError):
    """A call that brought no usable answer. `reply` is scrubbed and short, `retry_after` the header as it came."""

    def __init__(self, key: str, *, code: str = "", reply: str = "", retry_after: str = "", **values: object) -> None:
        self.code = code
        self.reply = reply
        self.retry_after = retry_after
        super().__init__(key, **values)


class NotDone(CallError):
    """Surely nothing happened: the same call may be made again."""


class QuotaSpent(NotDone):
    """Our own count says that nothing is left until `until`; the call was not made."""

    def __init__(self, platform: str, call: str, until: datetime) -> None:
        self.until = until
        super().__init__("channels.quota_spent", platform=platform, call=call, until=f"{until:%m-%d %H:%M}")


class Unanswered(CallError):
    """It may have happened."""


class PlatformError(CallError):
    """The platform refused with the `code` of its own table."""


@dataclass(frozen=True)
class Answer:
    """What came back: status, headers by lower-case name, body cut at `REPLY_LIMIT`."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(client: httpx.Client, request: httpx.Request, platform: str, seconds: float) -> Answer:
    """Send one request and read the reply within about `seconds` for each of: connecting, first byte, whole body.

    Raises `NotDone` when the connection never stood, `Unanswered` when it broke or timed out afterwards.
    """
    import httpx  # 10 MB, here and below: a worker that only writes the website makes no calls

    timeout = httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
    request.extensions["timeout"] = timeout.as_dict()
    try:
        response = client.send(request, stream=True)
        try:
            body = _read(response, seconds)
        finally:
            response.close()
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol) as error:
        raise NotDone("channels.unreachable", platform=platform, reason=type(error).__name__) from None
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise Unanswered("channels.no_answer", platform=platform, reason=type(error).__name__) from None
    return Answer(response.status_code, {k.lower(): v for k, v in response.headers.items()}, body)


def _read(response: httpx.Response, seconds: float) -> bytes:
    """The raw body; a server that drips bytes is cut off after `seconds`."""
    import httpx

    end = time.monotonic() + seconds
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > REPLY_LIMIT:
            break
        if time.monotonic() > end:
            raise httpx.ReadTimeout("body", request=response.request)
    return bytes(body[:REPLY_LIMIT])


def plain_client() -> httpx.Client:
    """A client that ignores proxy variables, follows no redirect and keeps no idle connection.

    An idle connection that the other side closes would make a call's outcome doubtful for nothing.
    """
    import httpx

    return httpx.Client(
        verify=_certificates(),
        trust_env=False,
        follow_redirects=False,
        limits=httpx.Limits(max_keepalive_connections=0),
        headers={"Accept-Encoding": "identity", "User-Agent": "syndicate"},
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: loading the certificates costs more than a call."""
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def parse_object(body: bytes) -> dict[str, object] | None:
    """The JSON object in a reply, or None for anything else (pages, lists, garbage, absurd nesting)."""
    try:
        value = json.loads(body.decode("utf-8-sig"), strict=False)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def number_text(value: object) -> str:
    """A platform's code or id, which comes as a number or as digits, as text; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return ""
    text = str(value) if isinstance(value, str) or abs(value) < 10**24 else ""
    return text.strip() if re.fullmatch(r"\s*-?[0-9]{1,24}\s*", text, re.ASCII) else ""


def id_text(value: object) -> str:
    """A platform's id as text, whether it came as a string or a number; empty for anything that cannot be one."""
    if isinstance(value, str):
        return value if re.fullmatch(r"[!-~]{1,512}", value) else ""
    return number_text(value)


def scrub(text: str, secrets: Iterable[str]) -> str:
    """`text` without the secrets (also percent-encoded), without credentials in parameters, cut to `KEPT` bytes."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "***").replace(quote(secret, safe=""), "***")
    text = _PARAMETERS.sub(r"\1***", text)
    return text.encode("utf-8", "replace")[:KEPT].decode("utf-8", "ignore")


def reply_text(body: bytes, secrets: Iterable[str]) -> str:
    """A reply as it may be kept: readable, scrubbed, short."""
    return scrub(body[: 8 * KEPT].decode("utf-8", "replace").replace("\0", ""), secrets)


def retry_time(header: str, now: datetime) -> datetime | None:
    """When a `Retry-After` header allows the next call (at most a day ahead); None when it says nothing usable."""
    if re.fullmatch(r"[0-9]{1,9}", header.strip(), re.ASCII):
        wait = timedelta(seconds=int(header))
    else:
        try:
            wait = parsedate_to_datetime(header) - now
        except (ValueError, TypeError, OverflowError):
            return None
    return now + min(max(wait, timedelta()), _LONGEST_RETRY_AFTER)
