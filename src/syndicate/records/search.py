"""The public search over what stands on a website: every substring, by column and year, newest first.

SQLite: FTS5 over pairs of characters. PostgreSQL: an inverted index over the same terms, then an exact look at the text
of longer words, as an array knows no order. Both count exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max, Min
from django.utils.timezone import localtime

from syndicate.model.site import SiteEntry
from syndicate.records import models
from syndicate.records.connection import one_at_a_time
from syndicate.text.bigrams import index_terms, pairs, query_runs, runs

_ITEMS_A_SECOND = 10_000_000
MOST_COUNTED = 10_000
"""Hits are counted exactly up to here; a word of most articles would otherwise cost as much as reading all of them."""
_STORED_TEXT = 200_000
"""Characters of an article that can be searched; no text for people is longer."""


@dataclass(frozen=True)
class Hit:
    """One article that was found."""

    item: int
    column: str
    address: str
    title: str
    text: str
    published_at: datetime


@dataclass(frozen=True)
class Found:
    """One page of hits, newest first, and how many there are in all; `MOST_COUNTED` + 1 stands for any more."""

    total: int
    hits: tuple[Hit, ...]

    @property
    def uncounted(self) -> bool:
        """Whether there are more than are counted."""
        return self.total > MOST_COUNTED


def put(channel: str, entry: SiteEntry, text: str) -> None:
    """Make an article findable as it is now. `text` is its plain text, without title."""
    with transaction.atomic(savepoint=False):
        one_at_a_time(f"{channel}\n{entry.item}\nsearch")  # two imports may bring the same article at once
        remove(channel, entry.item)
        document = models.SearchDocument.objects.create(
            position=_free_position(entry),
            channel=channel,
            item_id=entry.item,
            column=entry.column,
            year=localtime(entry.published_at).year,
            published_at=entry.published_at,
            address=entry.address,
            title=entry.title.replace("\0", ""),
            text=text[:_STORED_TEXT].replace("\0", ""),
        )
        _index(document)


def index_everything() -> None:
    """Make every article that is kept findable; the index of an office that was copied is empty."""
    with transaction.atomic(savepoint=False):
        for document in models.SearchDocument.objects.order_by("position").iterator(chunk_size=500):
            _index(document)


def _index(document: models.SearchDocument) -> None:
    terms = terms_of(document)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO records_searchindex(rowid, terms, facets) VALUES (%s, %s, %s)",
                [document.position, " ".join(terms), facets_of(document)],
            )
        else:
            plain = " ".join(runs(f"{document.title}\n{document.text}"))
            characters = {character for term in terms for character in term}
            cursor.execute(
                "INSERT INTO records_searchindex(document_id, terms, folded) VALUES (%s, %s, %s)",
                [document.position, sorted({*terms, *characters}), plain],
            )


def remove(channel: str, item: int) -> None:
    """Make an article unfindable; nothing happens where it is not known."""
    with transaction.atomic(savepoint=False):
        document = models.SearchDocument.objects.filter(channel=channel, item_id=item).first()
        if document is None:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                # An index without content is told what it holds, to take it out.
                cursor.execute(
                    "INSERT INTO records_searchindex(records_searchindex, rowid, terms, facets) "
                    "VALUES ('delete', %s, %s, %s)",
                    [document.position, " ".join(terms_of(document)), facets_of(document)],
                )
            else:
                cursor.execute("DELETE FROM records_searchindex WHERE document_id = %s", [document.position])
        document.delete()


def find(channel: str, query: str, *, column: str = "", year: int = 0, start: int = 0, count: int = 10) -> Found:
    """Articles that hold every word of the query. Nothing for a query without letters and digits."""
    wanted = query_runs(query)
    if not wanted:
        return Found(0, ())
    search = _sqlite if connection.vendor == "sqlite" else _postgresql
    total, positions = search(channel, wanted, column, year, (count, start))
    rows = {row.position: row for row in models.SearchDocument.objects.filter(position__in=positions)}
    return Found(total, tuple(_hit(rows[position]) for position in positions if position in rows))


def years(channel: str) -> range:
    """The years in which something that can be found was published, oldest first."""
    rows = models.SearchDocument.objects.filter(channel=channel)
    ends = rows.aggregate(first=Min("position"), last=Max("position"))
    if ends["first"] is None:
        return range(0)
    found = dict(rows.filter(position__in=ends.values()).values_list("position", "year"))
    return range(found[ends["first"]], found[ends["last"]] + 1)


def missing(channel: str) -> tuple[int, ...]:
    """Items that stand on a website and cannot be found yet."""
    known = models.SearchDocument.objects.filter(channel=channel).values("item_id")
    rows = models.SiteEntry.objects.filter(channel=channel, settled=True, withdrawn=False)
    return tuple(rows.exclude(item_id__in=known).order_by("item_id").values_list("item_id", flat=True))


def _sqlite(
    channel: str, wanted: Sequence[str], column: str, year: int, page: tuple[int, int]
) -> tuple[int, list[int]]:
    # Only letters and digits come into the quotes, as runs hold nothing else.
    phrases = ['"' + " ".join(pairs(run)) + '"' + ("*" if len(run) == 1 else "") for run in wanted]
    facets = [f"channel {channel}", *([f"column {column}"] if column else []), *([f"year {year}"] if year else [])]
    match = " AND ".join(
        [*(f"terms : {phrase}" for phrase in phrases), *(f'facets : "{_escaped(facet)}"' for facet in facets)]
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT rowid FROM records_searchindex WHERE records_searchindex MATCH %s LIMIT %s)",
            [match, MOST_COUNTED + 1],
        )
        total = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT rowid FROM records_searchindex WHERE records_searchindex MATCH %s "
            "ORDER BY rowid DESC LIMIT %s OFFSET %s",
            [match, *page],
        )
        return total, [int(row[0]) for row in cursor.fetchall()]


def _postgresql(
    channel: str, wanted: Sequence[str], column: str, year: int, page: tuple[int, int]
) -> tuple[int, list[int]]:
    terms = sorted({term for run in wanted for term in pairs(run)})
    condition = "d.channel = %s AND i.terms @> %s::text[]"
    values: list[str | int | list[str]] = [channel, terms]
    for run in wanted:
        if len(run) > 2:
            condition += " AND strpos(i.folded, %s) > 0"
            values.append(run)
    for name, value in (('d."column"', column), ("d.year", year)):
        if value:
            condition += f" AND {name} = %s"
            values.append(value)
    # Every text below is of this function; values are parameters.
    source = f"FROM records_searchindex i JOIN records_searchdocument d ON d.position = i.document_id WHERE {condition}"
    with connection.cursor() as cursor:
        counted = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT %s) counted"  # noqa: S608  # see above
        cursor.execute(counted, [*values, MOST_COUNTED + 1])
        total = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT d.position {source} ORDER BY d.position DESC LIMIT %s OFFSET %s", [*values, *page])
        return total, [int(row[0]) for row in cursor.fetchall()]


def _free_position(entry: SiteEntry) -> int:
    """A number that grows with the time of publication and that no other document has."""
    position = int(entry.published_at.timestamp()) * _ITEMS_A_SECOND + entry.item % _ITEMS_A_SECOND
    while models.SearchDocument.objects.filter(position=position).exists():
        position += 1
    return position


def terms_of(document: models.SearchDocument) -> list[str]:
    """What the index keeps of an article's title and text."""
    return index_terms(f"{document.title}\n{document.text}")


def facets_of(document: models.SearchDocument) -> str:
    """What filters ask for, as phrases; the words between keep a name from running into the next."""
    return f"channel {document.channel} column {document.column} year {document.year} end"


def _escaped(text: str) -> str:
    return text.replace('"', '""')


def _hit(row: models.SearchDocument) -> Hit:
    return Hit(row.item_id, row.column, row.address, row.title, row.text, row.published_at)
