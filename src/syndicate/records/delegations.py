"""代办: who may act in whose role, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from syndicate.errors import NotFound
from syndicate.model.review import Role
from syndicate.records import models
from syndicate.records.values import DelegationRecord


@dataclass(frozen=True)
class NewDelegation:
    """What is known when somebody is allowed to act for another person."""

    giver: str
    taker: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    created_by: str


def add(new: NewDelegation, now: datetime) -> int:
    """Store a delegation; returns its number. Raises NotFound for a person that is not there or left."""
    row = models.Delegation.objects.create(
        giver=_person(new.giver),
        taker=_person(new.taker),
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        reason=new.reason,
        created_by=new.created_by,
        created_at=now,
    )
    return row.id


def end(delegation: int, actor: str, now: datetime) -> bool:
    """Somebody ends it; False when it has ended already."""
    rows = models.Delegation.objects.filter(id=delegation, ended_at=None, ends_at__gt=now)
    return bool(rows.update(ended_at=now, ended_by=actor))


def get(delegation: int) -> DelegationRecord:
    """One delegation. Raises NotFound."""
    row = _rows().filter(id=delegation).first()
    if row is None:
        raise NotFound("review.no_delegation", delegation=delegation)
    return _record(row)


def in_force(taker: str, now: datetime) -> tuple[DelegationRecord, ...]:
    """For whom somebody may act at this moment, oldest first. Nobody acts for somebody who has left."""
    return tuple(_record(row) for row in _in_force(now).filter(taker__username=taker))


def overlapping(giver: str, start: datetime, end: datetime) -> bool:
    """Whether somebody has handed his role on already within that time: two at once would blur who answers."""
    rows = models.Delegation.objects.filter(giver__username=giver, ended_at=None)
    return rows.filter(starts_at__lt=end, ends_at__gt=start).exists()


def open_with(name: str, now: datetime) -> tuple[DelegationRecord, ...]:
    """What has not ended of all that somebody handed on or was handed, oldest first."""
    rows = _rows().filter(Q(giver__username=name) | Q(taker__username=name), ended_at=None, ends_at__gt=now)
    return tuple(_record(row) for row in rows.order_by("id"))


def listed(limit: int) -> tuple[DelegationRecord, ...]:
    """Delegations, the newest first, past ones included."""
    return tuple(_record(row) for row in _rows().order_by("-id")[:limit])


def _rows() -> QuerySet[models.Delegation]:
    return models.Delegation.objects.select_related("giver", "taker")


def _in_force(now: datetime) -> QuerySet[models.Delegation]:
    rows = _rows().filter(ended_at=None, starts_at__lte=now, ends_at__gt=now)
    return rows.filter(giver__is_active=True, taker__is_active=True).order_by("id")


def _person(name: str) -> models.User:
    row = models.User.objects.filter(username=name, is_active=True).first()
    if row is None:
        raise NotFound("records.no_user", name=name)
    return row


def _record(row: models.Delegation) -> DelegationRecord:
    return DelegationRecord(
        row.id,
        row.giver.username,
        Role(row.giver.role),
        row.taker.username,
        row.starts_at,
        row.ends_at,
        row.reason,
        row.created_by,
        row.created_at,
        row.ended_at,
        row.ended_by,
    )
