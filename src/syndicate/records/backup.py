"""A consistent copy of the database while it is in use, and the way back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db import connection, transaction

from syndicate.errors import NotAllowed, StorageError, disk_refusal
from syndicate.records.connection import database_refusals
from syndicate.records.settings import DATABASE_FILE

SQLITE_COPY, POSTGRESQL_COPY = "database.sqlite3", "database.dump"


@dataclass(frozen=True)
class DatabaseCopy:
    """A copy of the database and how many rows each of its tables holds."""

    path: Path
    rows: Mapping[str, int]


def copy_database(folder: Path) -> DatabaseCopy:
    """Write a copy of the database into `folder`: SQLite's own online backup, or `pg_dump`.

    Raises StorageError saying what is missing. The copy is checked after writing.
    """
    return _dump(folder / POSTGRESQL_COPY) if connection.vendor == "postgresql" else _copy(folder / SQLITE_COPY)


def put_back(copy: Path, home: Path) -> None:
    """Fill the database of the office at `home` from a copy. `open_records(home)` opens it afterwards.

    Raises NotAllowed where the database is of the other kind or holds an office already, StorageError where the copy
    cannot be read.
    """
    if (connection.vendor == "postgresql") != (copy.name == POSTGRESQL_COPY):
        raise NotAllowed("restore.other_database", kind=copy.name)
    if connection.vendor == "postgresql":
        _undump(copy)
    else:
        target = home / "var" / DATABASE_FILE
        try:
            shutil.copyfile(copy, target)
            target.chmod(0o600)
        except OSError as error:
            raise disk_refusal(target, error) from error


def empty_postgresql() -> None:
    """Take out again what a restoration or a move has put into PostgreSQL, which was empty before.

    Raises StorageError where the database refuses.
    """
    if connection.vendor != "postgresql":
        return  # a SQLite file goes with its folder
    with database_refusals(), transaction.atomic(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"DROP TABLE {connection.ops.quote_name(table)} CASCADE")
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc"
            " WHERE pronamespace = current_schema()::regnamespace AND starts_with(proname, 'records_')"
        )
        for (function,) in cursor.fetchall():
            cursor.execute(f"DROP FUNCTION {function}")


def replace_database(copy: Path, home: Path) -> None:
    """Put a copy in the place of the office's SQLite file, whatever stands there now. Raises StorageError."""
    connection.close()
    file = home / "var" / DATABASE_FILE
    whole = file.with_name(f".{DATABASE_FILE}.back")
    try:
        shutil.copyfile(copy, whole)
        whole.chmod(0o600)
        for leftover in ("-wal", "-shm"):
            file.with_name(f"{DATABASE_FILE}{leftover}").unlink(missing_ok=True)
        whole.replace(file)
    except OSError as error:
        whole.unlink(missing_ok=True)
        raise disk_refusal(file, error) from error


def count_rows(tables: Iterable[str]) -> dict[str, int]:
    """How many rows each of these tables of the open database holds. Raises StorageError where one is missing."""
    with database_refusals(), connection.cursor() as cursor:
        return _counted(cursor, tables)


def _tables() -> list[str]:
    """The tables of the office that are there: an older database has not had all of them yet."""
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted(ours.intersection(connection.introspection.table_names()))


class _Cursor(Protocol):
    """What Django's cursors and sqlite3's have in common."""

    def execute(self, sql: str, /) -> object: ...

    def fetchone(self) -> Any: ...


def _counted(cursor: _Cursor, tables: Iterable[str]) -> dict[str, int]:
    rows = {}
    for table in tables:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 a quoted name
        rows[table] = int(cursor.fetchone()[0])
    return rows


def _copy(target: Path) -> DatabaseCopy:
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy)
            (state,) = copy.execute("PRAGMA integrity_check").fetchone()
            rows = _counted(copy.cursor(), _tables())
    except sqlite3.Error as error:
        raise StorageError("records.backup_broken", path=target, why=str(error)) from error
    if state != "ok":
        raise StorageError("records.backup_broken", path=target, why=state)
    return DatabaseCopy(target, rows)


def _dump(target: Path) -> DatabaseCopy:
    """Rows are counted in the very snapshot that is dumped."""
    with database_refusals(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = str(cursor.fetchone()[0])
        rows = _counted(cursor, _tables())
        arguments = ("--format=custom", f"--snapshot={snapshot}", f"--file={target}", str(_name()))
        failed = _run("pg_dump", *arguments)
    if failed:
        raise StorageError("records.backup_broken", path=target, why=failed)
    return DatabaseCopy(target, rows)


def _undump(copy: Path) -> None:
    with database_refusals():
        if connection.introspection.table_names():
            raise NotAllowed("restore.database_in_use", name=_name())
    failed = _run(
        "pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", f"--dbname={_name()}", str(copy)
    )
    if failed:
        raise StorageError("restore.damaged", path=copy.name, why=failed)


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _run(tool: str, *arguments: str) -> str:
    """Run one of PostgreSQL's own tools; what it complained about, empty when all went well."""
    program = shutil.which(tool)
    if program is None:
        raise StorageError("records.no_postgresql_tool", tool=tool)
    # The password stays in the environment: an argument could be read by every user of the machine.
    settings = connection.settings_dict
    host = settings["OPTIONS"].get("host") or settings["HOST"]
    known = {"PGHOST": host, "PGPORT": settings["PORT"], "PGUSER": settings["USER"], "PGPASSWORD": settings["PASSWORD"]}
    environment = {**os.environ, **{key: str(value) for key, value in known.items() if value}}
    done = subprocess.run([program, *arguments], env=environment, capture_output=True)  # noqa: S603 a fixed program
    return done.stderr.decode(errors="replace")[:500] or tool if done.returncode else ""
