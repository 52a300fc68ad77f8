"""静默期: silent periods, one in force at a time, and the items that go out in spite of one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from syndicate.records import models
from syndicate.records.values import SilenceExceptionRecord, SilenceRecord


def begin(reason: str, actor: str, until: datetime | None, now: datetime) -> int:
    """Start a silent period; returns its number. The caller has made sure that none is in force."""
    return models.Silence.objects.create(reason=reason, actor=actor, started_at=now, until=until).id


def end(silence: int, actor: str, now: datetime) -> None:
    """Somebody ends a silent period."""
    models.Silence.objects.filter(id=silence).update(ended_at=now, ended_by=actor)


def in_force_rows(now: datetime) -> QuerySet[models.Silence]:
    """The silent period that is in force, if any, for other queries."""
    return models.Silence.objects.filter(Q(until=None) | Q(until__gt=now), started_at__lte=now, ended_at=None)


def in_force(now: datetime) -> SilenceRecord | None:
    """The silent period that is in force."""
    row = in_force_rows(now).order_by("id").first()
    return _silence(row) if row else None


def listed(limit: int) -> tuple[SilenceRecord, ...]:
    """Silent periods, the newest first."""
    return tuple(_silence(row) for row in models.Silence.objects.order_by("-id")[:limit])


def except_item(exception: SilenceExceptionRecord) -> None:
    """Let one item out in spite of a silent period; the first who said so stays."""
    models.SilenceException.objects.get_or_create(
        silence_id=exception.silence,
        item_id=exception.item,
        defaults={"actor": exception.actor, "reason": exception.reason, "at": exception.at},
    )


def exceptions(silences: Collection[int]) -> tuple[SilenceExceptionRecord, ...]:
    """The exceptions of several silent periods, oldest first."""
    rows = models.SilenceException.objects.filter(silence_id__in=silences).order_by("id")
    return tuple(SilenceExceptionRecord(row.silence_id, row.item_id, row.actor, row.reason, row.at) for row in rows)


def _silence(row: models.Silence) -> SilenceRecord:
    return SilenceRecord(row.id, row.started_at, row.until, row.actor, row.reason, row.ended_at, row.ended_by)
