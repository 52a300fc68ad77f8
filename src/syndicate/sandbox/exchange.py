"""One request and one reply, as every drill platform sees them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeGuard

from syndicate.sandbox.faults import Fault


@dataclass(frozen=True)
class Request:
    """A request that was read whole. Header names are in lower case; `path` is percent-decoded, without the query."""

    method: str
    path: str
    endpoint: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""
    client: str = "127.0.0.1"
    fault: Fault | None = None
    stall: Callable[[], None] = field(default=lambda: None)
    """Waits out a `slow` fault; the server calls it before it replies, a platform may call it earlier."""

    @property
    def content_type(self) -> str:
        """The media type of the body, in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Reply:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """A platform refuses a call with one of its own codes; `more` are further fields of the reply."""

    def __init__(self, code: int, detail: str = "", **more: object) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail
        self.more = more


class Platform(Protocol):
    """One drill platform. Everything may be called from several threads."""

    name: str
    address: str
    """Its own base address without a trailing slash; the server sets it before the first request."""

    def endpoint(self, method: str, path: str) -> str:
        """The row of `endpoints.tsv` that a request belongs to, for the fault plan; the path itself when unknown."""
        ...

    def handle(self, request: Request) -> Reply:
        """Answer a request. Raises nothing for what clients send."""
        ...

    def refuse(self, code: int, request: Request) -> Reply:
        """The reply of the platform for one of its error codes."""
        ...

    def state(self) -> dict[str, object]:
        """What the public sees now (`visible`) and every effect ever (`effects`)."""
        ...

    def reset(self) -> None:
        """Forget everything."""
        ...


def json_reply(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """A JSON document, characters as they are."""
    return Reply(status, json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"), headers=headers or {})


def html_reply(page: str, status: int = 200) -> Reply:
    """An HTML page that may run nothing and load nothing from elsewhere."""
    policy = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return Reply(status, page.encode("utf-8", "replace"), "text/html; charset=utf-8", headers)


def _no_constant(name: str) -> object:
    raise ValueError(name)


def read_object(body: bytes) -> dict[str, object] | None:
    """The JSON object in a body, or None for anything else (bad UTF-8, NaN, nesting without end)."""
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def is_integer(value: object) -> TypeGuard[int]:
    """Whether a JSON value is a whole number; true and false are not."""
    return isinstance(value, int) and not isinstance(value, bool)
