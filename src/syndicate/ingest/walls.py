"""Walls: answers that are no pages but a guard before them. They are recognised and shown, never climbed."""

from __future__ import annotations

from syndicate.ingest.tables import table
from syndicate.text.decode import decode

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
