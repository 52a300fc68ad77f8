"""How often one address may ask."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

MOST_ADDRESSES = 10_000
"""Addresses remembered at a time; the one that asked longest ago is forgotten first."""
_IPV6_SITE = 64


@dataclass(frozen=True)
class Rate:
    """`burst` questions at once, then `per_minute` a minute."""

    burst: int
    per_minute: int


class Pace:
    """A bucket for each address that fills with time. May be used from several threads."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._guard = threading.Lock()

    def wait(self, address: str, seconds: float) -> int:
        """Whole seconds until `address` may ask again at the monotonic time `seconds`; 0: now, and it is counted."""
        name = subscriber(address)
        refill = self._rate.per_minute / 60
        with self._guard:
            left, since = self._buckets.pop(name, (float(self._rate.burst), seconds))
            left = min(self._rate.burst, left + (seconds - since) * refill)
            allowed = left >= 1
            self._buckets[name] = (left - 1 if allowed else left, seconds)
            while len(self._buckets) > MOST_ADDRESSES:
                self._buckets.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) / refill))


def subscriber(address: str) -> str:
    """An IPv6 subscriber has a whole network to ask from; anything that is no address counts as one."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped:  # what a server that listens on both families calls an IPv4 address
            return str(known.ipv4_mapped)
        return str(ip_network((known, _IPV6_SITE), strict=False))
    return str(known)
