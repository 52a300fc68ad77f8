"""What an HTTP status means for the caller (`statuses.tsv`), and what a broken exchange was."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache

import requests
from urllib3.exceptions import ReadTimeoutError, SSLError
from urllib3.util.ssl_match_hostname import CertificateError

from syndicate.errors import FetchError, FetchLater, FetchRefused
from syndicate.net.addresses import Target
from syndicate.net.limits import Limits, table

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPING = frozenset({307, 308})
"""Redirects after which a question is asked again as it was."""
_KEPT = ("content-type", "content-disposition", "etag", "last-modified", "date", "retry-after")
"""Headers that a document keeps; the rest may hold cookies and is of no use later."""
_LONGEST_HEADER = 1_000


@cache
def _meanings() -> Mapping[int, str]:
    return {int(row["status"]): row["meaning"] for row in table("statuses.tsv")}


def kept_headers(response: requests.Response) -> dict[str, str]:
    """The few headers that later stages read, in small letters."""
    return {name: response.headers[name][:_LONGEST_HEADER] for name in _KEPT if name in response.headers}


def quiet_after(response: requests.Response, now: datetime, limits: Limits) -> datetime | None:
    """Until when the other side wants no request: Retry-After of a 429 or 503, bounded. None: it did not ask."""
    if response.status_code not in (429, 503):
        return None
    wait = _retry_after(response.headers.get("retry-after", ""), now)
    if wait is None:
        if response.status_code == 503:
            return None
        wait = timedelta(seconds=limits.busy)
    return now + min(max(wait, timedelta(0)), timedelta(seconds=limits.longest_busy))


def refusal(status: int, target: Target, reply: str) -> FetchError:
    """The error that a status other than success means; `reply` are the first words of what came with it."""
    meaning = _meanings().get(status) or ("server" if status >= 500 else "refused")
    kind = FetchLater if meaning in ("server", "busy") else FetchRefused
    return kind(f"net.{meaning}", url=target.shown, status=status, reply=reply)


def broken(error: Exception, target: Target) -> FetchError:
    """What an exception of `requests`, urllib3 or the socket means."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError | CertificateError):
            reason = str(getattr(cause, "verify_message", "")) or "hostname mismatch"
            return FetchRefused("net.certificate", url=target.shown, host=target.host, reason=reason)
    if any(isinstance(cause, TimeoutError | ReadTimeoutError | requests.Timeout) for cause in causes):
        return FetchLater("net.timeout", url=target.shown)
    reason = type(causes[-1]).__name__
    ended = any(isinstance(cause, ssl.SSLEOFError | ssl.SSLZeroReturnError) for cause in causes)
    if not ended and any(isinstance(cause, ssl.SSLError | SSLError) for cause in causes):
        return FetchRefused("net.tls", url=target.shown, reason=reason)
    return FetchLater("net.broken", url=target.shown, reason=reason)


def _retry_after(value: str, now: datetime) -> timedelta | None:
    """RFC 9110 10.2.3: seconds or an HTTP date."""
    text = value.strip()
    if text.isascii() and text.isdecimal():
        return timedelta(seconds=int(text[:9]))
    try:
        moment = parsedate_to_datetime(text[:100])
    except (ValueError, IndexError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now


def _causes(error: BaseException, depth: int = 8) -> Iterator[BaseException]:
    """An exception and what it wraps: as an argument, as `reason` or as its cause."""
    yield error
    inner = [*error.args, getattr(error, "reason", None), error.__cause__, error.__context__]
    following = next((one for one in inner if isinstance(one, BaseException)), None)
    if following is not None and depth:
        yield from _causes(following, depth - 1)
