"""应急发布: what one publisher let out alone, until a second person has checked it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from syndicate.errors import NotFound
from syndicate.model.review import Actor
from syndicate.records import models
from syndicate.records.values import EmergencyRecord

UNDONE = "undone"
"""The remark of one that was taken back before anything was sent: nobody has to check it."""


def add(item: int, revision: int, reason: str, actor: Actor, now: datetime, check_by: datetime) -> int:
    """Remember that somebody published alone."""
    row = models.Emergency.objects.create(
        item_id=item,
        revision_id=revision,
        reason=reason,
        actor=actor.name,
        behalf=actor.behalf,
        at=now,
        check_by=check_by,
    )
    return row.id


def check(emergency: int, actor: Actor, remark: str, now: datetime) -> bool:
    """A second person has looked at it; False when somebody did already."""
    rows = models.Emergency.objects.filter(id=emergency, checked_at=None)
    return bool(rows.update(checked_by=actor.name, remark=remark, checked_at=now))


def undo(revision: int, now: datetime) -> None:
    """It was taken back before anything was sent."""
    models.Emergency.objects.filter(revision_id=revision, checked_at=None).update(remark=UNDONE, checked_at=now)


def get(emergency: int) -> EmergencyRecord:
    """One of them. Raises NotFound."""
    row = models.Emergency.objects.filter(id=emergency).first()
    if row is None:
        raise NotFound("review.no_emergency", emergency=emergency)
    return _record(row)


def of_item(item: int) -> tuple[EmergencyRecord, ...]:
    """Those of one item, the oldest first."""
    return tuple(_record(row) for row in models.Emergency.objects.filter(item_id=item).order_by("at", "id"))


def as_of(start: datetime, moment: datetime) -> tuple[EmergencyRecord, ...]:
    """Those from `start` on, and the older ones that nobody had checked, as they stood at a moment."""
    unchecked = Q(checked_at=None) | Q(checked_at__gte=moment)
    taken_back = Q(remark=UNDONE, checked_by="", checked_at__lt=moment)
    rows = models.Emergency.objects.filter(unchecked | Q(at__gte=start), at__lt=moment).exclude(taken_back)
    return tuple(_before(_record(row), moment) for row in rows.order_by("at", "id"))


def _before(record: EmergencyRecord, moment: datetime) -> EmergencyRecord:
    """A record without a check that came later."""
    if record.checked_at is None or record.checked_at < moment:
        return record
    return replace(record, checked_by="", checked_at=None, remark="")


def _record(row: models.Emergency) -> EmergencyRecord:
    return EmergencyRecord(
        row.id,
        row.item_id,
        row.revision_id,
        row.reason,
        row.actor,
        row.behalf,
        row.at,
        row.check_by,
        row.checked_by,
        row.checked_at,
        row.remark,
    )
