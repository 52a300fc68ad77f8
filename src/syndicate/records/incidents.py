"""Incidents: those that go on, those that opened within a span of time, and keeping what a look changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from syndicate.errors import Message
from syndicate.model.incident import Incident
from syndicate.records import models
from syndicate.records.connection import one_at_a_time
from syndicate.records.deliveries import message_columns


def lock_living() -> tuple[Incident, ...]:
    """All that go on, those too that are not incidents yet; nobody else looks at them until the transaction ends."""
    one_at_a_time("incidents")
    return living()


def living() -> tuple[Incident, ...]:
    """All that go on, those too that are not incidents yet."""
    return tuple(_incident(row) for row in models.Incident.objects.filter(closed_at=None).order_by("id"))


def open_ones() -> tuple[Incident, ...]:
    """Incidents that go on, the nearest deadline first."""
    rows = models.Incident.objects.filter(closed_at=None).exclude(opened_at=None).order_by("deadline", "id")
    return tuple(_incident(row) for row in rows)


def between(start: datetime, end: datetime) -> tuple[Incident, ...]:
    """Incidents that opened before `end` and either went on at `start` or ended, or were to end, after it; as known now."""
    rows = models.Incident.objects.filter(opened_at__lt=end)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gte=start) | Q(deadline__gte=start))
    return tuple(_incident(row) for row in rows.order_by("opened_at", "id"))


def several(numbers: Sequence[int]) -> dict[int, Incident]:
    """Those of several incidents that exist, by number."""
    return {row.id: _incident(row) for row in models.Incident.objects.filter(id__in=list(numbers))}


def keep(incident: Incident) -> int:
    """Keep an incident as it is now; returns its number."""
    values = {
        "alarm": incident.alarm,
        "subject": incident.subject,
        **message_columns(incident.message),
        "place": incident.place[:200],
        "seen_at": incident.seen_at,
        "opened_at": incident.opened_at,
        "deadline": incident.deadline,
        "gone_at": incident.gone_at,
        "closed_at": incident.closed_at,
    }
    if not incident.id:
        return models.Incident.objects.create(**values).id
    models.Incident.objects.filter(id=incident.id).update(**values)
    return incident.id


def forget(number: int) -> None:
    """It went before it was an incident."""
    models.Incident.objects.filter(id=number, opened_at=None).delete()


def _incident(row: models.Incident) -> Incident:
    return Incident(
        row.alarm,
        row.subject,
        Message(row.message_key, row.message_values),
        row.place,
        row.seen_at,
        row.opened_at,
        row.deadline,
        row.gone_at,
        row.closed_at,
        row.id,
    )
