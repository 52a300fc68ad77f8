"""robots.txt (RFC 9309): what a site lets us read."""

from __future__ import annotations

import re
from urllib.robotparser import RobotFileParser

from syndicate.text.decode import decode

PRODUCT = "syndicate"
"""The name that a site addresses us by in its robots.txt."""
LARGEST = 500_000
"""Bytes that must be read at least (RFC 9309 §2.5); the rest is passed over."""

_PAUSE = re.compile(r"(\s*(?:crawl-delay|request-rate)\s*):.*", re.IGNORECASE)
_PLAIN_PAUSE = re.compile(r"\s*crawl-delay\s*:\s*[0-9]{1,9}\s*(?:#.*)?", re.IGNORECASE)


def readable(body: bytes) -> str:
    """A robots.txt as text; bytes beyond the limit are cut off."""
    return decode(body[:LARGEST], "text/plain; charset=utf-8").text.replace("\x00", "")


def may_read(status: int, text: str, url: str) -> bool:
    """Whether the site lets us read `url`, by its robots.txt and the status that came with it.

    RFC 9309 §2.3.1: no such file (4xx) allows everything; a server that fails allows nothing.
    """
    if 400 <= status < 500:
        return True
    if not 200 <= status < 300:
        return False
    return _parsed(text).can_fetch(PRODUCT, url)


def crawl_delay(status: int, text: str) -> float:
    """Seconds that the site asks for between two requests; 0 where it does not say. No part of RFC 9309, yet common."""
    if not 200 <= status < 300:
        return 0.0
    return float(_parsed(text).crawl_delay(PRODUCT) or 0)


def _parsed(text: str) -> RobotFileParser:
    parser = RobotFileParser()
    # The parser fails at a number that is none, such as “²”, or too large; the line then asks for nothing.
    parser.parse(line if _PLAIN_PAUSE.fullmatch(line) else _PAUSE.sub(r"\1:", line) for line in text.splitlines())
    # Without this the parser takes a file that was never fetched for one that forbids everything.
    parser.modified()
    return parser
