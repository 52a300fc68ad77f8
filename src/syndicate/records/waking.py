"""Waking idle workers: a datagram to `var/wake.sock`, and NOTIFY on PostgreSQL. Polling is only the fallback."""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

CHANNEL = "syndicate_wake"


@contextlib.contextmanager
def _short_path(home: Path) -> Iterator[str]:
    """The address of the office's bell, through an open folder: a socket's address holds 107 bytes at most."""
    folder = os.open(home / "var", os.O_PATH | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/wake.sock"
    finally:
        os.close(folder)


def listen(home: Path) -> socket.socket:
    """The bell of an office; a second worker of the same office takes it over. Reading never blocks."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.setblocking(False)
    with _short_path(home) as path:
        Path(path).unlink(missing_ok=True)
        listener.bind(path)
        Path(path).chmod(0o600)
    return listener


def wake(home: Path) -> None:
    """Tell idle workers that something may be due. Without a worker nothing happens and nothing is lost."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.setblocking(False)
        with _short_path(home) as path:
            sender.sendto(b"due", path)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
