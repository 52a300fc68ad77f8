"""Which address a name may lead to: public ones only, save exact `host:port` exceptions.

What is returned is what gets connected to; there is no second look-up (DNS rebinding).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from syndicate.errors import FetchForbidden, FetchLater

_PORTS = {"http": 80, "https": 443}
_NAT64 = IPv6Network("64:ff9b::/96")
_LONGEST_URL = 4_096
_MOST_ADDRESSES = 3
"""Addresses of a name that are tried in turn when connecting fails."""


@dataclass(frozen=True)
class Target:
    """One address to fetch from: its parts and the checked IP addresses, best first."""

    url: str
    scheme: str
    host: str
    port: int
    addresses: tuple[str, ...]


def target(url: str, allow: tuple[str, ...] = ()) -> Target:
    """Check an address and resolve its name, once.

    `allow` are exact `host:port` exceptions. Raises `FetchForbidden` for what our rules refuse, `FetchLater` where
    the name cannot be resolved now.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme, 0)
        name = host.encode("idna").decode("ascii") if not host.isascii() else host
    except ValueError as error:
        raise FetchForbidden("net.bad_address", url=url[:200]) from error
    odd = any(character <= " " or character in "\\\x7f" for character in url) or len(url) > _LONGEST_URL
    if parts.scheme not in _PORTS or not name or "@" in parts.netloc or odd or len(name) > 253:
        # Not the address itself: it may carry a password.
        raise FetchForbidden("net.bad_address", url=f"{parts.scheme}://{host}"[:200])
    found = _resolve(name, port)
    if f"{name}:{port}".lower() not in {entry.lower() for entry in allow}:
        found = tuple(address for address in found if is_public(address))
        if not found:
            raise FetchForbidden("net.private_address", host=name, port=port)
    if name != parts.hostname:
        url = parts._replace(netloc=f"{name}:{port}").geturl()
    return Target(url, parts.scheme, name, port, found[:_MOST_ADDRESSES])


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, looked at through every way of embedding IPv4 in IPv6."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        if ip.is_site_local or "%" in address:
            return False
        embedded = _embedded(ip)
        if embedded is not None:
            return is_public(str(embedded))
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_loopback or ip.is_link_local)


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


def _resolve(host: str, port: int) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchLater("net.unresolved", host=host) from error
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    # IPv4 first: many offices have IPv6 addresses that lead nowhere.
    return tuple(sorted(addresses, key=lambda address: ":" in address))
