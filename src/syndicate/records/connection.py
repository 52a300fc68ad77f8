"""Opening the database of an office, its schema, and transactions.

Whoever enters the house (cli, desk, tests) opens the records before importing anything that imports models.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction

from syndicate.errors import StorageError, UsageError
from syndicate.records.settings import DATABASE_ADDRESS, DATABASE_FILE, database_for, database_url


def open_records(home: Path) -> None:
    """Make this process use the database of the office at `home`. May be called again for another office.

    Raises UsageError where the office was moved to PostgreSQL and its address is gone: an empty file is no substitute.
    """
    home = home.resolve()
    url = database_url(home)
    if not url and _moved_away(home):
        raise UsageError("records.database_lost", path=str(home / "var" / "secrets" / DATABASE_ADDRESS))
    os.environ["SYNDICATE_HOME"] = str(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "syndicate.records.settings")
    django.setup()
    entry = database_for(url, home)
    if {key: settings.DATABASES["default"].get(key) for key in entry} != entry:
        connections.close_all()
        settings.DATABASES["default"] = entry
        connections.settings = connections.configure_settings(settings.DATABASES)
        if connections["default"].settings_dict["NAME"] != entry["NAME"]:
            del connections["default"]  # this thread's connection was made for the office before


def _moved_away(home: Path) -> bool:
    file = home / "var" / DATABASE_FILE
    return not file.exists() and any(file.parent.glob(f"{DATABASE_FILE}.moved-*"))


def use_database(url: str) -> None:
    """Which database the next `open_records` opens: DATABASE_URL as in the environment, empty for the office's own."""
    os.environ["DATABASE_URL"] = url


def prepare_schema() -> None:
    """Create or upgrade every table; SQLite's file is its owner's alone. Raises StorageError when it cannot be done."""
    with database_refusals():
        call_command("migrate", verbosity=0, interactive=False)
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).chmod(0o600)


def holds_an_office(home: Path) -> bool:
    """Whether the database that is open for `home` has an office in it already. A file that is not there is not made."""
    return (on_postgresql() or (home / "var" / DATABASE_FILE).exists()) and schema_ready()


def schema_ready() -> bool:
    """Whether the tables exist, so that a verb can say `run init first` instead of failing somewhere."""
    with database_refusals():
        return "records_item" in connection.introspection.table_names()


_SQLITE_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
_SQLITE_LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_POSTGRESQL = {"53100": "records.disk_full", "55P03": "records.locked"}
"""SQLSTATE of disk_full and lock_not_available (PostgreSQL documentation, appendix A)."""


def on_postgresql() -> bool:
    """Whether the office's database is PostgreSQL; else it is SQLite."""
    return connection.vendor == "postgresql"


def check_schema_fits() -> None:
    """Raises UsageError where the office's tables are older or newer than this program.

    Compares names only: asking Django for its plan would cost every start a tenth of a second.
    """
    shipped = {file.stem for file in (Path(__file__).parent / "migrations").glob("[0-9]*.py")}
    with database_refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'records'")
        taken = {str(name) for (name,) in cursor.fetchall()}
    if newer := sorted(taken - shipped):
        raise UsageError("doctor.newer_tables", name=newer[-1])
    if older := shipped - taken:
        raise UsageError("doctor.old_tables", count=len(older))


@contextmanager
def database_refusals() -> Iterator[None]:
    """Whatever the database refuses inside (disk full, away, locked, no database at all) becomes a StorageError."""
    try:
        yield
    except DatabaseError as error:
        raise StorageError(_refusal(error.__cause__), why=str(error)) from error


def _refusal(cause: BaseException | None) -> str:
    """The text for what the database library itself raised."""
    if not isinstance(cause, sqlite3.Error):
        return _POSTGRESQL.get(getattr(cause, "sqlstate", None) or "", "records.unreachable")
    code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_OK)
    if code in _SQLITE_FULL:
        return "records.disk_full"
    return "records.locked" if code & 0xFF in _SQLITE_LOCKED else "records.unreachable"


@contextmanager
def one_transaction() -> Iterator[None]:
    """All writes inside happen together or not at all. Never open one across a network call.

    Raises StorageError when the database cannot take it (disk full, away, locked beyond the time-out).
    """
    with database_refusals(), transaction.atomic():
        yield


def one_at_a_time(name: str) -> None:
    """Until the transaction ends nobody else is between this call and its end with the same name.

    SQLite has one writer anyway.
    """
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def close_connections() -> None:
    """Give this thread's connection back; call it at the end of a thread and before a fork."""
    connections.close_all()
