"""Counts and lists for the daily report and the overview: read-only, nothing here changes a row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.item import ItemKind, ItemState
from syndicate.records import models
from syndicate.records.items import item_record
from syndicate.records.values import ItemRecord

IN_MOTION = (DeliveryState.DUE, DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.UNSURE)


@dataclass(frozen=True)
class ColumnFigures:
    """What stands in one column of the website."""

    count: int
    last_published: datetime | None
    new: int


def columns(channel: str, start: datetime, end: datetime) -> Mapping[str, ColumnFigures]:
    """Entries standing in each column of a website, and how many were first published from `start` to `end`."""
    rows = (
        models.SiteEntry.objects.filter(channel=channel, settled=True, withdrawn=False, published_at__lt=end)
        .values("column")
        .annotate(
            count=Count("id"),
            last=Max("published_at"),
            new=Count("id", filter=Q(published_at__gte=start, item__imported=None)),
        )
    )
    return {row["column"]: ColumnFigures(row["count"], row["last"], row["new"]) for row in rows}


@dataclass(frozen=True)
class ChannelFigures:
    """What one account did between two moments, and how it stands now."""

    sent: int
    failed: int
    retrying: int
    waiting: int
    needs_person: int
    last_success: datetime | None
    oldest_overdue: datetime | None


def channel(name: str, start: datetime, end: datetime, now: datetime) -> ChannelFigures:
    """The figures of one channel. `failed`: refused or expired from `start` to `end`; overdue: due before `now`."""
    rows = models.Delivery.objects.filter(channel=name)
    receipts = models.Receipt.objects.filter(channel=name, at__lt=end).exclude(delivery__action=Action.RETRACT)
    failed = (DeliveryState.REFUSED, DeliveryState.EXPIRED)
    return ChannelFigures(
        sent=receipts.filter(at__gte=start).exclude(details__has_key="imported_by").count(),
        failed=rows.filter(state__in=failed, finished_at__gte=start, finished_at__lt=end).count(),
        retrying=rows.filter(state__in=IN_MOTION, failures__gt=0).count(),
        waiting=rows.filter(state=DeliveryState.WAITING).count(),
        needs_person=rows.filter(state=DeliveryState.NEEDS_PERSON).count(),
        last_success=receipts.aggregate(last=Max("at"))["last"],
        oldest_overdue=rows.filter(state__in=IN_MOTION, due_at__lt=now).aggregate(first=Min("due_at"))["first"],
    )


def reprints(deadline_from: datetime) -> tuple[ItemRecord, ...]:
    """Reprints whose deadline is not before `deadline_from`, nearest deadline first."""
    rows = models.Item.objects.filter(kind=ItemKind.REPRINT, deadline_at__gte=deadline_from).order_by("deadline_at")
    return tuple(item_record(row) for row in rows)


def first_receipts(items: Sequence[int]) -> Mapping[int, Mapping[str, datetime]]:
    """When each channel first held each of several items, whatever became of it later."""
    rows = (
        models.Receipt.objects.filter(item_id__in=items)
        .exclude(delivery__action=Action.RETRACT)
        .values_list("item_id", "channel")
        .annotate(first=Min("at"))
    )
    found: dict[int, dict[str, datetime]] = {}
    for item, name, first in rows:
        found.setdefault(item, {})[name] = first
    return found


def items_with_findings() -> tuple[int, ...]:
    """Items with findings of severity block or confirm that are neither set aside nor taken down everywhere."""
    standing = models.Receipt.objects.filter(item=OuterRef("revision__item"), removed_at=None)
    rows = (
        models.Finding.objects.filter(severity__in=("block", "confirm"))
        .exclude(revision__item__state=ItemState.DISCARDED)
        .exclude(Q(revision__item__state=ItemState.WITHDRAWN) & ~Exists(standing))
        .values_list("revision__item_id", flat=True)
        .distinct()
    )
    return tuple(sorted(rows))
