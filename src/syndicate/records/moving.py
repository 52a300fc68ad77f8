"""Copying every row from the office's SQLite file into an empty PostgreSQL, and proving that it is the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, connections, models

from syndicate.errors import Conflict, NotAllowed, StorageError
from syndicate.model.hashing import digest
from syndicate.records import search
from syndicate.records.connection import database_refusals, one_transaction, prepare_schema
from syndicate.records.settings import database_for

_SOURCE = "source"
_BATCH = 1000


@dataclass(frozen=True)
class Table:
    """One table that was copied: its rows, and one hash over all of them, the same on both sides."""

    name: str
    rows: int
    sha256: str


def copy_everything(progress: Callable[[str, int], None]) -> tuple[Table, ...]:
    """Fill the PostgreSQL that is open, which must be empty, from the SQLite file that `source` gives.

    `progress` is told each table and how many rows of it were just copied. Raises NotAllowed where the database is not
    empty, StorageError where a row is refused or differs afterwards; then it is empty again.
    """
    with database_refusals():
        if connection.introspection.table_names():
            raise NotAllowed("restore.database_in_use", name=str(connection.settings_dict["NAME"]))
    with one_transaction():
        prepare_schema()
        return _copied(progress)


@contextmanager
def source(home: Path) -> Iterator[None]:
    """The SQLite file of the office at `home` as a second database of this process.

    Raises Conflict at the end where anybody else has written to it meanwhile.
    """
    settings.DATABASES[_SOURCE] = database_for("", home)
    connections.settings = connections.configure_settings(settings.DATABASES)
    try:
        before = _version()
        yield
        if _version() != before:
            raise Conflict("restore.moved_meanwhile")
    finally:
        connections[_SOURCE].close()
        del connections[_SOURCE]
        del settings.DATABASES[_SOURCE]
        connections.settings = connections.configure_settings(settings.DATABASES)


def _version() -> int:
    """Changes whenever another connection has committed (SQLite, PRAGMA data_version)."""
    with database_refusals(), connections[_SOURCE].cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])


def _copied(progress: Callable[[str, int], None]) -> tuple[Table, ...]:
    ours = sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.db_table)
    # Django fills some tables itself when they are made; what they hold comes over with the rest.
    for model in ours:
        model._base_manager.all().delete()
    with connection.cursor() as cursor:
        # The steps of the schema have made the checks of links immediate; at the end any order will do.
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    for model in ours:
        for batch in _batches(model):
            model._base_manager.bulk_create(batch)
            progress(model._meta.db_table, len(batch))
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), ours):
            cursor.execute(statement)
    search.index_everything()
    return tuple(_compared(model) for model in ours)


def _batches(model: type[models.Model]) -> Iterator[list[models.Model]]:
    rows = model._base_manager.using(_SOURCE).order_by("pk").iterator(chunk_size=_BATCH)
    batch: list[models.Model] = []
    for row in rows:
        row._state.db = None
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _compared(model: type[models.Model]) -> Table:
    there, here = _summary(model, _SOURCE), _summary(model, "default")
    if there != here:
        raise StorageError("restore.moved_differs", table=model._meta.db_table, there=there[0], here=here[0])
    return Table(model._meta.db_table, *here)


def _summary(model: type[models.Model], database: str) -> tuple[int, str]:
    """How many rows there are, and one hash over all their values in the order of their keys."""
    names = [field.attname for field in model._meta.concrete_fields]
    found, count = hashlib.sha256(), 0
    for row in model._base_manager.using(database).order_by("pk").values_list(*names).iterator(chunk_size=_BATCH):
        found.update(digest([_plain(value) for value in row]).encode())
        count += 1
    return count, found.hexdigest()


def _plain(value: Any) -> object:
    """A value as both databases give it."""
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    return value if isinstance(value, str | int | float | bool | dict | list | None) else str(value)
