"""Weibo's rules about the text of a post: its length, its links, its topics; and how ids become addresses."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from syndicate.sandbox.catalogue import limits

_LINK = re.compile(r"https?://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
_TOPIC = re.compile(r"#[^#\s][^#]*#")
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def status_length(text: str) -> int:
    """Length in 汉字: half-widths count a half, rounded up; links count as the worse of the disputed rules.

    Rule of a counter published in 2013: a link counts 20 half-widths, a longer one than 140 its excess as well, one to
    weibo.com or weibo.cn its own length up to 41. Whether that holds for https is unknown: there the plain length
    counts when it is more.
    """
    links = _LINK.findall(text)
    half_widths = sum(_width(character) for character in _LINK.sub("", text)) + sum(map(_link_width, links))
    return -(-half_widths // 2)


def _width(character: str) -> int:
    return 2 if ord(character) > 0x80 else 1


def _link_width(link: str) -> int:
    own = (urlsplit_host(link) or "").endswith(("weibo.com", "weibo.cn"))
    if own and len(link) <= limits()["weibo.own_link_length"]:
        return len(link)
    excess = max(0, len(link) - limits()["weibo.link_free_length"])
    counted = limits()["weibo.link_weight"] + excess
    return counted if link.startswith("http://") else max(counted, len(link))


def urlsplit_host(link: str) -> str | None:
    """The host of a link, or None when the link is malformed."""
    try:
        return urlsplit(link).hostname
    except ValueError:
        return None


def has_topic(text: str) -> bool:
    """Whether the text contains a `#话题#`; a fragment inside a link is none."""
    return _TOPIC.search(_LINK.sub(" ", text)) is not None


def has_safe_link(text: str, domains: Sequence[str]) -> bool:
    """Whether one link leads to an approved domain or a subdomain of one."""
    hosts = [urlsplit_host(link) or "" for link in _LINK.findall(text)]
    return any(host == domain or host.endswith(f".{domain}") for host in hosts for domain in domains)


def shorten_links(text: str) -> str:
    """The text as the platform gives it back: every link as a t.cn address."""
    return _LINK.sub(lambda match: f"http://t.cn/{_short(match.group())}", text)


def _short(link: str) -> str:
    number = int.from_bytes(hashlib.sha256(link.encode("utf-8")).digest()[:6], "big")
    return "A" + _base62(number)[:7]


def _base62(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 62)
        written = _DIGITS[digit] + written
    return written or "0"


def address_of(mid: str) -> str:
    """A mid as it stands in addresses: groups of 7 digits from the right, each in base 62, padded to 4."""
    groups = [mid[max(0, end - 7) : end] for end in range(len(mid), 0, -7)][::-1]
    written = [_base62(int(group)) for group in groups]
    return written[0] + "".join(group.rjust(4, "0") for group in written[1:])
