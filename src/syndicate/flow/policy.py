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
    WaitReason,
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
            changes = {"due_at": ask_again_at, "failures": 0, "polls": record.polls + 1}
            return Change(DeliveryEvent.ACCEPTED, {**changes, "maybe_sent": _maybe_sent_with(record)})
        case TryLater(why, not_before, wait) if wait is not None:
            return _parked(record, why, not_before or now + ladder.retry[-1], wait)
        case TryLater(why, not_before):
            return _try_later(record, why, not_before, ladder, now)
        case Refused(why):
            return Change(DeliveryEvent.REFUSED, {"finished_at": now, "maybe_sent": False}, why)
        case NeedsPerson(why, nothing_out):
            return Change(DeliveryEvent.NEEDS_PERSON, {"maybe_sent": False} if nothing_out else {}, why)
        case Unsure(why):
            return _unsure(record, why, ladder, now)


def after_look(record: DeliveryRecord, result: FindResult, ladder: Ladder, now: datetime) -> Change:
    """What a look at the channel means for a delivery whose outcome is unknown."""
    match result.answer:
        case Found(None):
            changes = {"due_at": now, "maybe_sent": True, "looks": 0, "failures": 0}
            return Change(DeliveryEvent.FOUND_STEP, changes)
        case Found(receipt):
            return Change(DeliveryEvent.FOUND, {"finished_at": now, "maybe_sent": False}, receipt=receipt)
        case Absent():
            return _absent(record, ladder, now)
        case CannotTell(why, ask_again):
            looks = record.looks + 1
            if ask_again and looks < len(ladder.read_back):
                changes = {"due_at": now + ladder.read_back[looks], "looks": looks}
                return Change(DeliveryEvent.CANNOT_TELL, changes, why)
            # Who never shall be asked again says himself what a person must do.
            told = _in_vain("ledger.looked_enough", why) if ask_again else why
            return Change(DeliveryEvent.LOOKED_ENOUGH, {"looks": looks}, told)


def after_crash(record: DeliveryRecord, ladder: Ladder, now: datetime) -> Change:
    """What to do with a delivery found in `sending` after its lease: its worker died in the call."""
    why = Message("ledger.worker_died", {"step": record.step})
    if record.step_repeatable:
        change = _try_later(record, why, None, ladder, now)
        if change.event is DeliveryEvent.TRY_LATER:
            return Change(DeliveryEvent.LEASE_LOST_REPEATABLE, change.changes, why)
        return change
    return Change(DeliveryEvent.LEASE_LOST, _unsure(record, why, ladder, now).changes, why)


def _maybe_sent_with(record: DeliveryRecord) -> bool:
    """Whether the channel may hold something once the present step has happened. `maybe_sent` is about steps before."""
    return record.maybe_sent or not record.step_repeatable


def _unsure(record: DeliveryRecord, why: Message, ladder: Ladder, now: datetime) -> Change:
    changes = {"due_at": now + ladder.read_back[0], "looks": 0, "maybe_sent": True, "failures": record.failures + 1}
    return Change(DeliveryEvent.UNSURE, changes, why)


def _absent(record: DeliveryRecord, ladder: Ladder, now: datetime) -> Change:
    """Absence is proved: the failed attempt is repeated by the ladder, and not for ever."""
    if _is_over(record, ladder, now):
        return Change(DeliveryEvent.LOOKED_ENOUGH, {"maybe_sent": False}, Message("ledger.never_arrives"))
    due_at = now + _wait(max(record.failures, 1), record, ladder)
    return Change(DeliveryEvent.ABSENT, {"due_at": due_at, "maybe_sent": False, "looks": 0})


def _try_later(
    record: DeliveryRecord, why: Message, not_before: datetime | None, ladder: Ladder, now: datetime
) -> Change:
    if _is_over(record, ladder, now):
        return Change(DeliveryEvent.GAVE_UP, {}, _in_vain("ledger.gave_up", why))
    failures = record.failures + 1
    due_at = now + _wait(failures, record, ladder)
    if not_before and not_before > now:
        # The platform's own word wins over the ladder, but not over the day on which a person takes over.
        due_at = min(not_before, (record.first_attempt_at or now) + ladder.give_up)
    return Change(DeliveryEvent.TRY_LATER, {"due_at": due_at, "failures": failures}, why)


def _in_vain(key: str, why: Message) -> Message:
    """The last cause, without its own next action: nothing happens by itself any more."""
    return Message(key, {"why_zh": why.zh, "why_en": why.en})


def _parked(record: DeliveryRecord, why: Message, until: datetime, wait: WaitReason) -> Change:
    """The account is what hinders, not this delivery: it waits, and its ladder begins anew afterwards."""
    changes = {"wait_reason": wait, "due_at": until, "failures": 0, "first_attempt_at": None}
    return Change(DeliveryEvent.PARKED, changes, why)


def _is_over(record: DeliveryRecord, ladder: Ladder, now: datetime) -> bool:
    """Whether retries have gone on for so long that a person takes over."""
    return now - (record.first_attempt_at or now) >= ladder.give_up


def _wait(failures: int, record: DeliveryRecord, ladder: Ladder) -> timedelta:
    return _spread(ladder.retry[min(failures, len(ladder.retry)) - 1], record, ladder.jitter)


def _spread(wait: timedelta, record: DeliveryRecord, jitter: float) -> timedelta:
    """The wait, moved by up to ± jitter; the same delivery and attempt always give the same spread."""
    seed = hashlib.sha256(f"{record.id}:{record.attempts_made}".encode()).digest()
    share = int.from_bytes(seed[:4], "big") / 0xFFFFFFFF * 2 - 1
    return wait * (1 + jitter * share)
