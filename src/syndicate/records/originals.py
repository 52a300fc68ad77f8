"""Other people's sites and the originals of our reprints: robots.txt, likeness, when a page is looked at again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.records import models
from syndicate.records.values import ItemSourceRecord

READER = "sync"
"""Under which name originals are read and their texts become revisions."""


@dataclass(frozen=True)
class Robots:
    """A site's robots.txt and the status it came with."""

    origin: str
    status: int
    text: str
    fetched_at: datetime


@dataclass(frozen=True)
class Likeness:
    """By what a document is known again: its number (发文字号), its title, a sketch of its text."""

    item: int
    number: str
    title: str
    sketch: tuple[int, ...]


@dataclass(frozen=True)
class Original:
    """The page that an item's text was read from. `step` counts the looks that are behind it.

    `absences` looks in a row did not find it, since `absent_since`; `gone_at`: it is confirmed that it is gone.
    """

    item: int
    source: str
    key: str
    url: str
    title: str
    step: int = 0
    next_look_at: datetime | None = None
    absences: int = 0
    absent_since: datetime | None = None
    gone_at: datetime | None = None


def robots(origin: str) -> Robots | None:
    """What a site answered last, if it was ever asked."""
    row = models.SiteRobots.objects.filter(origin=origin).first()
    return Robots(row.origin, row.status, row.text, row.fetched_at) if row else None


def remember_robots(robots: Robots) -> None:
    """Keep a site's robots.txt in the place of the one before."""
    models.SiteRobots.objects.update_or_create(
        origin=robots.origin,
        defaults={"status": robots.status, "text": robots.text, "fetched_at": robots.fetched_at},
    )


def remember_likeness(likeness: Likeness, now: datetime) -> None:
    """Keep by what an item is known again, in the place of what was kept before."""
    models.Likeness.objects.update_or_create(
        item_id=likeness.item,
        defaults={
            "number": likeness.number[:100],
            "title": likeness.title[:500],
            "sketch": list(likeness.sketch),
            "seen_at": now,
        },
    )


def likenesses(since: datetime) -> tuple[Likeness, ...]:
    """Those of every item seen since a moment, the oldest item first."""
    rows = models.Likeness.objects.filter(seen_at__gte=since).order_by("item_id")
    return tuple(Likeness(row.item_id, row.number, row.title, tuple(row.sketch)) for row in rows)


def original(item: int) -> Original | None:
    """The page that an item was read from, if it is followed or was."""
    row = models.Original.objects.filter(item_id=item).first()
    return _original(row) if row else None


def seen(item: int) -> tuple[tuple[ItemSourceRecord, ...], Original | None]:
    """Where an item was seen, first sighting first, and the page that it was read from: in one query."""
    rows = list(
        models.ItemSource.objects.filter(item_id=item).select_related("item__original").order_by("seen_at", "id")
    )
    carried = getattr(rows[0].item, "original", None) if rows else None
    sightings = tuple(ItemSourceRecord(row.source, row.key, row.url, row.seen_at) for row in rows)
    return sightings, _original(carried) if carried else None


def store_original(original: Original) -> None:
    """Replace what is known about an item's original."""
    models.Original.objects.update_or_create(
        item_id=original.item,
        defaults={
            "source": original.source,
            "key": original.key,
            "url": original.url,
            "title": original.title,
            "step": original.step,
            "next_look_at": original.next_look_at,
            "absences": original.absences,
            "absent_since": original.absent_since,
            "gone_at": original.gone_at,
        },
    )


def due_originals(now: datetime, limit: int) -> tuple[Original, ...]:
    """Originals whose next look has come, the longest overdue first."""
    rows = models.Original.objects.filter(next_look_at__lte=now).order_by("next_look_at", "id")[:limit]
    return tuple(_original(row) for row in rows)


def gone_originals(states: Sequence[str]) -> tuple[Original, ...]:
    """Originals that are confirmed gone while their item is in one of the states, oldest first."""
    rows = models.Original.objects.filter(gone_at__isnull=False, item__state__in=states).order_by("gone_at", "id")
    return tuple(_original(row) for row in rows)


def _original(row: models.Original) -> Original:
    return Original(
        row.item_id,
        row.source,
        row.key,
        row.url,
        row.title,
        row.step,
        row.next_look_at,
        row.absences,
        row.absent_since,
        row.gone_at,
    )


def sources_of(items: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """At which sources each of several items was seen, the first sighting first."""
    rows = models.ItemSource.objects.filter(item_id__in=list(items)).order_by("seen_at", "id")
    found: dict[int, list[str]] = {}
    for item, source in rows.values_list("item_id", "source"):
        found.setdefault(item, []).append(source)
    return {item: tuple(sources) for item, sources in found.items()}


def last_read(items: Collection[int], before: datetime) -> Mapping[int, int]:
    """Item → the revision that the last reading of its original made before a moment; items never read are left out."""
    rows = models.Revision.objects.filter(item_id__in=list(items), created_by=READER, created_at__lt=before)
    return dict(rows.order_by("number").values_list("item_id", "id"))
