"""Items and their findings as they were at a past moment, from what is dated: audit, revisions, receipts, former findings."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, Model, OuterRef, Q, QuerySet

from syndicate.model.delivery import Action
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemState
from syndicate.records import models
from syndicate.records.bulk import portions
from syndicate.review.transitions import item_transitions

_MADE: Mapping[str, ItemState] = MappingProxyType(
    {"item.created": ItemState.DRAFT, "item.imported": ItemState.PUBLISHED}
)


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
        for numbers in portions(items)
        for number, state in models.Item.objects.filter(id__in=numbers).values_list("id", "state")
    }
    states = _states()
    later = models.AuditEvent.objects.filter(at__gte=moment, action__in=list(states))
    changed = {number for subject in later.values_list("subject", flat=True) if (number := _number(subject)) in found}
    for subjects in portions([f"item:{number}" for number in changed]):
        events = models.AuditEvent.objects.filter(at__lt=moment, action__in=list(states), subject__in=subjects)
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
    found: dict[int, list[Holding]] = {}
    for numbers in portions(items):
        rows = held_at(moment).filter(item_id__in=numbers).order_by("-id")
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
    states = _states()
    told: dict[int, list[tuple[datetime, ItemState]]] = {}
    spans: dict[int, list[tuple[datetime, datetime | None]]] = {}
    for numbers in portions(items):
        subjects = [f"item:{item}" for item in numbers]
        events = models.AuditEvent.objects.filter(at__lt=until, action__in=list(states), subject__in=subjects)
        for subject, action, at in events.order_by("number").values_list("subject", "action", "at"):
            told.setdefault(_number(subject), []).append((at, states[action]))
        rows = models.Receipt.objects.filter(known_by(until), item_id__in=numbers)
        rows = rows.exclude(delivery__action=Action.RETRACT)
        for item, at, ended, removed in rows.values_list("item_id", "at", "delivery__finished_at", "removed_at"):
            spans.setdefault(item, []).append((ended or at, removed))
    return Histories(told, spans)


def ended_once(until: datetime) -> frozenset[int]:
    """Items that were set aside or withdrawn at some time before a moment, whatever became of them afterwards."""
    ends = [action for action, state in _states().items() if state in (ItemState.DISCARDED, ItemState.WITHDRAWN)]
    events = models.AuditEvent.objects.filter(at__lt=until, action__in=ends)
    return frozenset(map(_number, events.values_list("subject", flat=True)))


@dataclass(frozen=True)
class StandingFinding:
    """A finding that stood on a revision, and since when."""

    item: int
    revision: int
    finding: Finding
    found_at: datetime


def findings(moment: datetime) -> tuple[StandingFinding, ...]:
    """Findings of block and confirm that stood at a moment on the revision that was the newest of its item then."""
    present = _serious(models.Finding, moment, moment)
    former = _serious(models.FormerFinding, moment, moment).filter(gone_at__gte=moment)
    found = [_standing(*row) for rows in (present, former) for row in rows.values_list(*_TOLD)]
    return tuple(sorted(found, key=lambda one: (one.item, one.finding.part, one.finding.start, one.finding.rule)))


_TOLD = ("revision__item_id", "revision_id", "found_at", "rule", "severity", "start", "end", "text", "message",
         "suggestion", "part")  # fmt: skip


def _standing(
    item: int,
    revision: int,
    found_at: datetime,
    rule: str,
    severity: str,
    start: int,
    end: int,
    text: str,
    message: str,
    suggestion: str | None,
    part: str,
) -> StandingFinding:
    finding = Finding(rule, Severity(severity), start, end, text, message, suggestion, part=part)
    return StandingFinding(item, revision, finding, found_at)


@dataclass(frozen=True)
class CountedFindings:
    """What one rule found on a revision at one time: how many, and since when they are gone (None: they still stand)."""

    item: int
    revision: int
    rule: str
    found_at: datetime
    gone_at: datetime | None
    count: int


def counted_findings(
    since: datetime, until: datetime, items: Collection[int] | None = None
) -> Iterator[CountedFindings]:
    """Findings of block and confirm that stood from `since` to before `until`, without their texts.

    On revisions only that were the newest of their item at `since` or later; of these items (default: of all).
    """
    named: tuple[str, ...] = ("revision__item_id", "revision_id", "rule", "found_at")
    for only in [Q()] if items is None else [Q(revision__item__in=numbers) for numbers in portions(items)]:
        present = _serious(models.Finding, since, until).filter(only)
        for row in present.order_by().values_list(*named).annotate(count=Count("id")):
            yield _counted(*row[:4], None, row[4])
        former = _serious(models.FormerFinding, since, until).filter(only, gone_at__gte=since)
        for row in former.order_by().values_list(*named, "gone_at").annotate(count=Count("id")):
            yield _counted(*row)


def _counted(*row: Any) -> CountedFindings:
    item, revision, rule, found_at, gone_at, count = row
    return CountedFindings(item, revision, rule, found_at, gone_at, count)


def _serious(model: type[Model], since: datetime, until: datetime) -> QuerySet[Any]:
    """Findings of block and confirm from before `until`, on revisions that no other had replaced before `since`."""
    later = models.Revision.objects.filter(
        item=OuterRef("revision__item"), number__gt=OuterRef("revision__number"), created_at__lt=since
    )
    rows = model._default_manager.filter(severity__in=(Severity.BLOCK, Severity.CONFIRM), found_at__lt=until)
    return rows.filter(~Exists(later))
