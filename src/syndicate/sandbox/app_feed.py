"""The app backend's lists, page by page with ETag: JSON Feed 1.1 for readers, a plain list for the app."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from syndicate.sandbox.app_store import Stored
from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Reply, Request, json_reply

FEED_TYPE = "application/feed+json; charset=utf-8"
_LISTED = ("title", "summary", "column", "source_name", "page_url")
"""Fields of the article that a list shows."""


@dataclass(frozen=True)
class Page:
    """Which page of a list is asked for: its number from 1 (0: none that makes sense), and of which column."""

    number: int
    column: str

    @property
    def size(self) -> int:
        """Entries of a whole page."""
        return limits()["app.page"]

    @property
    def start(self) -> int:
        """The first entry's place."""
        return (self.number - 1) * self.size


def page_of(request: Request) -> Page:
    """What a request asks for."""
    text = request.query.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    return Page(number, request.query.get("column", "")[:100])


def feed_reply(
    request: Request, page: Page, entries: Sequence[tuple[str, Stored]], more: bool, title: str, address: str
) -> Reply:
    """One page of the feed, newest first; 304 when the client has it already, 404 beyond the end."""
    if page.number < 1 or (page.number > 1 and not entries):
        return json_reply({"error": "no such page"}, 404)
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{address}/feed.json",
        "feed_url": f"{address}/feed.json",
        "language": "zh-CN",
        "items": [_item(identity, stored, address) for identity, stored in entries],
    }
    if more:
        feed["next_url"] = f"{address}/feed.json?{_next(page)}"
    return tagged(request, replace(json_reply(feed), content_type=FEED_TYPE))


def list_reply(request: Request, page: Page, entries: Sequence[tuple[str, Stored]], total: int, address: str) -> Reply:
    """One page of the app's own list: what a list of headlines shows, and how many there are."""
    if page.number < 1 or (page.number > 1 and not entries):
        return json_reply({"error": "no such page"}, 404)
    more = page.start + len(entries) < total
    document: dict[str, object] = {
        "items": [_line(identity, stored, address) for identity, stored in entries],
        "page": page.number,
        "total": total,
        "next": f"{address}/articles?{_next(page)}" if more else "",
    }
    return tagged(request, json_reply(document))


def tagged(request: Request, reply: Reply) -> Reply:
    """The reply with an ETag; 304 where the client has it already."""
    tag = f'"{hashlib.sha256(reply.body).hexdigest()[:32]}"'
    headers = {**reply.headers, "ETag": tag, "Cache-Control": "no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    whole = replace(reply, headers=headers)
    return replace(whole, status=304, body=b"") if tag in known else whole


def _next(page: Page) -> str:
    return urlencode({"page": page.number + 1, **({"column": page.column} if page.column else {})})


def _line(identity: str, stored: Stored, address: str) -> dict[str, object]:
    shown = {name: str(stored.document.get(name, "")) for name in _LISTED}
    times = {"published_at": stored.published_at.isoformat(), "updated_at": stored.updated_at.isoformat()}
    return {"id": identity, "revision": stored.revision, **shown, **times, "address": f"{address}/articles/{identity}"}


def _item(identity: str, stored: Stored, address: str) -> dict[str, object]:
    document = stored.document
    html = document.get("body_html")
    item: dict[str, object] = {
        "id": identity,
        "url": f"{address}/articles/{identity}",
        "title": document["title"],
        "date_published": stored.published_at.isoformat(timespec="seconds"),
        "date_modified": stored.updated_at.isoformat(timespec="seconds"),
    }
    item |= {"content_html": html} if isinstance(html, str) else {"content_text": document["title"]}
    attachments = [_attachment(file) for file in _list(document.get("files")) if _is_file(file)]
    return item | ({"attachments": attachments} if attachments else {})


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_file(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ("url", "media_type", "name"))


def _attachment(file: Mapping[str, str]) -> dict[str, str]:
    return {"url": file["url"], "mime_type": file["media_type"], "title": file["name"]}
