"""Which networks a GET may reach: the public ones, and what an exact `host:port` exception names (`networks.tsv`)."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from syndicate.errors import FetchForbidden, FetchLater, FetchRefused
from syndicate.net.addresses import Target, target_of
from syndicate.net.limits import table

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[..., Sequence[tuple[Any, ...]]]
"""Takes host, port and `type=` as `socket.getaddrinfo` does and answers as it does."""
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: what an IPv6-only network makes of a public IPv4 address."""
_PASSING = frozenset({socket.EAI_AGAIN, socket.EAI_MEMORY, socket.EAI_SYSTEM})
"""Look-up errors that say nothing about the name itself."""


@dataclass(frozen=True)
class Network:
    """One row of `networks.tsv`: addresses that are not reached. `exception`: an office may allow a host in it."""

    network: ipaddress.IPv4Network | ipaddress.IPv6Network
    exception: bool
    zh: str
    en: str


@cache
def closed_networks() -> tuple[Network, ...]:
    """The table, narrowest network first, so that the first match is the most exact one."""
    rows = [
        Network(ipaddress.ip_network(row["network"]), row["exception"] == "yes", row["zh"], row["en"])
        for row in table("networks.tsv")
    ]
    return tuple(sorted(rows, key=lambda row: row.network.prefixlen, reverse=True))


def closed_network(address: Address) -> Network | None:
    """The row that closes an address, or None for a public one."""
    embedded = _embedded(address)
    return next((row for row in closed_networks() if embedded in row.network), None)


def permitted(target: Target, allow: Iterable[str], resolve: Resolve) -> tuple[Address, ...]:
    """Look the host up once and keep the addresses that may be connected to.

    An exception counts where it is exactly the target's own `host:port` or exactly `address:port` of what the name
    means now; it opens private networks and this machine, never link-local, metadata or reserved addresses.
    Raises `FetchForbidden` where nothing is left, `FetchRefused` or `FetchLater` where the name cannot be looked up.
    """
    found = look_up(target, resolve)
    exceptions = {_exception(entry) for entry in allow}
    verdicts = [(address, closed_network(address)) for address in found]
    kept = tuple(
        address for address, row in verdicts if row is None or (row.exception and _names(target, address) & exceptions)
    )
    if kept:
        return kept
    address, row = verdicts[0]
    assert row is not None
    key = "net.private" if row.exception else "net.reserved"
    place = target.host_port
    raise FetchForbidden(key, url=target.shown, place=place, address=str(address), zh=row.zh, en=row.en)


def of_family(resolve: Resolve, family: int) -> Resolve:
    """The same look-up with the answers of one family only: `socket.AF_INET` or `socket.AF_INET6`."""

    def resolved(*arguments: Any, **options: Any) -> Sequence[tuple[Any, ...]]:
        return [answer for answer in resolve(*arguments, **options) if answer[0] == family]

    return resolved


def look_up(target: Target, resolve: Resolve) -> tuple[Address, ...]:
    """Every address of the target's host. Raises `FetchRefused` where it has none, `FetchLater` where nobody knows now."""
    try:
        answers = resolve(target.host, target.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _PASSING:
            raise FetchLater("net.look_up", url=target.shown, host=target.host) from error
        raise FetchRefused("net.no_host", url=target.shown, host=target.host) from error
    except (OSError, UnicodeError) as error:
        raise FetchRefused("net.no_host", url=target.shown, host=target.host) from error
    addresses = dict.fromkeys(_plain(ipaddress.ip_address(answer[4][0])) for answer in answers)
    if not addresses:
        raise FetchRefused("net.no_host", url=target.shown, host=target.host)
    return tuple(addresses)


def _plain(address: Address) -> Address:
    """An IPv4 address written as IPv6 is that IPv4 address, for the check and for the connection."""
    return (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped) or address


def _embedded(address: Address) -> Address:
    """The address that is really reached: mapped and translated forms lead to the IPv4 address in them."""
    address = _plain(address)
    if isinstance(address, ipaddress.IPv6Address) and address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _names(target: Target, address: Address) -> set[str]:
    numeric = f"[{address}]:{target.port}" if address.version == 6 else f"{address}:{target.port}"
    return {target.host_port, numeric}


def _exception(entry: str) -> str:
    """An exception in the form it is compared in; what is no `host:port` equals nothing."""
    if not entry.rpartition(":")[2].isdecimal():
        return ""
    try:
        return target_of(f"http://{entry}/").host_port
    except FetchForbidden:
        return ""
