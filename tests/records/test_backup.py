"""A copy of the database comes back only into an empty one of its kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from syndicate.errors import NotAllowed
from syndicate.records.backup import POSTGRESQL_COPY, SQLITE_COPY, copy_database, empty_postgresql, put_back
from syndicate.records.connection import schema_ready
from tests.databases import on_postgresql


def test_a_copy_of_the_other_kind_is_refused(records: Path) -> None:
    copy = copy_database(records).path
    other = copy.rename(records / (SQLITE_COPY if copy.name == POSTGRESQL_COPY else POSTGRESQL_COPY))
    with pytest.raises(NotAllowed) as error:
        put_back(other, records)
    assert error.value.message.key == "restore.other_database"


@on_postgresql
def test_a_database_in_use_is_not_filled(records: Path) -> None:
    copy = copy_database(records).path
    with pytest.raises(NotAllowed) as error:
        put_back(copy, records)
    assert error.value.message.key == "restore.database_in_use"


@on_postgresql
def test_what_was_taken_out_is_all_gone(records: Path) -> None:
    empty_postgresql()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'public'"
        )
        assert cursor.fetchone() == (0,)


@on_postgresql
def test_an_emptied_database_takes_the_copy(records: Path) -> None:
    copy = copy_database(records).path
    empty_postgresql()
    put_back(copy, records)
    assert schema_ready()
