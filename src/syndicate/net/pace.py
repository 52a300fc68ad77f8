"""One request at a time to one host, a pause after each, and no request at all while a host asks for quiet.

Our own host may be asked more often and by several threads at once, as the office decides.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class _Host:
    turns: threading.Semaphore = field(default_factory=threading.Semaphore)
    gap: float | None = None
    """Seconds between two requests where it is our own host."""
    free_at: float = 0.0
    distance: float = 0.0
    """Seconds that the host itself asks for between two requests."""
    quiet_until: datetime | None = None


class Pace:
    """Shared by all threads of a fetcher. `gap` is in seconds."""

    def __init__(self, gap: float, clock: Callable[[], datetime]) -> None:
        self._gap = gap
        self._clock = clock
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until it is our turn at this host, and keep others waiting until the block ends."""
        slot = self._slot(host)
        with slot.turns:
            time.sleep(max(slot.free_at - time.monotonic(), 0))
            try:
                yield
            finally:
                # Spread, so that many lists of one host are not read in lockstep.
                gap = max(self._gap if slot.gap is None else slot.gap, slot.distance)
                slot.free_at = time.monotonic() + gap * random.uniform(1, 1.5)  # noqa: S311

    def keep_distance(self, host: str, seconds: float) -> None:
        """The host asks for so much time between two requests; the gap is never shorter than our own."""
        self._slot(host).distance = seconds

    def open_up(self, host: str, at_once: int, gap: float) -> None:
        """The host is our own: so many requests at once, so many seconds between those of one thread.

        To be said before the first request to it.
        """
        with self._lock:
            self._hosts[host] = _Host(threading.Semaphore(at_once), gap)

    def keep_quiet(self, host: str, until: datetime) -> None:
        """The host asked not to be called before `until`."""
        self._slot(host).quiet_until = until

    def quiet_until(self, host: str) -> datetime | None:
        """Until when the host wants quiet; None where it may be called now."""
        until = self._slot(host).quiet_until
        return until if until is not None and until > self._clock() else None

    def _slot(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())
