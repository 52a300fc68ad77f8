"""What the overview counts, each kind in as few queries as can be: a page has fifteen for everything."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, F, Min, Q, QuerySet, Value

from syndicate.model.delivery import DeliveryState
from syndicate.model.feedback import FeedbackState
from syndicate.model.item import ItemKind
from syndicate.records import feedback, models
from syndicate.records.figures import IN_MOTION
from syndicate.records.items import item_record
from syndicate.records.values import ItemRecord

WITHDRAWAL, EMERGENCY = "withdrawal", "emergency"


@dataclass(frozen=True)
class SecondLook:
    """Something one person did at once and a second one has not looked at."""

    kind: str
    item: int
    title: str
    actor: str
    at: datetime
    note: str
    """Why it was withdrawn; empty for an emergency."""


@dataclass(frozen=True)
class Counts:
    """How many deliveries may be on their channel or not, letters were not taken, and tokens of a person end soon.

    And how many reports of the public are open, and of these past their answer or their passing on.
    """

    unsure: int = 0
    letters: int = 0
    tokens: int = 0
    feedback: int = 0
    feedback_late: int = 0


def second_looks() -> tuple[SecondLook, ...]:
    """Withdrawals and emergency publications that nobody else has looked at, the oldest first."""
    names = ("kind_of", "item_id", "item__title", "actor", "at", "note")
    withdrawals = models.Withdrawal.objects.filter(confirmed_at=None)
    emergencies = models.Emergency.objects.filter(checked_at=None)
    first = withdrawals.annotate(kind_of=_word(WITHDRAWAL), note=F("kind")).values_list(*names)
    rows = first.union(emergencies.annotate(kind_of=_word(EMERGENCY), note=_word("")).values_list(*names), all=True)
    return tuple(sorted((SecondLook(*row) for row in rows), key=lambda one: one.at))


def counts(person: str, now: datetime, ends_by: datetime, since: datetime) -> Counts:
    """The counts at one moment: tokens of this person that end by a moment, letters written since another."""
    tokens = models.PersonalToken.objects.filter(
        user__username=person, revoked_at=None, expires_at__gt=now, expires_at__lte=ends_by
    )
    letters = models.Letter.objects.filter(created_at__gte=since, sent_at=None, failures__gt=0)
    unsure = models.Delivery.objects.filter(state=DeliveryState.UNSURE)
    waiting = models.Feedback.objects.filter(state__in=feedback.OPEN)
    late = waiting.filter(Q(answer_due_at__lte=now) | Q(state=FeedbackState.RECEIVED, pass_on_due_at__lte=now))
    others = {"letters": letters, "tokens": tokens, "feedback": waiting, "feedback_late": late}
    counted = [_counted(name, found) for name, found in others.items()]
    rows = _counted("unsure", unsure).union(*counted, all=True)
    return Counts(**dict(rows))


def published_since(since: datetime) -> tuple[tuple[datetime, datetime | None], ...]:
    """When each item was first published, and when it was submitted, of those published since then."""
    rows = models.Item.objects.filter(first_published_at__gte=since, imported=None)
    found = rows.values_list("first_published_at", "submitted_at")
    return tuple((published, submitted) for published, submitted in found if published is not None)


def audited_since(actions: Collection[str], since: datetime) -> tuple[tuple[str, datetime], ...]:
    """Each audit event of these actions since then: which one and when."""
    rows = models.AuditEvent.objects.filter(action__in=list(actions), at__gte=since).order_by()
    return tuple(rows.values_list("action", "at"))


def overdue_since(now: datetime) -> dict[str, datetime]:
    """Since when the longest overdue delivery of each channel has been due; channels without one are left out."""
    rows = models.Delivery.objects.filter(state__in=IN_MOTION, due_at__lt=now).order_by()
    found = rows.values_list("channel").annotate(first=Min("due_at"))
    return {channel: first for channel, first in found if first is not None}


def open_reprints(due_from: datetime, due_by: datetime, states: Collection[str]) -> tuple[ItemRecord, ...]:
    """Reprints in one of the states that are due within a span, nearest deadline first."""
    rows = models.Item.objects.filter(kind=ItemKind.REPRINT, state__in=list(states))
    rows = rows.filter(deadline_at__gte=due_from, deadline_at__lte=due_by).order_by("deadline_at")
    return tuple(item_record(row) for row in rows)


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _counted(name: str, rows: QuerySet[Any]) -> QuerySet[Any, tuple[str, int]]:
    named = rows.annotate(of=_word(name)).values("of").order_by()
    counted: QuerySet[Any, tuple[str, int]] = named.annotate(count=Count(F("pk"))).values_list("of", "count")
    return counted
