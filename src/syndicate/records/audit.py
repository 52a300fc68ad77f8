"""The audit log: append inside the transaction of what is audited, and prove that nothing was changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from syndicate.model.hashing import digest
from syndicate.model.review import Actor
from syndicate.records.models.audit import AuditEvent, AuditHead
from syndicate.records.values import AuditRecord

log = logging.getLogger("syndicate.audit")

GENESIS = "0" * 64


@dataclass(frozen=True)
class Entry:
    """What somebody did to one thing."""

    actor: Actor
    action: str
    subject: str
    data: Mapping[str, object]


def append(actor: Actor, action: str, subject: str, data: Mapping[str, object], now: datetime) -> None:
    """Add one event to the chain. Must run inside a transaction; the head row serialises all writers."""
    append_all([Entry(actor, action, subject, data)], now)


def append_all(entries: Sequence[Entry], now: datetime) -> None:
    """Add several events to the chain in this order. Must run inside a transaction."""
    if not entries:
        return
    head = AuditHead.objects.select_for_update().filter(id=1).first()
    if head is None:
        AuditHead.objects.get_or_create(id=1, defaults={"hash": GENESIS})
        head = AuditHead.objects.select_for_update().get(id=1)
    last = head.hash
    events = []
    for number, entry in enumerate(entries, start=head.number + 1):
        event = AuditEvent(
            number=number,
            at=now,
            actor=entry.actor.name,
            via=entry.actor.via,
            os_user=entry.actor.os_user,
            action=entry.action,
            subject=entry.subject,
            data=_with_behalf(entry),
            previous_hash=last,
        )
        event.hash = last = _hash(_record(event))
        events.append(event)
    AuditEvent.objects.bulk_create(events)
    AuditHead.objects.filter(id=1).update(number=head.number + len(events), hash=last)
    if log.isEnabledFor(logging.INFO):
        transaction.on_commit(lambda: _tell(events))


def _tell(events: Sequence[AuditEvent]) -> None:
    """What was committed goes into the process's log too, with the item it concerns."""
    for event in events:
        kind, _, name = event.subject.partition(":")
        about = {"item": event.data["item"]} if "item" in event.data else {}
        about |= {kind: int(name) if name.isdecimal() else name} if name else {}
        about |= {key: event.data[key] for key in ("revision", "channel", "code") if event.data.get(key)}
        log.info(event.action, extra={"about": {**about, "actor": event.actor, "audit": event.number}})


def _with_behalf(entry: Entry) -> dict[str, object]:
    """What was done, and for whom, where somebody acted for another person."""
    behalf = entry.actor.behalf
    return {**entry.data, "behalf": behalf} if behalf else dict(entry.data)


def _hash(record: AuditRecord) -> str:
    return digest(
        [
            record.number,
            record.at.astimezone(UTC).isoformat(timespec="microseconds"),
            record.actor,
            record.via,
            record.os_user,
            record.action,
            record.subject,
            dict(record.data),
            record.previous_hash,
        ]
    )


def _record(event: AuditEvent) -> AuditRecord:
    return AuditRecord(
        event.number,
        event.at,
        event.actor,
        event.via,
        event.os_user,
        event.action,
        event.subject,
        event.data,
        event.previous_hash,
        event.hash,
    )


@dataclass(frozen=True)
class Verification:
    """`events` were read; `broken` is the number of the first event that does not fit, None when all fit."""

    events: int
    broken: int | None


def verify() -> Verification:
    """Recompute the chain from its first event to the head."""
    expected = GENESIS
    count = 0
    for record in everything():
        count += 1
        if record.number != count or record.previous_hash != expected or record.hash != _hash(record):
            return Verification(count, record.number)
        expected = record.hash
    head = AuditHead.objects.filter(id=1).first()
    if head is not None and (head.number != count or head.hash != expected):
        return Verification(count, count + 1)
    return Verification(count, None)


def length() -> int:
    """How many events there are."""
    return AuditHead.objects.filter(id=1).values_list("number", flat=True).first() or 0


def everything() -> Iterator[AuditRecord]:
    """All events, oldest first, without holding them in memory."""
    for event in AuditEvent.objects.order_by("number").iterator(chunk_size=1000):
        yield _record(event)


def of_subject(subject: str) -> tuple[AuditRecord, ...]:
    """Who did what when to one thing, oldest first."""
    return tuple(_record(event) for event in AuditEvent.objects.filter(subject=subject).order_by("number"))


def between(start: datetime, end: datetime) -> tuple[AuditRecord, ...]:
    """Events from `start` (inclusive) to `end` (exclusive)."""
    return tuple(_record(event) for event in AuditEvent.objects.filter(at__gte=start, at__lt=end).order_by("number"))
