"""The public website as the patrol saw it: pages, addresses beyond the site, problems with dates, rounds."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from syndicate.records import models
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
class ProblemRecord:
    """One thing that is wrong. It is the same problem as long as kind, page, address and detail agree.

    A link is the same problem whatever page is named for it.
    """

    kind: str
    page: str = ""
    url: str = ""
    detail: str = ""
    on_home: bool = False
    opened_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def key(self) -> str:
        """Names the problem while it is open."""
        parts = (self.kind, self.url) if self.url else (self.kind, self.page, self.detail)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class RoundRecord:
    """One round: pages looked at in it, pages and links known, and pages that nobody has looked at yet."""

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


def pages(addresses: Collection[str]) -> Mapping[str, PageRecord]:
    """What is known of these pages."""
    wanted = list(addresses)
    found: dict[str, PageRecord] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = models.SitePage.objects.filter(address__in=wanted[start : start + _AT_ONCE])
        found |= {row.address: _page(row) for row in rows}
    return found


def due_pages(before: datetime, limit: int) -> tuple[PageRecord, ...]:
    """Pages whose next look is due before that moment, the longest due first."""
    rows = models.SitePage.objects.filter(due_at__lte=before).order_by("due_at", "id")[:limit]
    return tuple(map(_page, rows))


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
    """How many addresses beyond the site are known."""
    return models.SiteLink.objects.count()


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


def problems_at(moment: datetime) -> tuple[ProblemRecord, ...]:
    """What was wrong at that moment, the longest standing first."""
    rows = models.SiteProblem.objects.filter(opened_at__lt=moment)
    return tuple(map(_problem, rows.filter(Q(ended_at=None) | Q(ended_at__gte=moment)).order_by("opened_at", "id")))


def open_problems(kinds: Collection[str] = (), pages: Collection[str] | None = None) -> tuple[ProblemRecord, ...]:
    """What is wrong now, of these kinds (all without any) and on these pages (all for None)."""
    return tuple(map(_problem, _open(kinds, pages).order_by("opened_at", "id")))


def set_problems(
    kinds: Collection[str], pages: Collection[str] | None, found: Iterable[ProblemRecord], now: datetime
) -> None:
    """Exactly `found` is wrong now, of these kinds and on these pages: new ones begin, those no longer found end.

    Within the caller's transaction.
    """
    wanted = {one.key: one for one in found}
    rows = {row.key: row for row in _open(kinds, pages)}
    ended = [row.id for key, row in rows.items() if key not in wanted]
    models.SiteProblem.objects.filter(id__in=ended).update(ended_at=now)
    for key, one in wanted.items():
        row = rows.get(key)
        if row is not None and (row.page, row.on_home, row.detail) != (one.page, one.on_home, one.detail):
            models.SiteProblem.objects.filter(id=row.id).update(page=one.page, on_home=one.on_home, detail=one.detail)
    models.SiteProblem.objects.bulk_create(
        [
            models.SiteProblem(
                key=key,
                kind=one.kind,
                page=one.page,
                url=plain_text(one.url)[:2048],
                detail=plain_text(one.detail),
                on_home=one.on_home,
                opened_at=now,
            )
            for key, one in wanted.items()
            if key not in rows
        ],
        ignore_conflicts=True,
    )


def drop_problems(before: datetime) -> None:
    """Problems that ended before that moment are forgotten."""
    models.SiteProblem.objects.filter(ended_at__lt=before).delete()


def add_round(one: RoundRecord) -> None:
    """Keep one round."""
    models.SiteRound.objects.create(
        at=one.at, looked_at=one.looked_at, pages=one.pages, links=one.links, waiting=one.waiting
    )


def last_round(before: datetime) -> RoundRecord | None:
    """The last round that ended before that moment."""
    row = models.SiteRound.objects.filter(at__lt=before).order_by("-at", "-id").first()
    return RoundRecord(row.at, row.looked_at, row.pages, row.links, row.waiting) if row else None


def articles(channel: str, addresses: Collection[str]) -> Mapping[str, tuple[int, datetime, bool]]:
    """Which of these pages are articles of a website: item, first publication there, whether it was taken down."""
    wanted = list(addresses)
    found: dict[str, tuple[int, datetime, bool]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        rows = models.SiteEntry.objects.filter(channel=channel, settled=True)
        rows = rows.filter(address__in=wanted[start : start + _AT_ONCE])
        listed = rows.values_list("address", "item_id", "published_at", "withdrawn")
        found |= {address: (item, at, withdrawn) for address, item, at, withdrawn in listed}
    return found


def _open(kinds: Collection[str], pages: Collection[str] | None) -> QuerySet[Any]:
    rows = models.SiteProblem.objects.filter(ended_at=None)
    rows = rows.filter(kind__in=list(kinds)) if kinds else rows
    return rows if pages is None else rows.filter(page__in=list(pages))


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


def _problem(row: Any) -> ProblemRecord:
    return ProblemRecord(row.kind, row.page, row.url, row.detail, row.on_home, row.opened_at, row.ended_at)
