"""Many rows of one table with few statements: asked for in portions, written in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from django.db import connection
from django.db.models import Model

_AT_ONCE = 5000
"""Subjects of one question: databases take no more values at once than some ten thousands."""
_Subject = TypeVar("_Subject", int, str)


def portions(subjects: Collection[_Subject]) -> Iterator[list[_Subject]]:
    """The same subjects, as many at once as one question takes."""
    rows = list(subjects)
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]


def update_rows(model: type[Model], rows: Iterable[tuple[int, Mapping[str, object]]]) -> None:
    """Set other values in every row: (row number, column → value). Rows with the same columns share a statement.

    The caller holds the rows: nobody else changes them until its transaction ends.
    """
    groups: dict[tuple[str, ...], list[tuple[int, Mapping[str, object]]]] = {}
    for number, values in rows:
        groups.setdefault(tuple(sorted(values)), []).append((number, values))
    quote = connection.ops.quote_name
    for names, group in groups.items():
        fields = [field for field in model._meta.concrete_fields if field.attname in names or field.name in names]
        assignments = ", ".join(f"{quote(str(field.column))} = %s" for field in fields)
        statement = f"UPDATE {quote(model._meta.db_table)} SET {assignments} WHERE id = %s"  # noqa: S608 names of our own
        parameters = [
            [*(field.get_db_prep_save(values[field.name], connection) for field in fields), number]
            for number, values in group
        ]
        with connection.cursor() as cursor:
            cursor.executemany(statement, parameters)
