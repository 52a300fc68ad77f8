"""The public website as the patrol saw it: its pages, the addresses beyond it that they name, and rounds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Severity
from syndicate.records import models
from syndicate.records.office import ProbeRecord
from syndicate.records.plain import plain_text

_AT_ONCE = 500


@dataclass(frozen=True)
class PageRecord:
    """One page or file of the site. `address` is its path below the site, `index.html` for the home page."""

    address: str
    kind: str
    first_seen_at: datetime
    due_at: datetime
    published_at: datetime | None = None
    """First publication of an article, as our own records know it."""
    first_looked_at: datetime | None = None
    looked_at: datetime | None = None
    status: int = 0
    sha256: str = ""
    """Of the bytes as they came; empty where none came."""
    size: int = 0
    milliseconds: int = 0
    checked_with: str = ""
    """Which rules read its text the last time."""
    differs_since: datetime | None = None
    """Since when it has not been what the manifest says."""
    links: tuple[str, ...] = ()
    """What it leads to: paths of ours, whole addresses beyond the site."""
    files: tuple[str, ...] = ()
    """Pictures, styles and scripts of ours that it loads."""


@dataclass(frozen=True)
class LinkRecord:
    """One address beyond the site and what the looks at it brought."""

    url: str
    state: str
    first_seen_at: datetime
    due_at: datetime
    looked_at: datetime | None = None
    status: int = 0
    final_url: str = ""
    title: str = ""
    why: str = ""
    failures: int = 0
    failing_since: datetime | None = None


@dataclass(frozen=True)
class Article:
    """What our own records say of the article at an address."""

    item: int
    published_at: datetime
    """First publication there."""
    withdrawn: bool


@dataclass(frozen=True)
class RoundRecord:
    """One round: pages looked at in it, pages known, links of other sites ever looked at, pages not looked at yet."""

    at: datetime
    looked_at: int
    pages: int
    links: int
    waiting: int


_LOOK = (
    "kind",
    "published_at",
    "due_at",
    "first_looked_at",
    "looked_at",
    "status",
    "sha256",
    "size",
    "milliseconds",
    "checked_with",
    "differs_since",
    "links",
    "files",
)
_LINK = ("state", "due_at", "looked_at", "status", "final_url", "title", "why", "failures", "failing_since")


def known_pages() -> Mapping[str, str]:
    """Every page that is known by its address, with the hash of what stood there at the last look."""
    return dict(models.SitePage.objects.values_list("address", "sha256"))


def addresses() -> Iterator[str]:
    """Every page that is known."""
    yield from models.SitePage.objects.values_list("address", flat=True).iterator(chunk_size=_AT_ONCE)


def pages(addresses: Collection[str]) -> Mapping[str, PageRecord]:
    """What is known of these pages."""
    wanted = list(addresses)
    found: dict[str, PageRecord] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = models.SitePage.objects.filter(address__in=wanted[start : start + _AT_ONCE])
        found |= {row.address: _page(row) for row in rows}
    return found


def due_pages(before: datetime, limit: int, kinds: Collection[str], fresh: datetime) -> tuple[PageRecord, ...]:
    """Pages whose next look is due before that moment: those of these kinds and articles published since `fresh` first,
    then the longest due."""
    due = models.SitePage.objects.filter(due_at__lte=before).order_by("due_at", "id")
    urgent = Q(kind__in=list(kinds)) | Q(published_at__gte=fresh)
    first = list(due.filter(urgent)[:limit])
    return tuple(map(_page, [*first, *due.exclude(id__in=[row.id for row in first])[: limit - len(first)]]))


def unseen_pages(since: datetime, limit: int) -> tuple[PageRecord, ...]:
    """Pages that nobody has looked at since that moment, the first known first."""
    rows = models.SitePage.objects.filter(Q(looked_at=None) | Q(looked_at__lt=since)).order_by("id")[:limit]
    return tuple(map(_page, rows))


def count_pages() -> int:
    """How many pages are known."""
    return models.SitePage.objects.count()


def count_unseen(since: datetime | None = None) -> int:
    """How many pages nobody has looked at, ever or since that moment."""
    wanted = Q(looked_at=None) | Q(looked_at__lt=since) if since else Q(looked_at=None)
    return models.SitePage.objects.filter(wanted).count()


def store_pages(found: Sequence[PageRecord]) -> None:
    """Keep pages as they are now, new and known ones."""
    models.SitePage.objects.bulk_create(
        [models.SitePage(first_seen_at=one.first_seen_at, address=one.address, **_look(one)) for one in found],
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["address"],
        update_fields=list(_LOOK),
    )


def add_pages(found: Iterable[PageRecord]) -> None:
    """Keep pages that are not known yet; known ones stay as they are."""
    rows = [models.SitePage(first_seen_at=one.first_seen_at, address=one.address, **_look(one)) for one in found]
    models.SitePage.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)


def make_due(addresses: Collection[str], at: datetime) -> None:
    """These pages shall be looked at at that moment, those that are due earlier stay so."""
    wanted = list(addresses)
    for start in range(0, len(wanted), _AT_ONCE):
        some = models.SitePage.objects.filter(address__in=wanted[start : start + _AT_ONCE])
        some.filter(due_at__gt=at).update(due_at=at)


def forget_pages(addresses: Collection[str]) -> None:
    """These pages are gone and nobody names them any more."""
    wanted = list(addresses)
    for start in range(0, len(wanted), _AT_ONCE):
        models.SitePage.objects.filter(address__in=wanted[start : start + _AT_ONCE]).delete()


def named() -> Iterable[tuple[str, str, Sequence[str], Sequence[str]]]:
    """Every page with its kind, its links and its files, page by page: the whole site does not fit into memory at once."""
    rows = models.SitePage.objects.exclude(links=[], files=[]).order_by("address")
    yield from rows.values_list("address", "kind", "links", "files").iterator(chunk_size=_AT_ONCE)


def standing() -> Mapping[str, tuple[int, int]]:
    """Status and size of every page that was looked at."""
    rows = models.SitePage.objects.exclude(looked_at=None).values_list("address", "status", "size")
    return {address: (status, size) for address, status, size in rows}


def pages_not_opening(before: datetime, status: int) -> tuple[tuple[str, int], ...]:
    """Pages that have come with this status or more, or not at all, since before that moment, each with its last status."""
    rows = models.SitePage.objects.filter(differs_since__lte=before)
    found = rows.filter(Q(status=0) | Q(status__gte=status)).order_by("id")
    return tuple(found.values_list("address", "status"))


def links(urls: Collection[str]) -> Mapping[str, LinkRecord]:
    """What is known of these addresses beyond the site."""
    keys = [_key(url) for url in urls]
    found: dict[str, LinkRecord] = {}
    for start in range(0, len(keys), _AT_ONCE):
        rows = models.SiteLink.objects.filter(key__in=keys[start : start + _AT_ONCE])
        found |= {row.url: _link(row) for row in rows}
    return found


def due_links(before: datetime, limit: int) -> tuple[LinkRecord, ...]:
    """Addresses whose next look is due before that moment, the longest due first."""
    rows = models.SiteLink.objects.filter(due_at__lte=before).order_by("due_at", "id")[:limit]
    return tuple(map(_link, rows))


def links_in(states: Collection[str]) -> tuple[LinkRecord, ...]:
    """Addresses that stand so, the first known first."""
    return tuple(map(_link, models.SiteLink.objects.filter(state__in=list(states)).order_by("id")))


def count_links() -> int:
    """How many addresses beyond the site were looked at."""
    return models.SiteLink.objects.exclude(looked_at=None).count()


def add_links(urls: Iterable[str], state: str, now: datetime) -> None:
    """Addresses that a page names and that are not known yet; they are due at once."""
    rows = [
        models.SiteLink(key=_key(url), url=plain_text(url)[:2048], state=state, first_seen_at=now, due_at=now)
        for url in urls
    ]
    models.SiteLink.objects.bulk_create(rows, batch_size=_AT_ONCE, ignore_conflicts=True)


def store_links(found: Sequence[LinkRecord]) -> None:
    """Keep how these addresses stand now."""
    models.SiteLink.objects.bulk_create(
        [
            models.SiteLink(
                key=_key(one.url),
                url=one.url,
                first_seen_at=one.first_seen_at,
                state=one.state,
                due_at=one.due_at,
                looked_at=one.looked_at,
                status=one.status,
                final_url=plain_text(one.final_url)[:2048],
                title=plain_text(one.title)[:500],
                why=plain_text(one.why),
                failures=one.failures,
                failing_since=one.failing_since,
            )
            for one in found
        ],
        batch_size=_AT_ONCE,
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=list(_LINK),
    )


def forget_links(keep: Collection[str]) -> None:
    """No page names any others than these any more."""
    kept = set(keep)
    gone = [number for number, url in models.SiteLink.objects.values_list("id", "url") if url not in kept]
    for start in range(0, len(gone), _AT_ONCE):
        models.SiteLink.objects.filter(id__in=gone[start : start + _AT_ONCE]).delete()


def add_round(one: RoundRecord) -> None:
    """Keep one round."""
    models.SiteRound.objects.create(
        at=one.at, looked_at=one.looked_at, pages=one.pages, links=one.links, waiting=one.waiting
    )


def last_round(before: datetime) -> RoundRecord | None:
    """The last round that ended before that moment."""
    row = models.SiteRound.objects.filter(at__lt=before).order_by("-at", "-id").first()
    return RoundRecord(row.at, row.looked_at, row.pages, row.links, row.waiting) if row else None


def articles(channel: str, addresses: Collection[str]) -> Mapping[str, Article]:
    """Which of these pages are articles of a website."""
    wanted = list(addresses)
    found: dict[str, Article] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = models.SiteEntry.objects.filter(channel=channel, settled=True)
        rows = rows.filter(address__in=wanted[start : start + _AT_ONCE])
        listed = rows.values_list("address", "item_id", "published_at", "withdrawn")
        found |= {address: Article(item, at, withdrawn) for address, item, at, withdrawn in listed}
    return found


def standing_revisions(channel: str, numbers: Collection[int]) -> Mapping[int, tuple[int, str]]:
    """The revision of each of these items that a channel received last, and which rules read it last."""
    wanted = list(numbers)
    found: dict[int, tuple[int, str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = models.Delivery.objects.filter(channel=channel, state=DeliveryState.DELIVERED).order_by("id")
        rows = rows.filter(item_id__in=wanted[start : start + _AT_ONCE])
        listed = rows.values_list("item_id", "revision_id", "revision__checked_with")
        found |= {item: (revision, rules) for item, revision, rules in listed}
    return found


def told_texts(revisions: Collection[int]) -> frozenset[tuple[str, str]]:
    """Rule and text of every finding on these revisions that blocks: people know of it."""
    wanted = list(revisions)
    found: set[tuple[str, str]] = set()
    for start in range(0, len(wanted), _AT_ONCE):
        rows = models.Finding.objects.filter(severity=Severity.BLOCK)
        rows = rows.filter(revision_id__in=wanted[start : start + _AT_ONCE])
        found.update(rows.values_list("rule", "text").distinct())
    return frozenset(found)


def last_look(kind: str, since: datetime, before: datetime | None = None) -> ProbeRecord | None:
    """The last look of one kind from `since` on, and before that moment where it is given."""
    rows = models.Probe.objects.filter(kind=kind, at__gte=since)
    row = (rows.filter(at__lt=before) if before else rows).order_by("-at", "-id").first()
    return ProbeRecord(row.at, row.kind, row.target, row.ok, row.status, row.milliseconds, row.detail) if row else None


def _key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()


def _look(one: PageRecord) -> dict[str, Any]:
    columns = {name: getattr(one, name) for name in _LOOK}
    return columns | {"links": list(one.links), "files": list(one.files)}


def _page(row: Any) -> PageRecord:
    columns = {name: getattr(row, name) for name in _LOOK}
    columns |= {"links": tuple(row.links), "files": tuple(row.files)}
    return PageRecord(address=row.address, first_seen_at=row.first_seen_at, **columns)


def _link(row: Any) -> LinkRecord:
    return LinkRecord(url=row.url, first_seen_at=row.first_seen_at, **{name: getattr(row, name) for name in _LINK})
