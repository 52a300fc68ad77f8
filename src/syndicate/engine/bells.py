"""What wakes a worker: its own threads, and approvals in other processes."""

from __future__ import annotations

import contextlib
import selectors
import socket
from enum import Enum, auto
from pathlib import Path

from syndicate.errors import StorageError
from syndicate.records.waking import Bell, listen


class Woken(Enum):
    """Why a sleep ended."""

    KNOCKED = auto()
    RUNG = auto()
    RESTED = auto()


class Bells:
    """A worker's own bell, which its threads knock at, and the office's, which only a worker that stays hangs up."""

    def __init__(self) -> None:
        self._heard, self._knocker = socket.socketpair()
        self._heard.setblocking(False)
        self._knocker.setblocking(False)
        self._office: Bell | None = None
        self._home: Path | None = None

    def hang(self, home: Path) -> None:
        """Listen for the office. Raises as `records.waking.listen` does."""
        self._home = home
        self._office = listen(home)

    def knock(self) -> None:
        """Wake the worker from one of its own threads or a signal handler; a full pipe means that it will wake anyway."""
        with contextlib.suppress(OSError):
            self._knocker.send(b".")

    def wait(self, seconds: float) -> Woken:
        """Sleep until somebody knocks or rings, for at most so many seconds. Raises StorageError when nobody can ring."""
        if self._home and not self._office:
            self.hang(self._home)
        with selectors.DefaultSelector() as selector:
            selector.register(self._heard, selectors.EVENT_READ)
            if self._office:
                selector.register(self._office.fileno(), selectors.EVENT_READ)
            heard = {key.fileobj for key, _ in selector.select(seconds)}
        if self._heard in heard:
            with contextlib.suppress(BlockingIOError):
                while self._heard.recv(4096):
                    pass
        if self._office and self._office.fileno() in heard:
            self._answer(self._office)
            return Woken.RUNG
        return Woken.KNOCKED if heard else Woken.RESTED

    def _answer(self, office: Bell) -> None:
        try:
            office.clear()
        except StorageError:
            office.close()
            self._office = None  # the next sleep hangs up a new one
            raise

    def close(self) -> None:
        """Give everything back."""
        if self._office:
            self._office.close()
        self._heard.close()
        self._knocker.close()
