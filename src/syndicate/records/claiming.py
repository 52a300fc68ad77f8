"""What a worker reads and holds of several deliveries at once, from the look until its transaction ends."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

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


def stand(worker: str) -> None:
    """Let the other workers see that this one lives: until its connection ends, however that happens.

    On SQLite nobody asks. Taking the lock again only counts up; nobody else ever wants it.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [_WORKERS, _number(worker)])


def occupied(now: datetime) -> Mapping[str, int]:
    """How many calls are under way on each channel over all workers that live.

    On SQLite one worker stands and counts its own.
    """
    if connection.vendor != "postgresql":
        return {}
    rows = models.Delivery.objects.filter(lease_until__gte=now).values_list("channel", "lease_owner")
    living = _living()
    return Counter(channel for channel, owner in rows if _number(owner) in living)


def _living() -> frozenset[int]:
    """The numbers of all workers that stand on this database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = %s "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [_WORKERS],
        )
        return frozenset(int(number) for (number,) in cursor.fetchall())


def _number(name: str) -> int:
    """A name as the key of a lock: 31 bits."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:4], "big") >> 1


_WORKERS = _number("workers")
"""The kind of lock that says that a worker lives."""
