"""A disk that is full for a while, and what the worker says about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from tests.disk import full_disk
from tests.engine.running import until

NO_ROOM = 1_000
"""Bytes that a file may have then: less than any page of the database and any file that we write."""
FULL = "磁盘已满"
BACK = "数据库恢复可用"


def empty_the_log() -> None:
    """SQLite's log begins anew: what is written next needs room."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def no_room() -> Iterator[None]:
    """No file of this process gets any longer."""
    empty_the_log()
    with full_disk(NO_ROOM):
        yield


@contextmanager
def no_room_until_told(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """The same, until the worker has said that the disk is full."""
    with no_room():
        yield
        until(lambda: FULL in caplog.text)
