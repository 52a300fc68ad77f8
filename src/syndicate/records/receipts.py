"""Receipts: what each channel holds. They are never purged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndicate.model.delivery import Action, Receipt
from syndicate.records import models
from syndicate.records.bulk import update_rows
from syndicate.records.plain import plain_text, plain_values
from syndicate.records.values import DeliveryRecord, ReceiptRecord

GONE = "gone"
"""The proof of a retraction: the public was seen not to see it any more."""


@dataclass(frozen=True)
class Arrival:
    """A receipt to be kept: of which delivery, and the hash of the rendition that it carried."""

    delivery: DeliveryRecord
    receipt: Receipt
    rendition_hash: str


def add(arrivals: Sequence[Arrival]) -> Mapping[int, int]:
    """Store the receipts of several deliveries; returns their row numbers by delivery. A delivery has one for ever."""
    rows = models.Receipt.objects
    numbers = [one.delivery.id for one in arrivals]
    known = dict(rows.filter(delivery_id__in=numbers).values_list("delivery_id", "id"))
    new = rows.bulk_create(_row(one) for one in arrivals if one.delivery.id not in known)
    return known | {row.delivery_id: row.id for row in new}


def _row(arrival: Arrival) -> models.Receipt:
    receipt = arrival.receipt
    return models.Receipt(
        delivery_id=arrival.delivery.id,
        item_id=arrival.delivery.item,
        channel=arrival.delivery.channel,
        remote_id=plain_text(receipt.remote_id)[:255],
        url=plain_text(receipt.url)[:2048],
        at=receipt.at,
        details=plain_values(receipt.details),
        rendition_hash=arrival.rendition_hash,
    )


def held(item: int, channel: str = "") -> tuple[ReceiptRecord, ...]:
    """Receipts that channels still hold for an item, newest first; one channel only when it is named."""
    rows = models.Receipt.objects.filter(item_id=item, removed_at=None).order_by("-id")
    return tuple(_receipt(row) for row in (rows.filter(channel=channel) if channel else rows))


def held_of(items: Collection[int]) -> Mapping[tuple[int, str], tuple[ReceiptRecord, ...]]:
    """What channels still hold of several items by (item, channel), newest first."""
    found: dict[tuple[int, str], list[ReceiptRecord]] = {}
    for row in models.Receipt.objects.filter(item_id__in=items, removed_at=None).order_by("-id"):
        found.setdefault((row.item_id, row.channel), []).append(_receipt(row))
    return {key: tuple(rows) for key, rows in found.items()}


def of_items(items: Sequence[int]) -> tuple[ReceiptRecord, ...]:
    """Every receipt of several items, oldest first, removed ones included."""
    return tuple(_receipt(row) for row in models.Receipt.objects.filter(item_id__in=items).order_by("id"))


def mark_removed(receipts: Sequence[int], by_delivery: int, now: datetime) -> None:
    """The channel no longer holds these: that delivery took them down or replaced them."""
    models.Receipt.objects.filter(id__in=receipts).update(removed_by_id=by_delivery, removed_at=now)


def set_proofs(proofs: Mapping[int, str], now: datetime) -> None:
    """Keep the hashes of what the public saw: receipt → SHA-256."""
    update_rows(models.Receipt, ((row, {"proof_sha256": sha256, "proof_at": now}) for row, sha256 in proofs.items()))


def unproved_withdrawals(channel: str, since: datetime) -> tuple[tuple[int, ReceiptRecord], ...]:
    """Retractions of a channel since a moment that nobody has seen to be true yet: row of their receipt, what they took down.

    What a person recorded by hand is not among them.
    """
    rows = models.Receipt.objects.filter(
        channel=channel, delivery__action=Action.RETRACT, at__gte=since, proof_at=None
    ).order_by("-id")
    by_delivery = {row.delivery_id: row.id for row in rows if "resolved_by" not in row.details}
    taken = models.Receipt.objects.filter(removed_by_id__in=by_delivery).exclude(delivery_id__in=by_delivery)
    return tuple((by_delivery[row.removed_by_id], _receipt(row)) for row in taken.order_by("-id") if row.removed_by_id)


def standing(channel: str) -> tuple[ReceiptRecord, ...]:
    """Everything a channel still holds, newest first."""
    rows = models.Receipt.objects.filter(channel=channel, removed_at=None).order_by("-id")
    return tuple(_receipt(row) for row in rows)


def between(start: datetime, end: datetime) -> tuple[ReceiptRecord, ...]:
    """Receipts from `start` (inclusive) to `end` (exclusive), oldest first."""
    return tuple(_receipt(row) for row in models.Receipt.objects.filter(at__gte=start, at__lt=end).order_by("id"))


def _receipt(row: models.Receipt) -> ReceiptRecord:
    return ReceiptRecord(
        row.id,
        row.delivery_id,
        row.item_id,
        row.channel,
        Receipt(row.remote_id, row.url, row.at, row.details),
        row.rendition_hash,
        row.proof_sha256,
        row.proof_at,
        row.removed_at,
    )
