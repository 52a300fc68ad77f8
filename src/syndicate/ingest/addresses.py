"""Web addresses: absolute, and in one spelling, so that the same page has one name."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from syndicate.ingest.tables import column

_LONGEST = 2_048
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})", re.A)
_PLAIN = "!$&'()*+,;=:@/?~%"
_CONTROLS = re.compile(r"[\x00-\x20\x7f]+")
_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.I)


def absolute(address: str, base: str) -> str:
    """`address` as seen on the page `base`, made absolute; empty where it is no readable http(s) address.

    An address with a user's name in it is none: it would carry a password into texts and logs.
    """
    if not address.strip():
        return ""
    try:
        joined = urlsplit(urljoin(base, _CONTROLS.sub("", address) if "\n" in address else address.strip()))
        named = bool(joined.hostname) and (joined.port or 1) > 0
    except ValueError:
        return ""
    if joined.scheme not in _DEFAULT_PORTS or not named or "@" in joined.netloc:
        return ""
    url = urlunsplit(joined)
    return url if len(url) <= _LONGEST and not _CONTROLS.search(url.replace(" ", "")) else ""


def canonical(url: str) -> str:
    """One spelling per page (RFC 3986 §6.2): case, port, escapes, dots; without fragment, session and tracking.

    A fragment that is a route (`#/…`, `#!…`) is kept. Empty where `url` is no http(s) address.
    """
    clean = absolute(url, "")
    if not clean:
        return ""
    parts = urlsplit(clean)
    path = _escapes(_SESSION.sub("", parts.path)) or "/"
    fragment = _escapes(parts.fragment) if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit(SplitResult(parts.scheme, _host(parts), _no_dots(path), _query(parts.query), fragment))


def address_key(url: str) -> str:
    """The canonical address without its scheme: a site that moves from http to https keeps its articles."""
    return canonical(url).partition("://")[2]


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    try:
        host = host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        host = quote(host)
    host = f"[{host}]" if ":" in host else host
    return host if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f"{host}:{parts.port}"


def _escapes(text: str) -> str:
    """Escapes in capitals, none where none is needed, one for every other character."""

    def spell(match: re.Match[str]) -> str:
        byte = unquote_to_bytes(match.group())
        return byte.decode("ascii") if byte in _UNRESERVED else match.group().upper()

    return quote(_ESCAPE.sub(spell, text), safe=_PLAIN, errors="replace")


def _query(query: str) -> str:
    ignored = column("tracking_parameters", "name")
    kept = (pair for pair in query.split("&") if pair and pair.partition("=")[0].lower() not in ignored)
    return "&".join(_escapes(pair) for pair in kept)


def _no_dots(path: str) -> str:
    """`.` and `..` segments resolved; `urljoin` does so only for relative addresses."""
    if "/." not in path:
        return path
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            segments[-1:] = []
        elif segment != ".":
            segments.append(segment)
    ending = "/" if path.endswith(("/.", "/..")) and segments and segments[-1] else ""
    return "/" + "/".join(segments) + ending
