"""Items and their findings as they were at a past moment, from what is dated: audit, revisions, receipts, former findings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import F, Q, QuerySet

from syndicate.model.delivery import Action
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemState
from syndicate.records import models
from syndicate.review.transitions import item_transitions

_MADE: Mapping[str, ItemState] = MappingProxyType(
    {"item.created": ItemState.DRAFT, "item.imported": ItemState.PUBLISHED}
)


_AT_ONCE = 5000
"""Subjects of one question."""


def _states() -> dict[str, ItemState]:
    """The state that an item was in after an audit event; acts that leave the state as it is are not among them."""
    found = {
        one.audit: one.next for (state, _), one in item_transitions().items() if one.audit and state is not one.next
    }
    return {**_MADE, **found}


def item_states(items: Collection[int], moment: datetime) -> dict[int, ItemState]:
    """The state of each of several items at a moment. Those that nobody touched since are as they are now."""
    found = {
        number: ItemState(state)
        for number, state in models.Item.objects.filter(id__in=list(items)).values_list("id", "state")
    }
    states = _states()
    later = models.AuditEvent.objects.filter(at__gte=moment, action__in=list(states))
    changed = {number for subject in later.values_list("subject", flat=True) if (number := _number(subject)) in found}
    events = models.AuditEvent.objects.filter(
        at__lt=moment, action__in=list(states), subject__in=[f"item:{number}" for number in changed]
    )
    for subject, action in events.order_by("number").values_list("subject", "action"):
        found[_number(subject)] = states[action]
    return found


def _number(subject: str) -> int:
    kind, _, number = subject.partition(":")
    return int(number) if kind == "item" and number.isdecimal() else 0


def known_by(moment: datetime) -> Q:
    """Receipts that we had by a moment: when a delivery ended counts, not what the platform says of the hour."""
    return Q(delivery__finished_at__lt=moment) | Q(delivery__finished_at=None, at__lt=moment)


def held_at(moment: datetime) -> QuerySet[models.Receipt]:
    """What channels held at a moment, as far as we knew."""
    rows = models.Receipt.objects.filter(known_by(moment)).exclude(delivery__action=Action.RETRACT)
    return rows.filter(Q(removed_at=None) | Q(removed_at__gte=moment))


@dataclass(frozen=True)
class Holding:
    """What one channel held of an item: which revision, and where."""

    channel: str
    revision: int
    url: str


def holdings(items: Collection[int], moment: datetime) -> dict[int, tuple[Holding, ...]]:
    """What channels held of several items at a moment, newest first."""
    rows = held_at(moment).filter(item_id__in=list(items)).order_by("-id")
    found: dict[int, list[Holding]] = {}
    for item, channel, revision, url in rows.values_list("item_id", "channel", "delivery__revision_id", "url"):
        found.setdefault(item, []).append(Holding(channel, revision, url))
    return {item: tuple(rows) for item, rows in found.items()}


@dataclass(frozen=True)
class Histories:
    """The states of several items over time, and when channels held any of them."""

    states: Mapping[int, Sequence[tuple[datetime, ItemState]]]
    """When each state began, oldest first."""
    spans: Mapping[int, Sequence[tuple[datetime, datetime | None]]]
    """From when to when a channel held something of the item; None: it still does."""

    def state(self, item: int, moment: datetime) -> ItemState:
        """The state at a moment; a draft where nothing is told of an item."""
        begun = [state for at, state in self.states.get(item, ()) if at < moment]
        return begun[-1] if begun else ItemState.DRAFT

    def is_held(self, item: int, moment: datetime) -> bool:
        """Whether any channel held something of an item at a moment."""
        return any(since < moment and (until is None or until >= moment) for since, until in self.spans.get(item, ()))


def histories(items: Collection[int], until: datetime) -> Histories:
    """What became of several items up to a moment."""
    states, wanted = _states(), set(items)
    told: dict[int, list[tuple[datetime, ItemState]]] = {}
    subjects = [f"item:{item}" for item in wanted]
    for start in range(0, len(subjects), _AT_ONCE):
        events = models.AuditEvent.objects.filter(
            at__lt=until, action__in=list(states), subject__in=subjects[start : start + _AT_ONCE]
        )
        for subject, action, at in events.order_by("number").values_list("subject", "action", "at"):
            told.setdefault(_number(subject), []).append((at, states[action]))
    spans: dict[int, list[tuple[datetime, datetime | None]]] = {}
    rows = models.Receipt.objects.filter(known_by(until), item_id__in=wanted).exclude(delivery__action=Action.RETRACT)
    for item, at, ended, removed in rows.values_list("item_id", "at", "delivery__finished_at", "removed_at"):
        spans.setdefault(item, []).append((ended or at, removed))
    return Histories(told, spans)


@dataclass(frozen=True)
class DatedFinding:
    """A finding on a revision, and from when to when it stood there. `gone_at` None: it still does."""

    item: int
    revision: int
    finding: Finding
    found_at: datetime
    gone_at: datetime | None

    def stood(self, moment: datetime) -> bool:
        """Whether it stood at a moment."""
        return self.found_at < moment and (self.gone_at is None or self.gone_at >= moment)


def findings(until: datetime, since: datetime | None = None) -> tuple[DatedFinding, ...]:
    """Findings of block and confirm that stood at some time from `since` (default: `until` itself) up to `until`."""
    serious = (Severity.BLOCK, Severity.CONFIRM)
    present = models.Finding.objects.filter(severity__in=serious, found_at__lt=until)
    former = models.FormerFinding.objects.filter(severity__in=serious, found_at__lt=until, gone_at__gte=since or until)
    found = [_dated(row, None) for row in present.annotate(item=F("revision__item_id"))]
    found += [_dated(row, row.gone_at) for row in former.annotate(item=F("revision__item_id"))]
    return tuple(sorted(found, key=lambda one: (one.item, one.finding.part, one.finding.start, one.finding.rule)))


def _dated(row: Any, gone_at: datetime | None) -> DatedFinding:
    finding = Finding(
        row.rule, Severity(row.severity), row.start, row.end, row.text, row.message, row.suggestion, part=row.part
    )
    return DatedFinding(row.item, row.revision_id, finding, row.found_at, gone_at)
