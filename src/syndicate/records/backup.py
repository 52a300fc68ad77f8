"""A consistent copy of the database while it is in use."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection

from syndicate.errors import StorageError


def copy_database(folder: Path) -> Path:
    """Write a copy of the database into `folder` and return it: SQLite's own online backup, or `pg_dump`.

    Raises StorageError saying what is missing. The copy is checked after writing.
    """
    return _dump(folder / "database.dump") if connection.vendor == "postgresql" else _copy(folder / "database.sqlite3")


def _copy(target: Path) -> Path:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            (state,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise StorageError("records.backup_broken", path=target, why=str(error)) from error
    if state != "ok":
        raise StorageError("records.backup_broken", path=target, why=state)
    return target


def _dump(target: Path) -> Path:
    program = shutil.which("pg_dump")
    if program is None:
        raise StorageError("records.no_pg_dump")
    # The password stays in the environment: an argument could be read by every user of the machine.
    settings = connection.settings_dict
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    known = {"PGHOST": host, "PGPORT": settings["PORT"], "PGUSER": settings["USER"], "PGPASSWORD": settings["PASSWORD"]}
    environment = {**os.environ, **{key: str(value) for key, value in known.items() if value}}
    done = subprocess.run(  # noqa: S603 a fixed program with our own arguments
        [program, "--format=custom", f"--file={target}", str(settings["NAME"])], env=environment, capture_output=True
    )
    if done.returncode:
        raise StorageError("records.backup_broken", path=target, why=done.stderr.decode(errors="replace")[:500])
    return target
