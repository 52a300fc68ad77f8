"""The ledger's rows: creating duties, claiming by compare-and-set, attempts, and what is due."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, When

from syndicate.errors import Conflict, Message, NotFound
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, WaitReason
from syndicate.records import models, silence
from syndicate.records.bulk import update_rows
from syndicate.records.connection import one_transaction
from syndicate.records.plain import plain_text
from syndicate.records.values import AttemptRecord, DeliveryRecord
from syndicate.review.transitions import delivery_transition

TIMED_WAITS = (
    WaitReason.UNDO,
    WaitReason.EMBARGO,
    WaitReason.WINDOW,
    WaitReason.QUOTA,
    WaitReason.WEBSITE,
    WaitReason.HELD,
)
"""Waits that end, are looked at again, or become somebody's task at `due_at`; a silence ends with its period."""

FINISHED = (DeliveryState.DELIVERED, DeliveryState.CANCELLED, DeliveryState.EXPIRED)


@dataclass(frozen=True)
class Duty:
    """A delivery to be created."""

    item: int
    revision: int
    rendition: int
    channel: str
    action: Action
    state: DeliveryState
    wait_reason: WaitReason | None
    due_at: datetime


def create(duty: Duty, now: datetime) -> int:
    """Write a duty down. Raises Conflict when this revision already has it: nothing is ever sent twice.

    A cancelled one does not count: surely nothing came of it, and after an undo the same duty begins again.
    """
    try:
        with transaction.atomic():
            row = models.Delivery.objects.create(
                item_id=duty.item,
                revision_id=duty.revision,
                rendition_id=duty.rendition,
                channel=duty.channel,
                action=duty.action,
                state=duty.state,
                wait_reason=duty.wait_reason or "",
                due_at=duty.due_at,
                created_at=now,
            )
    except IntegrityError as error:
        raise Conflict("records.duty_exists", revision=duty.revision, channel=duty.channel) from error
    return row.id


def get(delivery: int) -> DeliveryRecord:
    """One delivery. Raises NotFound."""
    row = models.Delivery.objects.filter(id=delivery).first()
    if row is None:
        raise NotFound("records.no_delivery", delivery=delivery)
    return delivery_record(row)


def change(record: DeliveryRecord, event: DeliveryEvent, changes: Mapping[str, object]) -> DeliveryRecord | None:
    """Take a transition if the row is still as it was read; None when somebody else was faster.

    Raises NotAllowed when the table has no such transition.
    """
    transition = delivery_transition(record.state, event)
    rows = models.Delivery.objects.filter(id=record.id, version=record.version)
    values = {"wait_reason": "", **changes, "state": transition.next, "version": F("version") + 1}
    return get(record.id) if rows.update(**values) else None


@dataclass(frozen=True)
class Move:
    """A transition of a row that the present transaction holds, with the columns that change."""

    record: DeliveryRecord
    event: DeliveryEvent
    changes: Mapping[str, object]


def move(moves: Sequence[Move]) -> tuple[DeliveryRecord, ...]:
    """Take several transitions at once; returns the deliveries as they stand then, in the same order.

    Raises NotAllowed when the table lacks one of them.
    """
    values = [
        {
            "wait_reason": "",
            **one.changes,
            "state": delivery_transition(one.record.state, one.event).next,
            "version": one.record.version + 1,
        }
        for one in moves
    ]
    update_rows(models.Delivery, ((one.record.id, changed) for one, changed in zip(moves, values, strict=True)))
    return tuple(_after(one.record, changed) for one, changed in zip(moves, values, strict=True))


def _after(record: DeliveryRecord, columns: Mapping[str, Any]) -> DeliveryRecord:
    """The record of a row whose columns were set."""
    known = {name: value for name, value in columns.items() if not name.startswith("message_")}
    known["wait_reason"] = WaitReason(columns["wait_reason"]) if columns["wait_reason"] else None
    if "message_key" in columns:
        key = columns["message_key"]
        known["message"] = Message(key, columns["message_values"]) if key else None
    return replace(record, **known)


def hold(numbers: Collection[int]) -> Mapping[int, int]:
    """The version of each of several deliveries; nobody else changes them until the transaction ends."""
    rows = models.Delivery.objects.select_for_update().filter(id__in=numbers).order_by("id")
    return dict(rows.values_list("id", "version"))


def due_rows(now: datetime, careful: Sequence[str]) -> QuerySet[models.Delivery]:
    """Everything that may be worked on now, in no order.

    `careful` channels send nothing while the outcome of something else on them is unknown.
    """
    free = Q(lease_until=None) | Q(lease_until__lt=now)
    ready = Q(state__in=(DeliveryState.DUE, DeliveryState.ACCEPTED, DeliveryState.UNSURE), due_at__lte=now) & free
    waited = Q(state=DeliveryState.WAITING, wait_reason__in=TIMED_WAITS, due_at__lte=now)
    orphaned = Q(state=DeliveryState.SENDING, lease_until__lt=now)
    silent = Q(state=DeliveryState.WAITING, wait_reason=WaitReason.SILENCE) & ~Exists(silence.in_force_rows(now))
    rows = models.Delivery.objects.filter(ready | waited | silent | orphaned).filter(~Exists(_earlier()))
    if not careful:
        return rows
    blocked = Q(state__in=(DeliveryState.DUE, DeliveryState.ACCEPTED), channel__in=careful) & Exists(_unknown())
    return rows.exclude(blocked)


def _unknown() -> QuerySet[models.Delivery]:
    """Others on the same channel whose outcome is not known yet."""
    others = models.Delivery.objects.filter(channel=OuterRef("channel")).exclude(id=OuterRef("id"))
    return others.filter(state__in=(DeliveryState.SENDING, DeliveryState.UNSURE))


def _earlier() -> QuerySet[models.Delivery]:
    """Unsettled earlier deliveries of the same item on the same channel: one after another, never side by side."""
    harmless = Q(state__in=(DeliveryState.REFUSED, DeliveryState.NEEDS_PERSON), maybe_sent=False)
    return (
        models.Delivery.objects.filter(item=OuterRef("item"), channel=OuterRef("channel"), id__lt=OuterRef("id"))
        .exclude(state__in=FINISHED)
        .exclude(harmless)
    )


def due(
    now: datetime, limit: int, without: Sequence[str] = (), careful: Sequence[str] = ()
) -> tuple[tuple[int, str], ...]:
    """(delivery id, channel) of what may be worked on now, leaving out busy channels: urgent items first, then
    whatever has been due for longest.
    """
    rows = due_rows(now, careful).exclude(channel__in=without).order_by("-item__urgent", "due_at", "id")
    return tuple(rows.values_list("id", "channel")[:limit])


def next_due(now: datetime) -> datetime | None:
    """When the next delivery falls due after `now`, so that a worker can sleep exactly until then."""
    return _first(_to_come(now), now)


def next_chance(since: datetime, now: datetime, careful: Sequence[str]) -> datetime | None:
    """The same after `since`, counting what may be worked on `now`; None: nobody will ever have anything to do.

    One statement, because between two of them another worker may hand over what neither of them sees.
    """
    at_once = Q(id__in=due_rows(now, careful).values("id"))
    return _first(_to_come(since) | at_once, since)


def _to_come(now: datetime) -> Q:
    """What falls due by itself after `now`, and what somebody holds by a lease."""
    waiting = Q(state=DeliveryState.WAITING, wait_reason__in=(*TIMED_WAITS, WaitReason.SILENCE))
    ready = Q(state__in=(DeliveryState.DUE, DeliveryState.ACCEPTED, DeliveryState.UNSURE))
    return (waiting | ready) & Q(due_at__gt=now) | Q(lease_until__gt=now)


def _first(chosen: Q, now: datetime) -> datetime | None:
    time = Case(When(lease_until__gt=now, then=F("lease_until")), default=F("due_at"))
    first: datetime | None = models.Delivery.objects.filter(chosen).aggregate(first=Min(time))["first"]
    return first


def heartbeat(worker: str, until: datetime) -> None:
    """Keep everything a worker owns for longer. Raises StorageError."""
    with one_transaction():
        models.Delivery.objects.filter(lease_owner=worker, lease_until__isnull=False).update(lease_until=until)


@dataclass(frozen=True)
class Try:
    """A try to be written down."""

    delivery: DeliveryRecord
    kind: str
    step: str
    worker: str


def open_attempts(tries: Sequence[Try], now: datetime) -> tuple[int, ...]:
    """Write several tries down before their calls; returns their numbers in the same order."""
    rows = models.Attempt.objects.bulk_create(
        models.Attempt(
            delivery_id=one.delivery.id,
            number=one.delivery.attempts_made,
            kind=one.kind,
            step=one.step,
            worker=one.worker,
            started_at=now,
        )
        for one in tries
    )
    return tuple(row.id for row in rows)


@dataclass(frozen=True)
class AttemptEnd:
    """What a try brought. `applied` False: its lease had been taken over, it changed nothing."""

    attempt: int
    outcome: str
    message: Message | None
    code: str
    reply: str
    applied: bool


def close_attempts(ends: Sequence[AttemptEnd], now: datetime) -> None:
    """Complete the records of several tries."""
    update_rows(models.Attempt, ((end.attempt, _end_columns(end, now)) for end in ends))


def _end_columns(end: AttemptEnd, now: datetime) -> dict[str, object]:
    return {
        "ended_at": now,
        "outcome": end.outcome,
        **message_columns(end.message),
        "code": end.code[:64],
        "reply": plain_text(end.reply)[:2048],
        "applied": end.applied,
    }


def close_open_attempts(delivery: int, outcome: str, now: datetime) -> None:
    """Complete the records of tries whose worker died."""
    models.Attempt.objects.filter(delivery_id=delivery, ended_at=None).update(ended_at=now, outcome=outcome)


def attempts(delivery: int) -> tuple[AttemptRecord, ...]:
    """Every try of a delivery, oldest first."""
    return attempts_of([delivery]).get(delivery, ())


def attempts_of(numbers: Sequence[int]) -> dict[int, tuple[AttemptRecord, ...]]:
    """The tries of several deliveries by delivery id, oldest first."""
    found: dict[int, list[AttemptRecord]] = {}
    for row in models.Attempt.objects.filter(delivery_id__in=numbers).order_by("id"):
        record = AttemptRecord(
            row.number,
            row.kind,
            row.step,
            row.worker,
            row.started_at,
            row.ended_at,
            row.outcome,
            Message(row.message_key, row.message_values) if row.message_key else None,
            row.code,
            row.reply,
            row.applied,
        )
        found.setdefault(row.delivery_id, []).append(record)
    return {key: tuple(rows) for key, rows in found.items()}


def of_item(item: int) -> tuple[DeliveryRecord, ...]:
    """Every delivery of an item, oldest first."""
    return tuple(delivery_record(row) for row in models.Delivery.objects.filter(item_id=item).order_by("id"))


def of_items(items: Collection[int]) -> dict[int, tuple[DeliveryRecord, ...]]:
    """The deliveries of several items by item id."""
    found: dict[int, list[DeliveryRecord]] = {}
    for row in models.Delivery.objects.filter(item_id__in=items).order_by("id"):
        found.setdefault(row.item_id, []).append(delivery_record(row))
    return {key: tuple(rows) for key, rows in found.items()}


def listed(states: Sequence[DeliveryState], limit: int, offset: int = 0) -> tuple[DeliveryRecord, ...]:
    """Deliveries in any of the states (all when none is named), newest first."""
    rows = models.Delivery.objects.order_by("-id")
    if states:
        rows = rows.filter(state__in=states)
    return tuple(delivery_record(row) for row in rows[offset : offset + limit])


def count(states: Sequence[DeliveryState]) -> int:
    """How many deliveries are in any of the states."""
    return models.Delivery.objects.filter(state__in=states).count()


def counts() -> dict[tuple[str, DeliveryState], int]:
    """How many deliveries each channel has in each state."""
    rows = models.Delivery.objects.values_list("channel", "state").annotate(count=Count("id"))
    return {(channel, DeliveryState(state)): count for channel, state, count in rows}


def last_delivered(channel: str) -> dict[int, int]:
    """The rendition that a channel received last, by item.

    Where nothing is known to have arrived, the one that was tried last: a worker may have died right after writing it.
    """
    rows = models.Delivery.objects.filter(channel=channel, attempts_made__gt=0).order_by("id")
    tried = dict(rows.values_list("item_id", "rendition_id"))
    return tried | dict(rows.filter(state=DeliveryState.DELIVERED).values_list("item_id", "rendition_id"))


def waiting_for(reason: WaitReason) -> tuple[DeliveryRecord, ...]:
    """Every delivery that waits for this reason, oldest first."""
    rows = models.Delivery.objects.filter(state=DeliveryState.WAITING, wait_reason=reason).order_by("id")
    return tuple(delivery_record(row) for row in rows)


def waiting_for_website(item: int, revision: int) -> tuple[DeliveryRecord, ...]:
    """Deliveries of a revision that wait for the website, overdue ones included."""
    rows = models.Delivery.objects.filter(item_id=item, revision_id=revision, wait_reason=WaitReason.WEBSITE)
    return tuple(delivery_record(row) for row in rows.order_by("id"))


def _plain(message: Message | None) -> dict[str, object]:
    if message is None:
        return {}
    return {
        key: value if isinstance(value, int | float) else plain_text(str(value))
        for key, value in message.values.items()
    }


def message_columns(message: Message | None) -> dict[str, object]:
    """A message as the columns of a delivery."""
    return {"message_key": message.key if message else "", "message_values": _plain(message)}


def delivery_record(row: models.Delivery) -> DeliveryRecord:
    """One row as a value."""
    return DeliveryRecord(
        row.id,
        row.item_id,
        row.revision_id,
        row.rendition_id,
        row.channel,
        Action(row.action),
        DeliveryState(row.state),
        WaitReason(row.wait_reason) if row.wait_reason else None,
        row.due_at,
        row.created_at,
        row.first_attempt_at,
        row.finished_at,
        row.step,
        row.step_repeatable,
        row.notes,
        row.attempts_made,
        row.failures,
        row.looks,
        row.polls,
        row.maybe_sent,
        row.lease_owner,
        row.lease_until,
        row.outcome,
        Message(row.message_key, row.message_values) if row.message_key else None,
        row.code,
        row.version,
    )
