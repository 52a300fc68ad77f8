"""What monitoring systems ask for that no page shows: ages of the queue, outcomes and probes of a span. Read only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min
from django.db.models.functions import Coalesce

from syndicate.model.item import ItemState
from syndicate.records import models


@dataclass(frozen=True)
class Waiting:
    """How many items are in a state, and since when the oldest of them."""

    count: int
    since: datetime


def waiting(states: tuple[ItemState, ...]) -> Mapping[ItemState, Waiting]:
    """The items that wait in these states; since they were approved, submitted or made, whichever is known."""
    rows = models.Item.objects.filter(state__in=states).values("state")
    found = rows.annotate(count=Count("id"), since=Min(Coalesce("approved_at", "submitted_at", "created_at")))
    return {ItemState(row["state"]): Waiting(row["count"], row["since"]) for row in found.order_by()}


def outcomes(since: datetime) -> Mapping[tuple[str, str], int]:
    """How often attempts that began since then ended how, by channel and outcome; empty outcome: not ended."""
    rows = models.Attempt.objects.filter(started_at__gte=since).values_list("delivery__channel", "outcome")
    return {(channel, outcome): count for channel, outcome, count in rows.annotate(count=Count("id")).order_by()}


def probes(since: datetime) -> Mapping[bool, int]:
    """How many probes since then found what they should, and how many did not."""
    rows = models.Probe.objects.filter(at__gte=since).values_list("ok").annotate(count=Count("id")).order_by()
    return dict(rows)


def letters_waiting() -> int:
    """How many mails and webhook calls have not gone out."""
    return models.Letter.objects.exclude(due_at=None).count()
