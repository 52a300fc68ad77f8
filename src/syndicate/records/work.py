"""Who did what to which item, and what came of it: read-only, for trends and for the statistics of departments and people."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from syndicate.records import models
from syndicate.records.bulk import portions
from syndicate.records.past import held_at, known_by


@dataclass(frozen=True)
class Act:
    """One audited act on one item. `by_system`: no person did it."""

    item: int
    action: str
    actor: str
    by_system: bool
    at: datetime


def acts(actions: Collection[str], start: datetime, end: datetime) -> tuple[Act, ...]:
    """Acts of these kinds from `start` (inclusive) to `end` (exclusive), in their order."""
    rows = models.AuditEvent.objects.filter(action__in=list(actions), at__gte=start, at__lt=end).order_by("number")
    found = rows.values_list("subject", "action", "actor", "via", "at")
    return tuple(_act(*row) for row in found if row[0].startswith("item:"))


def first_submissions(items: Collection[int], before: datetime) -> dict[int, Act]:
    """The first submission of each of several items, of those that came before a moment."""
    found: dict[int, Act] = {}
    for subjects in portions([f"item:{item}" for item in items]):
        rows = models.AuditEvent.objects.filter(action="item.submitted", subject__in=subjects, at__lt=before)
        for row in rows.order_by("-number").values_list("subject", "action", "actor", "via", "at"):
            one = _act(*row)
            found[one.item] = one
    return found


def _act(subject: str, action: str, actor: str, via: str, at: datetime) -> Act:
    return Act(int(subject.removeprefix("item:")), action, actor, via == "system", at)


def columns_of(items: Collection[int]) -> dict[int, str]:
    """The column of each of several items."""
    return {
        item: column
        for numbers in portions(items)
        for item, column in models.Item.objects.filter(id__in=numbers).values_list("id", "column")
    }


def first_published(start: datetime, end: datetime) -> dict[int, datetime]:
    """When each item was first published, of those that were between two moments and known to be; no imported ones."""
    known = models.Receipt.objects.filter(known_by(end), item=OuterRef("id"))
    rows = models.Item.objects.filter(
        Exists(known), first_published_at__gte=start, first_published_at__lt=end, imported=None
    )
    return {item: at for item, at in rows.values_list("id", "first_published_at") if at is not None}


def revisions_of(items: Collection[int]) -> Iterator[tuple[int, int, datetime]]:
    """(item, revision, when it was made) of several items, in their order."""
    for numbers in portions(items):
        rows = models.Revision.objects.filter(item_id__in=numbers)
        yield from rows.order_by("item_id", "number").values_list("item_id", "id", "created_at")


def probes(start: datetime, end: datetime) -> tuple[tuple[datetime, bool, int], ...]:
    """(when, whether it opened, milliseconds) of every look at the home page from `start` to before `end`."""
    rows = models.Probe.objects.filter(kind="site", at__gte=start, at__lt=end).order_by("at")
    return tuple(rows.values_list("at", "ok", "milliseconds"))


def shown_explanations(start: datetime, end: datetime) -> int:
    """How many interpretations of documents a website first showed between two moments and held at the second."""
    standing = held_at(end).filter(item=OuterRef("item"), channel=OuterRef("channel"))
    rows = models.SiteEntry.objects.filter(Exists(standing), published_at__gte=start, published_at__lt=end)
    return rows.exclude(explains="").values("item").distinct().count()
