"""Which step follows once the local website is written, and what a target's success or failure means for the delivery."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Message, StorageError, SyndicateError
from syndicate.model.channel import Channel
from syndicate.model.delivery import Accepted, Delivered, Job, NeedsPerson, Outcome, Receipt, Step, StepResult, TryLater
from syndicate.model.target import RsyncTarget, S3Target, Target

WRITE = Step("write", True)
_STEP = "mirror:"
_RECEIPT = "receipt"
_FAILED = "failed:"


@dataclass(frozen=True)
class _Failure:
    """Why a target does not hold it, and whether trying again may help."""

    why: Message
    later: bool


def targets_of(channel: Channel) -> tuple[Target, ...]:
    """The targets that a website channel names, in the order of its file."""
    named = channel.settings.get("targets", ())
    return tuple(one for one in named if isinstance(one, RsyncTarget | S3Target)) if isinstance(named, tuple) else ()


def next_step(job: Job, targets: tuple[Target, ...]) -> Step:
    """Write first; then each target that does not hold it, those that have not failed in this round before the others."""
    pending = _pending(job.notes, targets)
    if _RECEIPT not in job.notes or not pending:
        return WRITE
    untried = [name for name in pending if _FAILED + name not in job.notes]
    return Step(_STEP + (untried or pending)[0], True)


def target_of(step: Step) -> str:
    """The target that a step is about; empty for the writing itself."""
    return step.name.removeprefix(_STEP) if step.name.startswith(_STEP) else ""


def written(receipt: Receipt, job: Job, targets: tuple[Target, ...]) -> StepResult:
    """The local website is written: that is all, or the first target is next."""
    notes = {**job.notes, _RECEIPT: _dumped(receipt)}
    if not _pending(notes, targets):
        return StepResult(Delivered(receipt), notes)
    return StepResult(Accepted(job.now), notes)


def mirrored(name: str, whole: bool, job: Job, targets: tuple[Target, ...]) -> StepResult:
    """A target holds it, or has taken a part of it. The receipt is given when all of them hold it."""
    if not whole:
        return StepResult(Accepted(job.now), job.notes)
    notes = {key: value for key, value in job.notes.items() if key != _FAILED + name} | {_STEP + name: "held"}
    pending = _pending(notes, targets)
    if not pending:
        return StepResult(Delivered(_loaded(notes[_RECEIPT])), notes)
    return _after(pending, notes, job)


def failed(name: str, error: SyndicateError, job: Job, targets: tuple[Target, ...]) -> StepResult:
    """A target does not hold it; the others are tried before the ladder waits."""
    from syndicate.channels.calls import CallError, NotDone  # loads HTTP; without targets nothing of it is needed

    later = isinstance(error, NotDone | StorageError)
    told = json.dumps([error.message.key, dict(error.message.values), later], ensure_ascii=False, default=str)
    notes = {**job.notes, _FAILED + name: told}
    code, reply = (error.code, error.reply) if isinstance(error, CallError) else (error.message.key, "")
    result = _after(_pending(notes, targets), notes, job)
    return StepResult(result.outcome, result.notes, code, reply)


def _after(pending: list[str], notes: Mapping[str, str], job: Job) -> StepResult:
    """Go on with a target that was not tried yet; else end the round with what has failed in it."""
    failures = [_failure(notes[_FAILED + name]) for name in pending if _FAILED + name in notes]
    if len(failures) < len(pending):
        return StepResult(Accepted(job.now), notes)
    kept = {key: value for key, value in notes.items() if not key.startswith(_FAILED)}
    return StepResult(_outcome(failures), kept)


def _outcome(failures: list[_Failure]) -> Outcome:
    """As long as trying again may help one of them, the ladder goes on; the message names all."""
    why = failures[0].why
    if len(failures) > 1:
        zh = "".join(f"{one.why.zh}{one.why.action_zh}" for one in failures)
        en = " ".join(f"{one.why.en} {one.why.action_en}" for one in failures)
        why = Message("targets.several", {"zh": zh, "en": en})
    return TryLater(why) if any(one.later for one in failures) else NeedsPerson(why)


def _failure(noted: str) -> _Failure:
    key, values, later = json.loads(noted)
    return _Failure(Message(key, values), later)


def _pending(notes: Mapping[str, str], targets: tuple[Target, ...]) -> list[str]:
    return [one.name for one in targets if _STEP + one.name not in notes]


def _dumped(receipt: Receipt) -> str:
    plain = [receipt.remote_id, receipt.url, receipt.at.isoformat(), dict(receipt.details)]
    return json.dumps(plain, ensure_ascii=False)


def _loaded(noted: str) -> Receipt:
    remote_id, url, at, details = json.loads(noted)
    return Receipt(remote_id, url, datetime.fromisoformat(at), details)
