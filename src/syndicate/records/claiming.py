"""What a worker reads and holds of several deliveries at once, from the look until its transaction ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count

from syndicate.model.channel import Rendition
from syndicate.records import deliveries, items, models, receipts
from syndicate.records.connection import one_at_a_time
from syndicate.records.reviews import rendition_record
from syndicate.records.values import DeliveryRecord, ItemRecord, ReceiptRecord


@dataclass(frozen=True)
class Candidate:
    """A delivery that may be worked on now, with everything that decides what happens to it.

    `family`: every delivery of its item to its channel, itself included, oldest first. `held`: what the channel holds
    of the item, newest first.
    """

    delivery: DeliveryRecord
    item: ItemRecord
    rendition: Rendition
    family: tuple[DeliveryRecord, ...]
    held: tuple[ReceiptRecord, ...]


def take(numbers: Sequence[int], now: datetime, careful: Sequence[str]) -> tuple[Candidate, ...]:
    """Those of the deliveries that may be worked on now, in the given order; nobody else has them until the end.

    Channels are taken before items and items before deliveries, always: no deadlocks. What another worker holds at
    this moment is left to it (SKIP LOCKED). SQLite has one writer anyway.
    """
    rows = deliveries.due_rows(now, careful).filter(id__in=numbers).select_related("item", "rendition")
    if connection.vendor == "postgresql":
        wanted = models.Delivery.objects.filter(id__in=numbers)
        for channel in sorted(set(wanted.values_list("channel", flat=True))):
            one_at_a_time(f"channel {channel}")
        items.lock_all(wanted.values_list("item_id", flat=True))
        rows = rows.select_for_update(skip_locked=True, of=("self",))
    found = {row.id: row for row in rows}
    numbers_of_items = {row.item_id for row in found.values()}
    siblings = deliveries.of_items(numbers_of_items)
    held = receipts.held_of(numbers_of_items)
    return tuple(_candidate(found[number], siblings, held) for number in numbers if number in found)


def _candidate(
    row: models.Delivery,
    siblings: Mapping[int, tuple[DeliveryRecord, ...]],
    held: Mapping[tuple[int, str], tuple[ReceiptRecord, ...]],
) -> Candidate:
    return Candidate(
        deliveries.delivery_record(row),
        items.item_record(row.item),
        rendition_record(row.rendition).rendition,
        tuple(one for one in siblings[row.item_id] if one.channel == row.channel),
        held.get((row.item_id, row.channel), ()),
    )


def occupied(now: datetime) -> Mapping[str, int]:
    """How many calls are under way on each channel over all workers; a dead worker's until its lease ends.

    On SQLite one worker stands and counts its own: an earlier one that died leaves nothing to wait for.
    """
    if connection.vendor != "postgresql":
        return {}
    rows = models.Delivery.objects.filter(lease_until__gte=now).values_list("channel").annotate(count=Count("id"))
    return dict(rows)
