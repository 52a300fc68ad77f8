"""What a published page says, as a hash that does not change with the page's frame."""

from __future__ import annotations

import hashlib

_BEGIN, _END = b"<article", b"</article>"
_NOTICE_MARK = b"data-notice"


def fingerprint(page: bytes) -> str:
    """SHA-256 of the page's `article` element; of the whole page where it has none (a template without, a defacement)."""
    begin, end = page.find(_BEGIN), page.rfind(_END)
    meaningful = page[begin:end] if 0 <= begin < end else page
    return hashlib.sha256(meaningful).hexdigest()


def is_notice(page: bytes) -> bool:
    """Whether the page is the notice of a withdrawal: its `article` element says so in its first tag."""
    begin = page.find(_BEGIN)
    return begin >= 0 and _NOTICE_MARK in page[begin : page.find(b">", begin)]
