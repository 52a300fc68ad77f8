"""One website as it shall be once one entry stands in it: implements `model.site.Published`.

Every query takes its rows from an index, so that it costs the same on a site of any size. The entry being written is
left out of the queries and put in afterwards, as the table may still hold an older state of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import tzinfo
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from syndicate.model.site import Listing, Place, SiteEntry
from syndicate.records import models

_COLUMN = '"column"'
_COLUMNS = (
    'item_id, "column", address, title, summary, source_name, published_at, sequence, withdrawn, fields, listings'
)
_SLICE = 100
"""Entries read at once: those of one sitemap; the last pages of a list lie in two such slices at most."""
_NEWEST = 20
"""Entries in a feed: what the home page asks of the entry's column is part of them."""


class View:
    """Settled rows, and one entry as handed in. `before` is that entry as it is settled now, if it is.

    What was read once is kept, so that a view shows one state of the site, and each row costs one query at most.
    """

    def __init__(self, channel: str, entry: SiteEntry, before: SiteEntry | None) -> None:
        self._channel = channel
        self._before = before
        self._counts: dict[str, int] = {}
        self._newest: dict[str, tuple[int, tuple[SiteEntry, ...]]] = {}
        self._slices: dict[tuple[str, int], dict[int, SiteEntry]] = {}
        self.entry = entry

    def slice(self, column: str, start: int, stop: int) -> Sequence[SiteEntry]:
        """Entries by number in a column or listing, oldest first, tombstones included."""
        if "/" in column:
            return self._listed(column, start, stop)
        found = []
        for block in range(start // _SLICE, (max(stop, start + 1) - 1) // _SLICE + 1):
            rows = self._block(column, block)
            first = block * _SLICE
            numbers = range(max(start, first), min(stop, first + _SLICE))
            found += [rows[number] for number in numbers if number in rows]
        return tuple(found)

    def newest(self, column: str, count: int) -> Sequence[SiteEntry]:
        """The newest entries that are not withdrawn, newest first; all columns when `column` is empty."""
        known, entries = self._newest.get(column, (0, ()))
        if known < count:
            known = max(count, _NEWEST if column == self.entry.column else 0)
            condition, values = (f"NOT withdrawn AND {_COLUMN} = %s", [column]) if column else ("NOT withdrawn", [])
            shown = self._settled(condition, values, f"published_at DESC, item_id DESC LIMIT {known}")
            if column in ("", self.entry.column) and not self.entry.withdrawn:
                shown.append(self.entry)
            entries = tuple(sorted(shown, key=_age, reverse=True)[:known])
            self._newest[column] = (known, entries)
        return entries[:count]

    def count(self, column: str) -> int:
        """How many numbers of a column or listing are given to what this view shows."""
        return max(self._settled_numbers(column), self._own_number(column) + 1)

    def written(self, column: str) -> int:
        """How many numbers of a column or listing were given when it was last written whole."""
        before = self._before
        settled = before and column in (before.column, *(listing.name for listing in before.listings))
        return max(self._settled_numbers(column), self._own_number(column) + 1 if settled else 0)

    def _settled_numbers(self, column: str) -> int:
        """How many numbers of a column or listing are given up to the last that another entry has settled."""
        if column not in self._counts:
            if "/" in column:
                others = self._places(column).exclude(item_id=self.entry.item)
                given = others.order_by("-sequence").values_list("sequence", flat=True).first()
            else:
                last = self._settled(f"{_COLUMN} = %s", [column], "sequence DESC LIMIT 1")
                given = last[0].sequence if last else None
            self._counts[column] = 0 if given is None else given + 1
        return self._counts[column]

    def _own_number(self, column: str) -> int:
        """The number of the entry being written in a column or listing, -1 for none."""
        if column == self.entry.column:
            return self.entry.sequence
        return next((place.sequence for place in self.entry.places if place.listing.name == column), -1)

    def listings(self) -> Sequence[Listing]:
        """Every listing that ever had an entry, by name: each has one entry with the number 0.

        Sorted here: asked for an order, SQLite reads every place of the site in it, and not the few by their number.
        """
        statement = (
            "SELECT place.listing, place.title FROM records_siteplace place JOIN records_siteentry entry "
            "ON entry.channel = place.channel AND entry.item_id = place.item_id "
            "WHERE place.channel = %s AND place.sequence = 0 AND (entry.settled OR entry.item_id = %s)"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._channel, self.entry.item])
            return tuple(Listing(name, title) for name, title in sorted(cursor.fetchall()))

    def related(self, entry: SiteEntry) -> Sequence[SiteEntry]:
        """The interpretations of a document and the documents of an interpretation, not withdrawn, oldest first."""
        conditions: list[str] = []
        values: list[str | int] = []
        if entry.explains:
            conditions.append("document_number = %s OR index_number = %s")
            values += [entry.explains, entry.explains]
        for number in entry.numbers:
            conditions.append("explains = %s")
            values.append(number)
        if not conditions:
            return ()
        condition = f"NOT withdrawn AND ({' OR '.join(conditions)})"
        found = [one for one in self._settled(condition, values, "item_id") if one.item != entry.item]
        if entry.item != self.entry.item and not self.entry.withdrawn and are_related(entry, self.entry):
            found.append(self.entry)
        return tuple(sorted(found, key=_age))

    def affected(self) -> Sequence[SiteEntry]:
        """Other entries whose pages name the one being written, or named it before this change."""
        found = {one.item: one for state in (self._before, self.entry) if state for one in self.related(state)}
        return tuple(found[item] for item in sorted(found) if item != self.entry.item)

    def _settled(self, condition: str, values: Sequence[str | int], order: str) -> list[SiteEntry]:
        """Settled entries but the one being written. Plain SQL and plain rows: some hundred are read for each article.

        Conditions and orders are texts of this module; every value is a parameter.
        """
        statement = (
            f"SELECT {_COLUMNS} FROM records_siteentry "  # noqa: S608  # see above
            f"WHERE channel = %s AND settled AND item_id <> %s AND {condition} ORDER BY {order}"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [self._channel, self.entry.item, *values])
            zone = connection.timezone
            return [_entry_of_row(row, zone) for row in cursor.fetchall()]

    def _block(self, column: str, block: int) -> dict[int, SiteEntry]:
        """The entries of a column with numbers in one block, by number."""
        if (column, block) not in self._slices:
            first = block * _SLICE
            condition = f"{_COLUMN} = %s AND sequence >= %s AND sequence < %s"
            rows = self._settled(condition, [column, first, first + _SLICE], "sequence")
            found = {row.sequence: row for row in rows}
            if column == self.entry.column and self.entry.sequence // _SLICE == block:
                found[self.entry.sequence] = self.entry
            self._slices[column, block] = found
        return self._slices[column, block]

    def _places(self, listing: str) -> QuerySet[models.SitePlace]:
        """Places of settled entries in a listing."""
        rows = models.SitePlace.objects.filter(channel=self._channel, listing=listing)
        return rows.filter(item__siteentry__channel=self._channel, item__siteentry__settled=True)

    def _listed(self, listing: str, start: int, stop: int) -> Sequence[SiteEntry]:
        rows = self._places(listing).filter(sequence__gte=start, sequence__lt=stop).exclude(item_id=self.entry.item)
        numbers = dict(rows.values_list("item_id", "sequence"))
        entries = models.SiteEntry.objects.filter(channel=self._channel, settled=True, item_id__in=numbers)
        found = {numbers[row.item_id]: entry_of(row) for row in entries}
        for place in self.entry.places:
            if place.listing.name == listing and start <= place.sequence < stop:
                found[place.sequence] = self.entry
        return tuple(found[number] for number in sorted(found))


def _age(entry: SiteEntry) -> tuple[object, int]:
    return (entry.published_at, entry.item)


def are_related(one: SiteEntry, other: SiteEntry) -> bool:
    """Whether either interprets the other."""
    return bool(one.explains and one.explains in other.numbers) or bool(
        other.explains and other.explains in one.numbers
    )


def entry_of(row: models.SiteEntry) -> SiteEntry:
    """A row as a value, without its places."""
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
        tuple(Listing(name, title) for name, title in row.listings),
    )


def all_entries(channel: str) -> Iterator[tuple[SiteEntry, bool]]:
    """Every entry that has a number on a website, by column and sequence, and whether it is settled."""
    places = places_of(channel)
    order = f"ORDER BY {_COLUMN}, sequence"
    statement = f"SELECT {_COLUMNS}, settled FROM records_siteentry WHERE channel = %s {order}"  # noqa: S608  # see above
    with connection.cursor() as cursor:
        cursor.execute(statement, [channel])
        zone = connection.timezone
        for *row, settled in cursor.fetchall():
            yield _entry_of_row(row, zone, places.get(row[0], ())), bool(settled)


def _entry_of_row(row: Sequence[Any], zone: tzinfo | None, places: tuple[Place, ...] = ()) -> SiteEntry:
    """The same from `_COLUMNS` as the database gives them: SQLite knows neither time zones nor truth values."""
    item, column, address, title, summary, source_name, at, sequence, withdrawn, fields, listings = row
    if at.tzinfo is None:
        at = at.replace(tzinfo=zone)
    return SiteEntry(
        item,
        column,
        address,
        title,
        summary,
        source_name,
        at,
        sequence,
        bool(withdrawn),
        {} if fields == "{}" else json.loads(fields),
        () if listings == "[]" else tuple(Listing(name, text) for name, text in json.loads(listings)),
        places,
    )


def places_of(channel: str, items: Iterable[int] | None = None) -> dict[int, tuple[Place, ...]]:
    """Where entries ever belonged beside their columns, by item; all of a channel without `items`."""
    rows = models.SitePlace.objects.filter(channel=channel).order_by("listing")
    found: dict[int, tuple[Place, ...]] = {}
    for row in rows if items is None else rows.filter(item_id__in=items):
        place = Place(Listing(row.listing, row.title), row.sequence)
        found[row.item_id] = (*found.get(row.item_id, ()), place)
    return found
