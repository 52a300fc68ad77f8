"""投递: one step of one delivery. Written down before the call, outcome after it; nothing lost, nothing sent twice."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime

from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.flow.jobs import effective_action, job_for
from syndicate.flow.policy import Change, after_crash, after_look, after_step
from syndicate.flow.settling import RUNNER, delivered, lingering, record, release_website_waiters
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.delivery import (
    Action,
    CannotTell,
    DeliveryEvent,
    DeliveryState,
    Driver,
    FindResult,
    Job,
    Receipt,
    Step,
    StepResult,
    TryLater,
    Unsure,
    WaitReason,
)
from syndicate.records import deliveries, items, receipts, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.plain import plain_text, plain_values
from syndicate.records.values import DeliveryRecord

log = logging.getLogger("syndicate.deliver")


def deliver(workspace: Workspace, delivery: int, worker: str) -> bool:
    """Bring one delivery one step further. False when it is not due or somebody else has it.

    `worker` names the life of one worker process: two of them never share a name.
    """
    # Read first, asked afterwards: what another worker claims in between is not due any more, and never taken for lost.
    current = deliveries.get(delivery)
    if not deliveries.is_due(delivery, workspace.now(), workspace.careful_channels()):
        return False
    match current.state:
        case DeliveryState.WAITING:
            return _end_wait(workspace, current)
        case DeliveryState.SENDING:
            return _recover(workspace, current)
        case DeliveryState.UNSURE:
            return _look(workspace, current, worker)
        case DeliveryState.DUE | DeliveryState.ACCEPTED:
            return _send(workspace, current, worker)
        case _:
            return False  # somebody else ended it between the two looks


def _end_wait(workspace: Workspace, current: DeliveryRecord) -> bool:
    """A wait is over: the delivery is due, or, when it waited for the website in vain, somebody's task."""
    now = workspace.now()
    if current.wait_reason is not WaitReason.WEBSITE:
        return deliveries.change(current, DeliveryEvent.RELEASED, {"due_at": now}) is not None
    try:
        minutes = int(workspace.channel(current.channel).ladder.website_wait.total_seconds() // 60)
        why = Message("ledger.website_late", {"minutes": minutes})
    except NotFound as error:
        why = error.message
    changes = {"wait_reason": WaitReason.WEBSITE}
    return _take(workspace, current, Change(DeliveryEvent.WEBSITE_OVERDUE, changes, why))


def _recover(workspace: Workspace, current: DeliveryRecord) -> bool:
    """Its worker died in the call. A repeatable step is due again; any other one is looked at first."""
    now = workspace.now()
    try:
        change = after_crash(current, workspace.channel(current.channel).ladder, now)
    except NotFound as error:
        changes = {"maybe_sent": current.maybe_sent or not current.step_repeatable}
        change = Change(DeliveryEvent.NEEDS_PERSON, changes, error.message)
    with one_transaction():
        items.lock(current.item)
        if not deliveries.change(current, change.event, _columns(change)):
            return False
        deliveries.close_open_attempts(current.id, change.event, now)
        record(RUNNER, current, change.event, now)
    return True


def _send(workspace: Workspace, current: DeliveryRecord, worker: str) -> bool:
    """Claim, call, settle."""
    opened = _opened(workspace, current)
    if isinstance(opened, Change):
        return _take(workspace, current, opened)
    channel, driver = opened
    hindrance = _hindrance(workspace, current, channel, driver)
    step = hindrance or _next_step(driver, job_for(workspace, current, channel))
    if isinstance(step, Change):
        return _take(workspace, current, step)
    now = workspace.now()
    with one_transaction():
        # Withdrawing and undoing hold the item too: either they see this claim, or this claim sees them.
        items.lock(current.item)
        too_late = _too_late(current, step, now)
        claim = {} if too_late else _claim(current, step, worker, now, channel)
        claimed = None if too_late else deliveries.change(current, DeliveryEvent.CLAIMED, claim)
        attempt = deliveries.open_attempt(claimed, "send", step.name, worker, now) if claimed else 0
    if too_late:
        return _take(workspace, current, too_late)
    if claimed is None:
        return False
    job = job_for(workspace, claimed, channel)
    result = _perform(driver, step, job)
    change = after_step(claimed, result, channel.ladder, workspace.now())
    row = _settle(workspace, claimed, attempt, change, result)
    if change.receipt and row is not None and claimed.action is not Action.RETRACT:
        _prove(workspace, driver, change.receipt, job, row)
    return True


def _look(workspace: Workspace, current: DeliveryRecord, worker: str) -> bool:
    """Ask the channel whether the step of unknown outcome has happened."""
    now = workspace.now()
    opened = _opened(workspace, current)
    if isinstance(opened, Change):
        return _take(workspace, current, opened)
    channel, driver = opened
    lease = {"lease_owner": worker, "lease_until": now + channel.ladder.lease, "due_at": current.due_at}
    with one_transaction():
        looking = deliveries.change(current, DeliveryEvent.LOOKING, lease)
        if looking is None:
            return False
        deliveries.close_open_attempts(current.id, DeliveryEvent.LEASE_LOST, now)
        attempt = deliveries.open_attempt(looking, "look", looking.step, worker, now)
    job = job_for(workspace, looking, channel)
    result = _find(driver, Step(looking.step, looking.step_repeatable), job)
    change = after_look(looking, result, channel.ladder, workspace.now())
    row = _settle(workspace, looking, attempt, change, result)
    if change.receipt and row is not None and looking.action is not Action.RETRACT:
        _prove(workspace, driver, change.receipt, job, row)
    return True


def _opened(workspace: Workspace, current: DeliveryRecord) -> tuple[Channel, Driver] | Change:
    """The channel and its driver; a person's task where the configuration or the driver does not allow it."""
    try:
        channel = workspace.channel(current.channel)
        return channel, workspace.driver(channel.id)
    except SyndicateError as error:
        return Change(DeliveryEvent.NEEDS_PERSON, {}, error.message)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        log.error("driver of delivery %s cannot be opened\n%s", current.id, _where(error))
        return _cannot_start(current.channel, error)


def _next_step(driver: Driver, job: Job) -> Step | Change:
    try:
        return driver.next_step(job)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        log.error("driver names no step for delivery %s\n%s", job.delivery, _where(error))
        return _cannot_start(job.channel.title, error)


def _cannot_start(channel: str, error: Exception) -> Change:
    why = Message("ledger.cannot_start", {"channel": channel, "error": type(error).__name__})
    return Change(DeliveryEvent.NEEDS_PERSON, {}, why)


def _claim(current: DeliveryRecord, step: Step, worker: str, now: datetime, channel: Channel) -> dict[str, object]:
    return {
        "step": step.name,
        "step_repeatable": step.repeatable,
        "lease_owner": worker,
        "lease_until": now + channel.ladder.lease,
        "first_attempt_at": current.first_attempt_at or now,
        "attempts_made": current.attempts_made + 1,
    }


def _too_late(current: DeliveryRecord, step: Step, now: datetime) -> Change | None:
    """Why nothing more is sent: withdrawn, corrected or expired meanwhile. What may be out is still asked about."""
    asking = step.repeatable and current.maybe_sent
    if not asking and deliveries.is_overtaken(current):
        return Change(DeliveryEvent.CANCELLED, {"finished_at": now})
    expires_at = None if asking or current.action is Action.RETRACT else items.get(current.item).expires_at
    if expires_at and expires_at <= now:
        return Change(DeliveryEvent.EXPIRED, {"finished_at": now}, Message("ledger.expired"))
    return None


def _hindrance(workspace: Workspace, current: DeliveryRecord, channel: Channel, driver: Driver) -> Change | None:
    """Why a delivery does not start at all: nothing to take down, or the channel cannot do it."""
    if current.state is not DeliveryState.DUE:
        return None
    held = receipts.held(current.item, current.channel)
    if current.action is Action.RETRACT and not held and not current.notes:
        before = (one for one in deliveries.of_item(current.item) if one.id < current.id)
        if current.channel not in lingering(before):
            return Change(DeliveryEvent.NOTHING_HELD, {"finished_at": workspace.now()})
    action = effective_action(current, bool(held))
    if action not in driver.actions:
        addresses = "、".join(one.receipt.url or one.receipt.remote_id for one in held)
        verb = {"publish": "发布", "amend": "更正", "retract": "撤回"}[action]
        why = Message("ledger.unsupported", {"channel": channel.title, "action": verb, "addresses": addresses})
        return Change(DeliveryEvent.UNSUPPORTED, {}, why)
    return None


def _perform(driver: Driver, step: Step, job: Job) -> StepResult:
    try:
        return driver.perform(step, job)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        # A driver's own mistake must not lose the delivery: the ledger goes on as after a crash.
        log.error("driver failed in %s of delivery %s\n%s", step.name, job.delivery, _where(error))
        why = Message("ledger.driver_error", {"error": type(error).__name__})
        return StepResult(TryLater(why) if step.repeatable else Unsure(why), job.notes)


def _find(driver: Driver, step: Step, job: Job) -> FindResult:
    try:
        return driver.find(step, job)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        log.error("driver failed looking for %s of delivery %s\n%s", step.name, job.delivery, _where(error))
        return FindResult(CannotTell(Message("ledger.driver_error", {"error": type(error).__name__})), job.notes)


def _where(error: Exception) -> str:
    """Type and lines of code of an error, without its text: that may hold an address with a token in it."""
    return "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])


def _columns(change: Change) -> dict[str, object]:
    free = {"lease_owner": "", "lease_until": None, "outcome": change.event}
    return {**free, **deliveries.message_columns(change.message), **change.changes}


def _take(workspace: Workspace, current: DeliveryRecord, change: Change) -> bool:
    """Take a transition that needs no call."""
    with one_transaction():
        items.lock(current.item)
        if not deliveries.change(current, change.event, _columns(change)):
            return False
        record(RUNNER, current, change.event, workspace.now())
    return True


def _settle(
    workspace: Workspace, claimed: DeliveryRecord, attempt: int, change: Change, result: StepResult | FindResult
) -> int | None:
    """Commit an outcome; returns the receipt's row. After a lost lease it stays on the attempt and changes nothing."""
    now = workspace.now()
    code = plain_text(result.code)[:64]
    columns = {**_columns(change), "notes": plain_values(result.notes), "code": code}
    row = None
    with one_transaction():
        items.lock(claimed.item)
        applied = deliveries.change(claimed, change.event, columns)
        end = deliveries.AttemptEnd(change.event, change.message, code, result.reply, applied is not None)
        deliveries.close_attempt(attempt, end, now)
        if applied is None:
            log.warning("outcome of delivery %s came after its lease was taken over", claimed.id)
            return None
        record(RUNNER, claimed, change.event, now, code=code)
        if change.receipt:
            rendition_hash = reviews.rendition(claimed.rendition).hash
            row = delivered(claimed, change.receipt, rendition_hash, now)
            if workspace.channel(claimed.channel).kind is ChannelKind.WEBSITE:
                release_website_waiters(claimed, now)
    return row


def _prove(workspace: Workspace, driver: Driver, receipt: Receipt, job: Job, row: int) -> None:
    """Fetch back what the public sees and keep its hash; a failure here is the patrol's business, not the delivery's."""
    try:
        proof = driver.read_back(receipt, job)
    except (NotFound, OSError) as error:
        log.warning("reading back delivery %s failed: %s", job.delivery, type(error).__name__)
        return
    if proof and proof.sha256:
        receipts.set_proof(row, proof.sha256, workspace.now())
