"""The calls of a delivery: everything a driver is asked while nothing is held in the database."""

from __future__ import annotations

import logging
import time
import traceback
from dataclasses import dataclass

from syndicate.errors import Message, NotFound, StorageError
from syndicate.model.channel import Channel
from syndicate.model.delivery import (
    Action,
    CannotTell,
    Driver,
    FindResult,
    Job,
    Receipt,
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.records.connection import database_refusals
from syndicate.records.receipts import GONE
from syndicate.records.values import DeliveryRecord

log = logging.getLogger("syndicate.deliver")


@dataclass(frozen=True)
class Call:
    """One try, written down and committed before it is made. `looks`: it asks whether the step has happened."""

    delivery: DeliveryRecord
    attempt: int
    channel: Channel
    driver: Driver
    step: Step
    looks: bool
    job: Job


@dataclass(frozen=True)
class Answered:
    """A call and what it brought."""

    call: Call
    result: StepResult | FindResult


@dataclass(frozen=True)
class Unproved:
    """A receipt whose proof has not been fetched yet; `row` is its number."""

    call: Call
    receipt: Receipt
    row: int


@dataclass(frozen=True)
class Proved:
    """What the public sees at a receipt's address; empty where nothing could be read.

    After a retraction: `GONE` where the public no longer sees what was taken down.
    """

    unproved: Unproved
    sha256: str


def make(call: Call) -> Answered:
    """Make the call. Whatever a driver raises becomes an outcome: no mistake of a driver may lose a delivery."""
    began = time.monotonic()
    result = _look(call) if call.looks else _perform(call)
    took = int((time.monotonic() - began) * 1000)
    outcome = type(result.outcome if isinstance(result, StepResult) else result.answer).__name__
    log.info("called", extra={"about": {**about(call), "outcome": outcome, "milliseconds": took}})
    return Answered(call, result)


def about(call: Call) -> dict[str, object]:
    """What a line of the log says of a call: the item it is for, and which try of which delivery it is."""
    return {
        "item": call.delivery.item,
        "delivery": call.delivery.id,
        "channel": call.channel.id,
        "attempt": call.attempt,
        "step": call.step.name,
    }


def _perform(call: Call) -> StepResult:
    try:
        with database_refusals():
            return call.driver.perform(call.step, call.job)
    except StorageError as error:
        return _undone(call, error.message)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        # The ledger goes on as after a crash.
        log.error("driver failed in %s of delivery %s\n%s", call.step.name, call.job.delivery, where(error))
        return _undone(call, Message("ledger.driver_error", {"error": type(error).__name__}))


def _undone(call: Call, why: Message) -> StepResult:
    """Nobody knows how far a driver came that could not go on."""
    return StepResult(TryLater(why) if call.step.repeatable else Unsure(why), call.job.notes)


def _look(call: Call) -> FindResult:
    try:
        with database_refusals():
            return call.driver.find(call.step, call.job)
    except StorageError as error:
        return FindResult(CannotTell(error.message), call.job.notes)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        log.error("driver failed looking for %s of delivery %s\n%s", call.step.name, call.job.delivery, where(error))
        return FindResult(CannotTell(Message("ledger.driver_error", {"error": type(error).__name__})), call.job.notes)


def prove(unproved: Unproved) -> Proved:
    """Fetch back what the public sees; a failure here is the patrol's business, not the delivery's."""
    try:
        proof = unproved.call.driver.read_back(unproved.receipt, unproved.call.job)
    except (NotFound, OSError) as error:
        log.warning("reading back delivery %s failed: %s", unproved.call.job.delivery, type(error).__name__)
        return Proved(unproved, "")
    except Exception as error:  # noqa: BLE001 the delivery has arrived; only its proof is missing
        log.error("driver failed reading back delivery %s\n%s", unproved.call.job.delivery, where(error))
        return Proved(unproved, "")
    if unproved.call.job.action is Action.RETRACT:
        return Proved(unproved, GONE if proof and proof.sha256 is None else "")
    return Proved(unproved, (proof.sha256 if proof else None) or "")


def where(error: Exception) -> str:
    """Type and lines of code of an error, without its text: that may hold an address with a token in it."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
