"""Receipts: what each channel holds. They are never purged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from syndicate.model.delivery import Receipt
from syndicate.records import models
from syndicate.records.plain import plain_text, plain_values
from syndicate.records.values import DeliveryRecord, ReceiptRecord


def add(delivery: DeliveryRecord, receipt: Receipt, rendition_hash: str) -> int:
    """Store the receipt of a delivery; returns its row number."""
    row, _ = models.Receipt.objects.get_or_create(
        delivery_id=delivery.id,
        defaults={
            "item_id": delivery.item,
            "channel": delivery.channel,
            "remote_id": plain_text(receipt.remote_id)[:255],
            "url": plain_text(receipt.url)[:2048],
            "at": receipt.at,
            "details": plain_values(receipt.details),
            "rendition_hash": rendition_hash,
        },
    )
    return row.id


def held(item: int, channel: str = "") -> tuple[ReceiptRecord, ...]:
    """Receipts that channels still hold for an item, newest first; one channel only when it is named."""
    rows = models.Receipt.objects.filter(item_id=item, removed_at=None).order_by("-id")
    return tuple(_receipt(row) for row in (rows.filter(channel=channel) if channel else rows))


def of_items(items: Sequence[int]) -> tuple[ReceiptRecord, ...]:
    """Every receipt of several items, oldest first, removed ones included."""
    return tuple(_receipt(row) for row in models.Receipt.objects.filter(item_id__in=items).order_by("id"))


def mark_removed(receipts: Sequence[int], by_delivery: int, now: datetime) -> None:
    """The channel no longer holds these: that delivery took them down or replaced them."""
    models.Receipt.objects.filter(id__in=receipts).update(removed_by_id=by_delivery, removed_at=now)


def set_proof(receipt: int, sha256: str, now: datetime) -> None:
    """Keep the hash of what the public saw."""
    models.Receipt.objects.filter(id=receipt).update(proof_sha256=sha256, proof_at=now)


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
