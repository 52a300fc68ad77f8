"""Rows of lists whose article could not be read so far, and the tasks that some of them are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Message
from syndicate.records import models
from syndicate.records.deliveries import message_columns


@dataclass(frozen=True)
class FailedRow:
    """One row, how often it failed and why the last time. `dead_at`: since when it is a task for a person."""

    source: str
    key: str
    url: str
    title: str
    failures: int
    first_at: datetime
    last_at: datetime
    dead_at: datetime | None
    message: Message


def of_source(source: str) -> Mapping[str, FailedRow]:
    """Every failing row of a source by its key."""
    return {row.key: _failed(row) for row in models.FailedRow.objects.filter(source=source)}


def dead() -> tuple[FailedRow, ...]:
    """The rows that are a task for a person, the oldest first."""
    rows = models.FailedRow.objects.filter(dead_at__isnull=False).order_by("dead_at", "id")
    return tuple(_failed(row) for row in rows)


def store(failed: FailedRow) -> None:
    """Replace what is known about a failing row."""
    models.FailedRow.objects.update_or_create(
        source=failed.source,
        key=failed.key,
        defaults={
            "url": failed.url[:2048],
            "title": failed.title[:500],
            "failures": failed.failures,
            "first_at": failed.first_at,
            "last_at": failed.last_at,
            "dead_at": failed.dead_at,
            **message_columns(failed.message),
        },
    )


def forget(source: str, keys: Collection[str]) -> None:
    """These rows no longer fail: they were read, left their list, or count as seen."""
    models.FailedRow.objects.filter(source=source, key__in=list(keys)).delete()


def _failed(row: models.FailedRow) -> FailedRow:
    message = Message(row.message_key, row.message_values)
    return FailedRow(
        row.source, row.key, row.url, row.title, row.failures, row.first_at, row.last_at, row.dead_at, message
    )
