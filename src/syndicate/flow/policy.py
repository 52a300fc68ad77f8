"""What follows from an outcome: retry, look again, hand over to a person. Pure functions of delivery, outcome and now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from syndicate.errors import Message
from syndicate.model.channel import Ladder
from syndicate.model.delivery import (
    Absent,
    Accepted,
    CannotTell,
    Delivered,
    DeliveryEvent,
    FindResult,
    Found,
    NeedsPerson,
    Receipt,
    Refused,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.records.values import DeliveryRecord


@dataclass(frozen=True)
class Change:
    """The transition to take, the columns that change with it, and what to tell a person."""

    event: DeliveryEvent
    changes: Mapping[str, object] = field(default_factory=dict)
    message: Message | None = None
    receipt: Receipt | None = None


def after_step(record: DeliveryRecord, result: StepResult, ladder: Ladder, now: datetime) -> Change:
    """What a step's outcome means for its delivery."""
    outcome = result.outcome
    match outcome:
        case Delivered(receipt):
            changes = {"finished_at": now, "failures": 0, "maybe_sent": False}
            return Change(DeliveryEvent.DELIVERED, changes, receipt=receipt)
        case Accepted(ask_again_at):
            return Change(DeliveryEvent.ACCEPTED, {"due_at": ask_again_at, "failures": 0, "polls": record.polls + 1})
        case TryLater(why, not_before):
            return _try_later(record, why, not_before, ladder, now)
        case Refused(why):
            return Change(DeliveryEvent.REFUSED, {"finished_at": now, "maybe_sent": False}, why)
        case NeedsPerson(why):
            return Change(DeliveryEvent.NEEDS_PERSON, {"maybe_sent": False}, why)
        case Unsure(why):
            return _unsure(why, ladder, now)


def after_look(record: DeliveryRecord, result: FindResult, ladder: Ladder, now: datetime) -> Change:
    """What a look at the channel means for a delivery whose outcome is unknown."""
    match result.answer:
        case Found(None):
            return Change(DeliveryEvent.FOUND_STEP, {"due_at": now, "maybe_sent": False, "looks": 0})
        case Found(receipt):
            return Change(DeliveryEvent.FOUND, {"finished_at": now, "maybe_sent": False}, receipt=receipt)
        case Absent():
            changes = {"due_at": now, "maybe_sent": False, "looks": 0, "failures": record.failures + 1}
            return Change(DeliveryEvent.ABSENT, changes)
        case CannotTell(why, ask_again):
            looks = record.looks + 1
            if ask_again and looks < len(ladder.read_back):
                changes = {"due_at": now + ladder.read_back[looks], "looks": looks}
                return Change(DeliveryEvent.CANNOT_TELL, changes, why)
            return Change(DeliveryEvent.LOOKED_ENOUGH, {"looks": looks}, why)


def after_crash(record: DeliveryRecord, ladder: Ladder, now: datetime) -> Change:
    """What to do with a delivery found in `sending` after its lease: its worker died in the call."""
    why = Message("ledger.worker_died", {"step": record.step})
    if record.step_repeatable:
        change = _try_later(record, why, None, ladder, now)
        if change.event is DeliveryEvent.TRY_LATER:
            return Change(DeliveryEvent.LEASE_LOST_REPEATABLE, change.changes, why)
        return change
    unsure = _unsure(why, ladder, now)
    return Change(DeliveryEvent.LEASE_LOST, {**unsure.changes, "failures": record.failures + 1}, why)


def _unsure(why: Message, ladder: Ladder, now: datetime) -> Change:
    changes = {"due_at": now + ladder.read_back[0], "looks": 0, "maybe_sent": True}
    return Change(DeliveryEvent.UNSURE, changes, why)


def _try_later(
    record: DeliveryRecord, why: Message, not_before: datetime | None, ladder: Ladder, now: datetime
) -> Change:
    first = record.first_attempt_at or now
    if now - first >= ladder.give_up:
        return Change(DeliveryEvent.GAVE_UP, {"maybe_sent": False}, why)
    failures = record.failures + 1
    due_at = not_before or now + _spread(ladder.retry[min(failures, len(ladder.retry)) - 1], record, ladder.jitter)
    return Change(DeliveryEvent.TRY_LATER, {"due_at": due_at, "failures": failures, "maybe_sent": False}, why)


def _spread(wait: timedelta, record: DeliveryRecord, jitter: float) -> timedelta:
    """The wait, moved by up to ± jitter; the same delivery and attempt always give the same spread."""
    seed = hashlib.sha256(f"{record.id}:{record.attempts_made}".encode()).digest()
    share = int.from_bytes(seed[:4], "big") / 0xFFFFFFFF * 2 - 1
    return wait * (1 + jitter * share)
