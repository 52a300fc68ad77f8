"""How often somebody has done something today, without keeping who anybody is.

An address is mixed with a key that lives in this process for one day only. What is remembered cannot be turned back
into an address, and neither it nor the key ever reaches a disk.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections import OrderedDict
from datetime import date

MOST = 200_000
"""Doings remembered at a time; the one that is longest ago is forgotten first."""


class Repeats:
    """What was done on one day, by address. May be used from several threads."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""
        self._counts: OrderedDict[bytes, int] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, subscriber: str, what: str, day: date, most: int) -> bytes | None:
        """A mark for something that is counted; None where this address has done it `most` times on this day."""
        with self._guard:
            if day != self._day:
                self._day, self._key, self._counts = day, secrets.token_bytes(32), OrderedDict()
            mark = hmac.digest(self._key, f"{subscriber}\n{what}".encode("utf-8", "replace"), "sha256")[:16]
            done = self._counts.pop(mark, 0)
            allowed = done < most
            self._counts[mark] = done + allowed
            while len(self._counts) > MOST:
                self._counts.popitem(last=False)
            return mark if allowed else None

    def give_back(self, mark: bytes) -> None:
        """What this mark stands for was not done after all; it may be tried again."""
        with self._guard:
            if mark in self._counts:
                self._counts[mark] -= 1
