"""What a database refuses, in words that say which of disk, lock and server it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from syndicate.errors import StorageError
from syndicate.records.connection import database_refusals, one_transaction
from tests.databases import on_postgresql, on_sqlite
from tests.disk import full_disk


def refused(statement: str) -> str:
    """The key of what the database says to a statement."""
    with pytest.raises(StorageError) as caught, one_transaction(), connection.cursor() as cursor:
        cursor.execute(statement)
    return caught.value.message.key


@on_sqlite
def test_a_disk_that_takes_no_more_is_a_full_disk(records: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with full_disk(1_000):
        assert refused("CREATE TABLE more (id int)") == "records.disk_full"


@on_sqlite
def test_a_database_that_may_not_grow_is_a_full_disk(records: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1")
    assert refused("CREATE TABLE more AS SELECT zeroblob(1000000)") == "records.disk_full"


@on_sqlite
def test_a_writer_that_does_not_end_is_a_locked_database(records: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 0")
    with closing(sqlite3.connect(records / "var" / "syndicate.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert refused("CREATE TABLE more (id int)") == "records.locked"


@on_postgresql
@pytest.mark.parametrize(
    ("state", "key"),
    [
        ("disk_full", "records.disk_full"),
        ("lock_not_available", "records.locked"),
        ("crash_shutdown", "records.unreachable"),
    ],
)
def test_the_code_of_a_server_decides(records: Path, state: str, key: str) -> None:
    assert refused(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$") == key


def test_any_other_refusal_names_the_reason(records: Path) -> None:
    with pytest.raises(StorageError, match="no_such_table"), database_refusals(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")
