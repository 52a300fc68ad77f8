"""Counts and lists for the daily report and the overview: read-only, nothing here changes a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.item import ItemKind
from syndicate.records import models
from syndicate.records.bulk import portions
from syndicate.records.items import item_record
from syndicate.records.past import held_at, known_by
from syndicate.records.values import ItemRecord

IN_MOTION = (DeliveryState.DUE, DeliveryState.SENDING, DeliveryState.ACCEPTED, DeliveryState.UNSURE)


@dataclass(frozen=True)
class ColumnFigures:
    """What stands in one column of the website."""

    count: int
    last_published: datetime | None
    new: int


def columns(channel: str, start: datetime, end: datetime) -> Mapping[str, ColumnFigures]:
    """Entries standing in each column of a website at `end`, and how many were first published from `start` on."""
    standing = held_at(end).filter(channel=channel, item=OuterRef("item"))
    rows = (
        models.SiteEntry.objects.filter(Exists(standing), channel=channel, published_at__lt=end)
        .values("column")
        .annotate(
            count=Count("id"),
            last=Max("published_at"),
            new=Count("id", filter=Q(published_at__gte=start, item__imported=None)),
        )
    )
    return {row["column"]: ColumnFigures(row["count"], row["last"], row["new"]) for row in rows}


@dataclass(frozen=True)
class Arrivals:
    """What reached one account between two moments, and when something reached it last, ever."""

    sent: int
    last: datetime | None


def arrivals(channel: str, start: datetime, end: datetime) -> Arrivals:
    """Deliveries that were known to have arrived from `start` to `end`; what was imported from elsewhere does not count."""
    receipts = models.Receipt.objects.filter(known_by(end), channel=channel).exclude(delivery__action=Action.RETRACT)
    sent = receipts.exclude(known_by(start)).exclude(details__has_key="imported_by").count()
    return Arrivals(sent, receipts.aggregate(last=Max("at"))["last"])


@dataclass(frozen=True)
class ChannelStanding:
    """How one account's deliveries stand now."""

    retrying: int
    waiting: int
    needs_person: int
    oldest_overdue: datetime | None


def standing(channel: str, now: datetime) -> ChannelStanding:
    """The deliveries of one channel that are under way. Overdue: due before `now`."""
    rows = models.Delivery.objects.filter(channel=channel)
    return ChannelStanding(
        retrying=rows.filter(state__in=IN_MOTION, failures__gt=0).count(),
        waiting=rows.filter(state=DeliveryState.WAITING).count(),
        needs_person=rows.filter(state=DeliveryState.NEEDS_PERSON).count(),
        oldest_overdue=rows.filter(state__in=IN_MOTION, due_at__lt=now).aggregate(first=Min("due_at"))["first"],
    )


def reprints(deadline_from: datetime) -> tuple[ItemRecord, ...]:
    """Reprints whose deadline is not before `deadline_from`, nearest deadline first."""
    rows = models.Item.objects.filter(kind=ItemKind.REPRINT, deadline_at__gte=deadline_from).order_by("deadline_at")
    return tuple(item_record(row) for row in rows)


def first_receipts(items: Collection[int], moment: datetime) -> Mapping[int, Mapping[str, datetime]]:
    """When each channel first held each of several items as far as was known by a moment, whatever became of it later."""
    found: dict[int, dict[str, datetime]] = {}
    for numbers in portions(items):
        rows = models.Receipt.objects.filter(known_by(moment), item_id__in=numbers)
        rows = rows.exclude(delivery__action=Action.RETRACT)
        for item, name, first in rows.values_list("item_id", "channel").annotate(first=Min("at")):
            found.setdefault(item, {})[name] = first
    return found
