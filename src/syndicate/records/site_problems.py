"""What is wrong with the public website, from when to when."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from syndicate.records import models
from syndicate.records.plain import plain_text


@dataclass(frozen=True)
class ProblemRecord:
    """One thing that is wrong. Without an address it is the same problem as long as kind, page and detail agree.

    A link is the same problem whatever page and reason are named for it, the newest ones stand; but it is another one
    on the home page than elsewhere.
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
    # A link on the home page weighs more: a report of an earlier day must not take today's place for that of then.
    standing = {key: row for key, row in rows.items() if key in wanted and row.on_home == wanted[key].on_home}
    ended = [row.id for key, row in rows.items() if key not in standing]
    models.SiteProblem.objects.filter(id__in=ended).update(ended_at=now)
    for key, row in standing.items():
        one = wanted[key]
        if (row.page, row.detail) != (one.page, one.detail):
            models.SiteProblem.objects.filter(id=row.id).update(page=one.page, detail=one.detail)
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
            if key not in standing
        ],
        ignore_conflicts=True,
    )


def _open(kinds: Collection[str], pages: Collection[str] | None) -> QuerySet[Any]:
    rows = models.SiteProblem.objects.filter(ended_at=None)
    rows = rows.filter(kind__in=list(kinds)) if kinds else rows
    return rows if pages is None else rows.filter(page__in=list(pages))


def _problem(row: Any) -> ProblemRecord:
    return ProblemRecord(row.kind, row.page, row.url, row.detail, row.on_home, row.opened_at, row.ended_at)
