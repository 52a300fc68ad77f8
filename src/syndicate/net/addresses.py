"""Web addresses: parsed once, strictly. What is checked, connected to and sent all come from the same `Target`."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from syndicate.errors import FetchForbidden

_PORTS = {"http": 80, "https": 443}
_LONGEST = 8_000
_LONGEST_SHOWN = 200
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\\]")
"""A control character or a backslash: programs disagree about where the host ends then."""
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?")
_SAFE = "/%:@!$&'()*+,;=~?|[]{}^`"
"""Left as it is in a path or query; anything beyond ASCII and every blank is percent-encoded."""


@dataclass(frozen=True)
class Target:
    """One http(s) address without user name and fragment. `host` is lower-case ASCII, `path` begins with a slash."""

    scheme: str
    host: str
    port: int
    path: str
    query: str

    @property
    def host_port(self) -> str:
        """The exact `host:port`, always with its port."""
        return f"{_bracketed(self.host)}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and, where it is not the usual one, port."""
        place = _bracketed(self.host) if self.port == _PORTS[self.scheme] else self.host_port
        return f"{self.scheme}://{place}"

    @property
    def url(self) -> str:
        """The whole address, ASCII only."""
        return f"{self.origin}{self.path}{'?' if self.query else ''}{self.query}"

    @property
    def shown(self) -> str:
        """The address for messages: a query may hold a secret and is left out."""
        return f"{self.origin}{self.path}{'?…' if self.query else ''}"[:_LONGEST_SHOWN]


def target_of(url: str) -> Target:
    """Parse an address. Raises `FetchForbidden` unless it is plain http or https without user name and password."""
    text = url.strip()
    if not text or len(text) > _LONGEST or _UNREADABLE.search(text):
        raise FetchForbidden("net.address", url=shown(text))
    try:
        parts = urlsplit(text)
        scheme, port, host = parts.scheme, parts.port, _host(parts.hostname or "")
    except ValueError:
        raise FetchForbidden("net.address", url=shown(text)) from None
    if scheme not in _PORTS:
        raise FetchForbidden("net.scheme", url=shown(text), scheme=scheme[:20])
    if "@" in parts.netloc:
        raise FetchForbidden("net.userinfo", url=shown(text))
    if not host or port == 0:
        raise FetchForbidden("net.address", url=shown(text))
    path = quote(parts.path, safe=_SAFE) or "/"
    return Target(scheme, host, port or _PORTS[scheme], path, quote(parts.query, safe=_SAFE))


def next_target(here: Target, location: str) -> Target:
    """Where a redirect leads. `location` is the header as HTTP reads it (Latin-1). Raises `FetchForbidden`."""
    # Servers write Chinese paths raw, in UTF-8 or GBK: their bytes are kept, whatever they mean.
    raw = location.strip().encode("latin-1", "replace")
    try:
        joined = urljoin(here.url, quote(raw, safe=_SAFE + "#\\"))
    except ValueError:
        raise FetchForbidden("net.address", url=shown(location)) from None
    return target_of(joined)


def host_port(url: str) -> str:
    """The exact `host:port` of an address, as `allow` wants it. Raises `FetchForbidden` for what is no address."""
    return target_of(url).host_port


def shown(url: str) -> str:
    """An address that may be broken, for messages: no user name, no query, nothing unprintable, not too long."""
    text = re.split(r"[?#]", url, maxsplit=1)[0]
    if "@" in text:
        text = "…@" + text.rpartition("@")[2]
    return "".join(c if c.isprintable() else "�" for c in text[:_LONGEST_SHOWN])


def _host(name: str) -> str:
    """A host in the one form that is looked up and compared; empty where it is none."""
    if ":" in name:
        return "" if "%" in name else str(ipaddress.IPv6Address(name))
    ascii_name = name.encode("idna").decode("ascii").lower().removesuffix(".") if name else ""
    return ascii_name if len(ascii_name) <= 253 and _HOST.fullmatch(ascii_name) else ""


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
