"""Waking idle workers: a datagram to `var/wake.sock`, and NOTIFY on PostgreSQL. Polling is only the fallback."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

from django.db import connection

CHANNEL = "syndicate_wake"


def socket_path(home: Path) -> Path:
    """Where the worker of an office listens."""
    return home / "var" / "wake.sock"


def wake(home: Path) -> None:
    """Tell idle workers that something may be due. Without a worker nothing happens and nothing is lost."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender, contextlib.suppress(OSError):
        sender.setblocking(False)
        sender.sendto(b"due", str(socket_path(home)))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [CHANNEL])
