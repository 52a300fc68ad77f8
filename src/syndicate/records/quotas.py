"""Our own count of the calls to each platform, reserved before a call is made; and what drivers remember."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from syndicate.model.channel import Channel
from syndicate.model.quota import Quota, QuotaUse, Remembered, quotas_of
from syndicate.records import models
from syndicate.records.connection import one_transaction


class _Full(Exception):
    """A quota has nothing left for this call; rolls back what was counted for the others."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class CallCounts:
    """Implements `model.quota.CallBudget` for all threads and processes of an office."""

    def take(self, channel: Channel, call: str, now: datetime, *, looking: bool = False) -> datetime | None:
        """Count a call in every quota that it belongs to, or in none. Raises StorageError."""
        quotas = [quota for quota in quotas_of(channel) if quota.counts(call)]
        if not quotas:
            return None
        try:
            with one_transaction():
                for quota in quotas:
                    if not _counted(channel.id, quota, now, quota.most if looking else quota.most - quota.kept):
                        raise _Full(quota.ends(now))
        except _Full as full:
            return full.until
        return None


def _counted(channel: str, quota: Quota, now: datetime, most: int) -> bool:
    row, _ = models.CallCount.objects.get_or_create(channel=channel, quota=quota.name, begins=quota.begins(now))
    return models.CallCount.objects.filter(id=row.id, used__lt=most).update(used=F("used") + 1) == 1


def used(channel: Channel, now: datetime) -> tuple[QuotaUse, ...]:
    """Every quota of an account and what was used of it in the present window."""
    quotas = quotas_of(channel)
    begins = {quota.begins(now) for quota in quotas}
    rows = models.CallCount.objects.filter(channel=channel.id, begins__in=begins)
    counts = {(row.quota, row.begins): row.used for row in rows}
    return tuple(QuotaUse(quota, counts.get((quota.name, quota.begins(now)), 0), quota.ends(now)) for quota in quotas)


class ChannelNotes:
    """Implements `model.quota.ChannelMemory`."""

    def get(self, channel: str, key: str) -> Remembered | None:
        """What was kept under `key`."""
        row = models.ChannelNote.objects.filter(channel=channel, key=key).first()
        return Remembered(row.value, row.at) if row and row.value else None

    def put(self, channel: str, key: str, value: str, now: datetime) -> None:
        """Keep a value; an empty one forgets."""
        if value:
            models.ChannelNote.objects.update_or_create(channel=channel, key=key, defaults={"value": value, "at": now})
        else:
            models.ChannelNote.objects.filter(channel=channel, key=key).delete()

    def forget(self, channel: str, prefix: str, before: datetime) -> None:
        """Forget what was kept under keys with this beginning before a moment."""
        models.ChannelNote.objects.filter(channel=channel, key__startswith=prefix, at__lt=before).delete()

    def add(self, channel: str, key: str, value: str, now: datetime) -> bool:
        """Keep a value under a new key; False when the key is known already."""
        try:
            with transaction.atomic():
                models.ChannelNote.objects.create(channel=channel, key=key, value=value, at=now)
        except IntegrityError:
            return False
        return True
