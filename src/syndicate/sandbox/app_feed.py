"""The app backend's JSON Feed 1.1 with ETag and pages."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from syndicate.sandbox.catalogue import limits
from syndicate.sandbox.exchange import Reply, Request, json_reply


@dataclass(frozen=True)
class FeedEntry:
    """One article for the feed."""

    id: str
    document: Mapping[str, Any]
    published_at: datetime
    updated_at: datetime


def feed_reply(request: Request, entries: Sequence[FeedEntry], title: str, address: str) -> Reply:
    """One page of the feed, newest first; 304 when the client has it already, 404 beyond the end."""
    text = request.query.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    size = limits()["app.page"]
    shown = entries[(page - 1) * size : page * size]
    if page < 1 or (page > 1 and not shown):
        return json_reply({"error": "no such page"}, 404)
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": f"{address}/feed.json",
        "feed_url": f"{address}/feed.json",
        "language": "zh-CN",
        "items": [_item(entry, address) for entry in shown],
    }
    if page * size < len(entries):
        feed["next_url"] = f"{address}/feed.json?page={page + 1}"
    body = json.dumps(feed, ensure_ascii=False).encode("utf-8", "replace")
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    known = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    reply = Reply(200, body, "application/feed+json; charset=utf-8", headers)
    return replace(reply, status=304, body=b"") if tag in known else reply


def _item(entry: FeedEntry, address: str) -> dict[str, object]:
    document = entry.document
    html = document.get("body_html")
    item: dict[str, object] = {
        "id": entry.id,
        "url": f"{address}/articles/{entry.id}",
        "title": document["title"],
        "date_published": entry.published_at.isoformat(timespec="seconds"),
        "date_modified": entry.updated_at.isoformat(timespec="seconds"),
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
