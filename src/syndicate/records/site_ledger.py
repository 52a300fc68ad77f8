"""What stands on each website: implements `model.site.SiteLedger` and `model.site.Published`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from django.db import connection, transaction
from django.db.models import Max, Q, QuerySet

from syndicate.model.site import SiteEntry
from syndicate.records import models


class SiteEntries:
    """Gives out dense sequence numbers per channel and column, and remembers what is settled."""

    def view(self, channel: str, entry: SiteEntry) -> View:
        """The site with `entry` in it. The first call for an item fixes sequence number and publication time."""
        with transaction.atomic():
            row = models.SiteEntry.objects.select_for_update().filter(channel=channel, item_id=entry.item).first()
            if row is None:
                _one_at_a_time(channel, entry.column)
                row = models.SiteEntry.objects.create(
                    channel=channel,
                    item_id=entry.item,
                    column=entry.column,
                    sequence=_next_sequence(channel, entry.column),
                    address=entry.address,
                    title=entry.title,
                    summary=entry.summary,
                    source_name=entry.source_name,
                    fields=dict(entry.fields),
                    published_at=entry.published_at,
                )
        fixed = replace(entry, sequence=row.sequence, published_at=row.published_at)
        return View(channel, fixed)

    def settle(self, channel: str, entry: SiteEntry) -> None:
        """The files are written: from now on every view sees the entry, or its tombstone."""
        models.SiteEntry.objects.filter(channel=channel, item_id=entry.item).update(
            title=entry.title,
            summary=entry.summary,
            source_name=entry.source_name,
            fields=dict(entry.fields),
            withdrawn=entry.withdrawn,
            settled=True,
        )

    def entries(self, channel: str) -> Sequence[SiteEntry]:
        """Everything settled on a channel, by column and sequence."""
        rows = models.SiteEntry.objects.filter(channel=channel, settled=True).order_by("column", "sequence")
        return tuple(_entry(row) for row in rows)


def _one_at_a_time(channel: str, column: str) -> None:
    """Until the transaction ends nobody else numbers in this column. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"{channel}\n{column}".encode()).digest()[:7], "big")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])


def _next_sequence(channel: str, column: str) -> int:
    rows = models.SiteEntry.objects.filter(channel=channel, column=column)
    last = rows.aggregate(last=Max("sequence"))["last"]
    return 0 if last is None else int(last) + 1


class View:
    """The site as it shall be once one entry stands in it: settled rows, and this entry as handed in."""

    def __init__(self, channel: str, entry: SiteEntry) -> None:
        self._channel = channel
        self.entry = entry

    def slice(self, column: str, start: int, stop: int) -> Sequence[SiteEntry]:
        """Entries of a column by sequence number, oldest first, tombstones included."""
        rows = self._rows().filter(column=column, sequence__gte=start, sequence__lt=stop).order_by("sequence")
        return tuple(self._shown(row) for row in rows)

    def newest(self, column: str, count: int) -> Sequence[SiteEntry]:
        """The newest entries that are not withdrawn, newest first; all columns when `column` is empty."""
        rows = self._rows().filter(Q(withdrawn=False) | Q(item_id=self.entry.item))
        if column:
            rows = rows.filter(column=column)
        newest = rows.order_by("-published_at", "-item_id")[: count + 1]
        return tuple(entry for entry in map(self._shown, newest) if not entry.withdrawn)[:count]

    def count(self, column: str) -> int:
        """How many sequence numbers of a column are given to what this view shows."""
        last = self._rows().filter(column=column).aggregate(last=Max("sequence"))["last"]
        return 0 if last is None else int(last) + 1

    def neighbours(self, column: str, sequence: int) -> tuple[SiteEntry | None, SiteEntry | None]:
        """The entries before and after one in its column that are not withdrawn."""
        rows = self._rows().filter(column=column).exclude(item_id=self.entry.item).filter(withdrawn=False)
        if not self.entry.withdrawn:
            rows = rows | self._rows().filter(column=column, item_id=self.entry.item)
        before = rows.filter(sequence__lt=sequence).order_by("-sequence").first()
        after = rows.filter(sequence__gt=sequence).order_by("sequence").first()
        return (self._shown(before) if before else None, self._shown(after) if after else None)

    def _rows(self) -> QuerySet[models.SiteEntry]:
        visible = Q(settled=True) | Q(item_id=self.entry.item)
        return models.SiteEntry.objects.filter(visible, channel=self._channel)

    def _shown(self, row: models.SiteEntry) -> SiteEntry:
        return self.entry if row.item_id == self.entry.item else _entry(row)


def _entry(row: models.SiteEntry) -> SiteEntry:
    return SiteEntry(
        row.item_id,
        row.column,
        row.address,
        row.title,
        row.summary,
        row.source_name,
        row.published_at,
        row.sequence,
        row.withdrawn,
        row.fields,
    )
