"""Waking idle workers: a datagram to `var/wake.sock` on SQLite, NOTIFY on PostgreSQL. Polling is only the fallback.

An office on SQLite has one worker that stands; a second one is refused, so that it never takes the first one's bell away.
On PostgreSQL everybody hears.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from django.db import DatabaseError, connection

from syndicate.errors import Conflict, StorageError

CHANNEL = "syndicate_wake"


class Bell(Protocol):
    """What a worker that stands listens to."""

    def fileno(self) -> int:
        """To be watched by a selector: readable when somebody rang."""
        ...

    def clear(self) -> None:
        """Forget who rang so far. Raises StorageError when it can ring no more."""
        ...

    def close(self) -> None:
        """Hang it off."""
        ...


def listen(home: Path) -> Bell:
    """The bell of an office. Raises Conflict where another worker stands on SQLite, StorageError when there is no database."""
    return _NotifyBell() if connection.vendor == "postgresql" else _SocketBell(home)


class _SocketBell:
    """The office's one socket; its lock ends with the process that holds it, however that ends."""

    def __init__(self, home: Path) -> None:
        self._lock = os.open(home / "var" / "worker.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise Conflict("ledger.worker_stands", home=str(home)) from None
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        with _short_path(home) as path:
            Path(path).unlink(missing_ok=True)
            self._socket.bind(path)
            Path(path).chmod(0o600)

    def fileno(self) -> int:
        return self._socket.fileno()

    def clear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            while self._socket.recv(4096):
                pass

    def close(self) -> None:
        self._socket.close()
        os.close(self._lock)


class _NotifyBell:
    """A connection of its own that listens and does nothing else."""

    def __init__(self) -> None:
        import psycopg  # an office on SQLite never loads it

        self._error = psycopg.Error
        try:
            self._connection = psycopg.connect(**connection.get_connection_params(), autocommit=True)
            self._connection.execute(f"LISTEN {CHANNEL}")
        except psycopg.Error as error:
            raise StorageError("records.unreachable", why=str(error)) from error

    def fileno(self) -> int:
        return self._connection.fileno()

    def clear(self) -> None:
        try:
            for _ in self._connection.notifies(timeout=0):
                pass
        except self._error as error:
            raise StorageError("records.unreachable", why=str(error)) from error

    def close(self) -> None:
        self._connection.close()


@contextlib.contextmanager
def _short_path(home: Path) -> Iterator[str]:
    """The address of the office's bell, through an open folder: a socket's address holds 107 bytes at most."""
    folder = os.open(home / "var", os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/wake.sock"
    finally:
        os.close(folder)


def wake(home: Path) -> None:
    """Tell idle workers that something may be due. Without a worker nothing happens and nothing is lost."""
    if connection.vendor == "postgresql":
        with contextlib.suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.setblocking(False)
        with _short_path(home) as path:
            sender.sendto(b"due", path)
