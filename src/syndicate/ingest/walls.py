"""Walls: answers that are no pages but a guard before them. They are recognised and shown, never climbed."""

from __future__ import annotations

from urllib.parse import urlsplit

from syndicate.errors import InputError
from syndicate.ingest.tables import table
from syndicate.model.source import Document
from syndicate.text.decode import decode

GONE = "ingest.gone"
"""The message of an article whose site says that it is no longer there."""
_FIRST_PAGES = frozenset({"", "/", "/index.html", "/index.htm", "/index.shtml"})
_STATUSES = frozenset({403, 412, 521})
"""What government walls answer with (domain reference §8.2, anchors pain 14)."""
_LONGEST_BODY = 60_000
"""A guard's page is short; a long page that speaks of a captcha is an article about it."""
_LONGEST_TEXT = 400
"""Characters a person would see on a guard's page."""


def wall(status: int, body: bytes, content_type: str = "") -> str | None:
    """The name of the guard that answered, `HTTP <status>` where only the status shows it, None for a page."""
    if len(body) <= _LONGEST_BODY and (not content_type or "html" in content_type.lower() or status in _STATUSES):
        text = decode(body, content_type).text
        for row in table("wall_signs"):
            if row["sign"] in text and (status != 200 or _visible(text) <= _LONGEST_TEXT):
                return row["name"]
    return f"HTTP {status}" if status in _STATUSES else None


def refuse_wall(document: Document, url: str) -> None:
    """Raises `InputError` where a guard answered instead of the page at `url`."""
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    if guard:
        raise InputError("sync.wall", url=url, guard=guard)


def refuse_tombstone(document: Document, url: str) -> None:
    """Raises `InputError` where a page says that the article is no longer there, or the site's first page came instead."""
    path = urlsplit(document.url).path.lower()
    sent_home = path in _FIRST_PAGES and urlsplit(url).path.lower() not in _FIRST_PAGES
    if len(document.body) <= _LONGEST_BODY and not sent_home:
        text = decode(document.body, document.headers.get("content-type", "")).text
        signs = (row["sign"] for row in table("tombstones"))
        if not (any(sign in text for sign in signs) and _visible(text) <= _LONGEST_TEXT):
            return
    elif not sent_home:
        return
    raise InputError(GONE, url=url)


def _visible(text: str) -> int:
    """About how many characters a person sees: everything outside tags, scripts and styles."""
    seen, position, lower = 0, 0, text.lower()
    while (start := text.find("<", position)) >= 0:
        seen += len(text[position:start].strip())
        raw = next((name for name in ("script", "style") if lower.startswith(name, start + 1)), "")
        end = lower.find(f"</{raw}", start + 1) if raw else start
        position = text.find(">", end) + 1 if end >= 0 else 0
        if not position:
            return seen
    return seen + len(text[position:].strip())
