"""Who else uses the office's database, for verbs that need it for themselves."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from django.db import connection

from syndicate.errors import Conflict
from syndicate.records.connection import database_refusals, on_postgresql
from syndicate.records.settings import DATABASE_FILE

_PROCESSES = Path("/proc")


def need_for_oneself(home: Path) -> None:
    """Raises Conflict, naming them, where other processes have the database of the office at `home` open.

    For SQLite the processes of the same user are seen, for root all of this machine (Linux tells what each has open).
    """
    found = sorted(_sessions() if on_postgresql() else _processes((home / "var" / DATABASE_FILE).resolve()))
    if found:
        raise Conflict("records.in_use", who="、".join(found[:5]))


def _sessions() -> Iterator[str]:
    with database_refusals(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, application_name FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        for number, name in cursor.fetchall():
            yield f"{number} {name}".strip()


def _processes(file: Path) -> Iterator[str]:
    for process in _PROCESSES.iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid() and _has_open(process, file):
            yield f"{process.name} {_command(process)}"


def _has_open(process: Path, file: Path) -> bool:
    with suppress(OSError):  # it has ended, or belongs to somebody else
        for one in (process / "fd").iterdir():
            with suppress(OSError):  # it was closed just now
                if one.readlink() == file:
                    return True
    return False


def _command(process: Path) -> str:
    try:
        words = (process / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return ""
    return " ".join(Path(word).name for word in words[:3]).strip()
