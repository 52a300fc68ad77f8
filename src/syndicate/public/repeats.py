"""Whether somebody has rated a page today already, without keeping who anybody is.

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
"""Ratings remembered at a time; the oldest is forgotten first."""


class Repeats:
    """The ratings of one day, by address and page. May be used from several threads."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""
        self._seen: OrderedDict[bytes, None] = OrderedDict()
        self._guard = threading.Lock()

    def take(self, subscriber: str, page: str, day: date) -> bytes | None:
        """A mark for a first rating; None where this address has rated this page on this day."""
        with self._guard:
            if day != self._day:
                self._day, self._key, self._seen = day, secrets.token_bytes(32), OrderedDict()
            mark = hmac.digest(self._key, f"{subscriber}\n{page}".encode("utf-8", "replace"), "sha256")[:16]
            if mark in self._seen:
                return None
            self._seen[mark] = None
            while len(self._seen) > MOST:
                self._seen.popitem(last=False)
            return mark

    def give_back(self, mark: bytes) -> None:
        """The rating of this mark was not counted after all; it may be tried again."""
        with self._guard:
            self._seen.pop(mark, None)
