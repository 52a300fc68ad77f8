"""Reprints that a list demands of the office: kept, changed, excused, and those that count at a moment."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from syndicate.errors import NotFound
from syndicate.records import models
from syndicate.records.bulk import portions


@dataclass(frozen=True)
class RequiredReprint:
    """One demand. `address`: canonical, without scheme; empty where the list named none."""

    id: int
    title: str
    url: str
    address: str
    source_title: str
    deadline: datetime
    listed_at: datetime
    listed_by: str
    removed_at: datetime | None


def add(row: RequiredReprint) -> int:
    """Keep a demand; returns its number."""
    return models.RequiredReprint.objects.create(
        title=row.title,
        url=row.url,
        address=row.address,
        source_title=row.source_title,
        deadline_at=row.deadline,
        listed_at=row.listed_at,
        listed_by=row.listed_by,
    ).id


def remove(number: int, by: str, now: datetime) -> bool:
    """It is no duty any more; False where it was none already."""
    rows = models.RequiredReprint.objects.filter(id=number, removed_at=None)
    return bool(rows.update(removed_at=now, removed_by=by))


def get(number: int) -> RequiredReprint:
    """One demand. Raises NotFound."""
    row = models.RequiredReprint.objects.filter(id=number).first()
    if row is None:
        raise NotFound("reprint.none", number=number)
    return _record(row)


def named(names: Collection[str]) -> Mapping[str, RequiredReprint]:
    """By its address, else by its title: the newest demand of each of several names, whether it still counts or not."""
    found: dict[str, RequiredReprint] = {}
    for some in portions(names):
        rows = models.RequiredReprint.objects.filter(Q(address__in=some) | Q(address="", title__in=some))
        found |= {row.address or row.title: _record(row) for row in rows.order_by("id")}
    return found


def counting(moment: datetime, deadline_from: datetime) -> tuple[RequiredReprint, ...]:
    """Demands that were a duty at a moment and are due from another one on, the nearest deadline first."""
    rows = models.RequiredReprint.objects.filter(listed_at__lt=moment, deadline_at__gte=deadline_from)
    rows = rows.filter(Q(removed_at=None) | Q(removed_at__gte=moment))
    return tuple(_record(row) for row in rows.order_by("deadline_at", "id"))


def items_at(addresses: Collection[str]) -> Mapping[str, int]:
    """Address → the first item whose original stands there."""
    rows = models.ItemSource.objects.filter(url__in=[one for one in addresses if one]).order_by("-id")
    return dict(rows.values_list("url", "item_id"))


def items_called(titles: Collection[str], since: datetime) -> Mapping[str, int]:
    """Title → the first item of that title that was made since."""
    rows = models.Item.objects.filter(title__in=list(titles), created_at__gte=since).order_by("-id")
    return dict(rows.values_list("title", "id"))


def _record(row: models.RequiredReprint) -> RequiredReprint:
    return RequiredReprint(
        row.id,
        row.title,
        row.url,
        row.address,
        row.source_title,
        row.deadline_at,
        row.listed_at,
        row.listed_by,
        row.removed_at,
    )
