"""Verbs that need the database for themselves see who else has it open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from syndicate.errors import Conflict
from syndicate.records.others import need_for_oneself
from tests.databases import on_postgresql, on_sqlite

OPENS = "import sqlite3, sys; held = sqlite3.connect(sys.argv[1]); print(held.execute('SELECT 1').fetchone(), flush=True); sys.stdin.read()"


@contextmanager
def _another_process(home: Path) -> Iterator[int]:
    command = [sys.executable, "-c", OPENS, str(home / "var" / "syndicate.sqlite3")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        yield other.pid
        other.communicate()


def test_alone_nobody_is_in_the_way(records: Path) -> None:
    connection.ensure_connection()
    assert need_for_oneself(records) is None


@on_sqlite
def test_another_process_is_named(records: Path) -> None:
    with _another_process(records) as number, pytest.raises(Conflict, match=str(number)):
        need_for_oneself(records)


@on_sqlite
def test_a_process_that_has_ended_is_in_nobodys_way(records: Path) -> None:
    with _another_process(records):
        pass
    assert need_for_oneself(records) is None


@on_postgresql
def test_another_session_is_named(records: Path) -> None:
    connection.ensure_connection()
    with (
        psycopg.connect(**connection.get_connection_params(), application_name="another desk"),
        pytest.raises(Conflict, match="another desk"),
    ):
        need_for_oneself(records)
