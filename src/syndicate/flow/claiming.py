"""领取: what becomes of deliveries that are due. The next step is written down, committed, and only then called."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.flow.account_waits import REFUSING, waits_for_account
from syndicate.flow.bundles import broken, going_out
from syndicate.flow.calls import Call, where
from syndicate.flow.holding import Silent, must_wait
from syndicate.flow.jobs import job_of
from syndicate.flow.policy import Change, after_crash
from syndicate.flow.settling import RUNNER, entry, is_overtaken, lingering
from syndicate.flow.workspace import Workspace
from syndicate.model.account import AccountState
from syndicate.model.channel import Channel, WeChatMode
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, Driver, Job, Step, WaitReason
from syndicate.model.item import ItemKind
from syndicate.records import accounts, audit, claiming, deliveries, silence
from syndicate.records.accounts import AccountRecord
from syndicate.records.claiming import Candidate
from syndicate.records.connection import one_transaction
from syndicate.records.values import DeliveryRecord

log = logging.getLogger("syndicate.deliver")


@dataclass(frozen=True)
class Claimed:
    """What a worker now owns, how many deliveries went on without any call, and how many somebody else held."""

    calls: tuple[Call, ...]
    moved: int
    missed: int


@dataclass(frozen=True)
class _Plan:
    """A call that a delivery may make: the next step, or a look."""

    candidate: Candidate
    channel: Channel
    driver: Driver
    step: Step
    looks: bool


@dataclass(frozen=True)
class _Hold:
    """What may hold deliveries back at this moment: a silent period, and how the accounts stand."""

    silent: Silent | None = None
    accounts: Mapping[str, AccountRecord] = field(default_factory=dict)

    def account(self, delivery: DeliveryRecord) -> AccountRecord:
        """The account of a delivery's channel."""
        return self.accounts.get(delivery.channel, AccountRecord(delivery.channel))


def claim(workspace: Workspace, numbers: Sequence[int], worker: str) -> Claimed:
    """Take those of the deliveries that are due and that no other worker has, in one transaction.

    `worker` names the life of one worker process: two of them never share a name.
    """
    now = workspace.now()
    with one_transaction():
        candidates = claiming.take(numbers, now, workspace.careful_channels())
        hold = _Hold(_silent(now), accounts.everything()) if candidates else _Hold()
        decided = [(one, _decided(workspace, one, hold, now)) for one in candidates]
        changes = [(one.delivery, what) for one, what in decided if isinstance(what, Change)]
        _apply(changes, now)
        plans = tuple(_with_room([what for _, what in decided if isinstance(what, _Plan)], now))
        if plans:
            claiming.stand(worker)
        return Claimed(_written_down(plans, worker, now), len(changes), len(numbers) - len(candidates))


def _silent(now: datetime) -> Silent | None:
    period = silence.in_force(now)
    exempt = silence.exceptions([period.id]) if period else ()
    return Silent(period, frozenset(one.item for one in exempt)) if period else None


def _decided(workspace: Workspace, candidate: Candidate, hold: _Hold, now: datetime) -> _Plan | Change:
    match candidate.delivery.state:
        case DeliveryState.WAITING:
            return _wait_is_over(workspace, candidate.delivery, now)
        case DeliveryState.SENDING:
            return _after_crash(workspace, candidate.delivery, now)
        case DeliveryState.UNSURE:
            return _look(workspace, candidate.delivery, candidate, hold, now)
        case _:
            return _send(workspace, candidate, hold, now)


def _wait_is_over(workspace: Workspace, current: DeliveryRecord, now: datetime) -> Change:
    """The delivery is due, or, when it waited for the website in vain, somebody's task."""
    if current.wait_reason is not WaitReason.WEBSITE:
        return Change(DeliveryEvent.RELEASED, {"due_at": now})
    try:
        minutes = int(workspace.channel(current.channel).ladder.website_wait.total_seconds() // 60)
        why = Message("ledger.website_late", {"minutes": minutes})
    except NotFound as error:
        why = error.message
    return Change(DeliveryEvent.WEBSITE_OVERDUE, {"wait_reason": WaitReason.WEBSITE}, why)


def _after_crash(workspace: Workspace, current: DeliveryRecord, now: datetime) -> Change:
    """Its worker died in the call. A repeatable step is due again; any other one is looked at first."""
    try:
        return after_crash(current, workspace.channel(current.channel).ladder, now)
    except NotFound as error:
        changes = {"maybe_sent": current.maybe_sent or not current.step_repeatable}
        return Change(DeliveryEvent.NEEDS_PERSON, changes, error.message)


def _look(
    workspace: Workspace, current: DeliveryRecord, candidate: Candidate, hold: _Hold, now: datetime
) -> _Plan | Change:
    """Ask the channel whether the step of unknown outcome has happened."""
    opened = _opened(workspace, current)
    if isinstance(opened, Change):
        return opened
    account = hold.account(current)
    if account.state in REFUSING:
        # The platform would not answer; no look is spent on that.
        again = now + opened[0].ladder.read_back[-1]
        return Change(DeliveryEvent.CANNOT_TELL, {"due_at": again}, account.message)
    return _Plan(candidate, *opened, Step(current.step, current.step_repeatable), looks=True)


def _send(workspace: Workspace, candidate: Candidate, hold: _Hold, now: datetime) -> _Plan | Change:
    """The next step, or why there is none now or ever."""
    current = candidate.delivery
    opened = _opened(workspace, current)
    if isinstance(opened, Change):
        return opened
    channel, driver = opened
    job = job_of(current, channel, candidate.rendition, candidate.held, now)
    step = _hindrance(candidate, job, driver, now) or _next_step(driver, job)
    if isinstance(step, Change):
        return step
    # A question about what may be out already is asked whatever has happened meanwhile.
    asking = step.repeatable and current.maybe_sent
    late = None if asking else _too_late(candidate, now) or _not_yet(candidate, channel, hold.silent, now)
    late = (
        late
        or _broken(current, candidate, channel, now)
        or _account_waits(current, channel, hold.account(current), now)
    )
    return late or _Plan(candidate, channel, driver, step, looks=False)


def _opened(workspace: Workspace, current: DeliveryRecord) -> tuple[Channel, Driver] | Change:
    """The channel and its driver; a person's task where the configuration or the driver does not allow it."""
    try:
        channel = workspace.channel(current.channel)
        return channel, workspace.driver(channel.id)
    except SyndicateError as error:
        return Change(DeliveryEvent.NEEDS_PERSON, {}, error.message)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        log.error("driver of delivery %s cannot be opened\n%s", current.id, where(error))
        return _cannot_start(current.channel, error)


def _next_step(driver: Driver, job: Job) -> Step | Change:
    try:
        return driver.next_step(job)
    except Exception as error:  # noqa: BLE001 no mistake of a driver may lose a delivery
        log.error("driver names no step for delivery %s\n%s", job.delivery, where(error))
        return _cannot_start(job.channel.title, error)


def _cannot_start(channel: str, error: Exception) -> Change:
    why = Message("ledger.cannot_start", {"channel": channel, "error": type(error).__name__})
    return Change(DeliveryEvent.NEEDS_PERSON, {}, why)


def _hindrance(candidate: Candidate, job: Job, driver: Driver, now: datetime) -> Change | None:
    """Why a delivery does not start at all: nothing to take down, or the channel cannot do it."""
    current = candidate.delivery
    if current.state is not DeliveryState.DUE:
        return None
    if current.action is Action.RETRACT and not candidate.held and not current.notes:
        before = (one for one in candidate.family if one.id < current.id)
        if current.channel not in lingering(before):
            return Change(DeliveryEvent.NOTHING_HELD, {"finished_at": now})
    if job.action not in driver.actions:
        addresses = "、".join(one.url or one.remote_id for one in job.held)
        verb = Message(f"word.action_{job.action}").zh
        why = Message("ledger.unsupported", {"channel": job.channel.title, "action": verb, "addresses": addresses})
        return Change(DeliveryEvent.UNSUPPORTED, {}, why)
    return None


def _too_late(candidate: Candidate, now: datetime) -> Change | None:
    """Why nothing more is sent: withdrawn, corrected or expired meanwhile."""
    current = candidate.delivery
    if is_overtaken(current, candidate.family):
        return Change(DeliveryEvent.CANCELLED, {"finished_at": now})
    expires_at = None if current.action is Action.RETRACT else candidate.item.expires_at
    if expires_at and expires_at <= now:
        return Change(DeliveryEvent.EXPIRED, {"finished_at": now}, Message("ledger.expired"))
    return None


def _not_yet(candidate: Candidate, channel: Channel, silent: Silent | None, now: datetime) -> Change | None:
    wait = must_wait(candidate.delivery, candidate.item, channel, silent, now)
    if wait is None:
        return None
    return Change(DeliveryEvent.PARKED, {"wait_reason": wait.reason, "due_at": wait.until}, wait.message)


def _broken(current: DeliveryRecord, candidate: Candidate, channel: Channel, now: datetime) -> Change | None:
    """A mass message whose members are no longer what was approved is a person's task; one on its way is let settle."""
    if current.action is Action.RETRACT:
        if channel.settings.get("mode") is not WeChatMode.PUSH or not going_out(current):
            return None
        soon = now + channel.ladder.poll[-1]
        return Change(
            DeliveryEvent.PARKED, {"wait_reason": WaitReason.WINDOW, "due_at": soon}, Message("bundle.going_out")
        )
    why = broken(current) if candidate.item.kind is ItemKind.BUNDLE else None
    return Change(DeliveryEvent.NEEDS_PERSON, {}, why) if why else None


def _account_waits(current: DeliveryRecord, channel: Channel, account: AccountRecord, now: datetime) -> Change | None:
    """A stopped account holds back what is new; a refused one also every question, but for a trial now and then."""
    why = waits_for_account(current, account)
    if why is None or (account.state is AccountState.HELD and current.maybe_sent):
        return None
    again = channel.ladder.retry[-1]
    if account.state is AccountState.REFUSED and account.looked_at and now - account.looked_at >= again:
        return None
    return Change(DeliveryEvent.PARKED, {"wait_reason": WaitReason.HELD, "due_at": now + again}, why)


def _with_room(plans: Sequence[_Plan], now: datetime) -> Iterator[_Plan]:
    """No more calls to a channel at once than it allows, over all workers; to a careful one a single one."""
    taken = Counter(claiming.occupied(now) if plans else {})
    for plan in plans:
        limit = 1 if plan.driver.careful else plan.channel.concurrency
        if taken[plan.channel.id] < limit:
            taken[plan.channel.id] += 1
            yield plan


def _apply(changes: Sequence[tuple[DeliveryRecord, Change]], now: datetime) -> None:
    """Take the transitions that need no call."""
    deliveries.move([deliveries.Move(one, change.event, columns(change)) for one, change in changes])
    for one, change in changes:
        if one.state is DeliveryState.SENDING:
            deliveries.close_open_attempts(one.id, change.event, now)
    audit.append_all([row for one, change in changes for row in entry(RUNNER, one, change.event)], now)


def columns(change: Change) -> dict[str, object]:
    """What a change sets in the delivery's row; nobody owns it afterwards."""
    free = {"lease_owner": "", "lease_until": None, "outcome": change.event}
    return {**free, **deliveries.message_columns(change.message), **change.changes}


def _written_down(plans: Sequence[_Plan], worker: str, now: datetime) -> tuple[Call, ...]:
    owned = deliveries.move([_move(plan, worker, now) for plan in plans])
    for record, plan in zip(owned, plans, strict=True):
        if plan.looks:
            deliveries.close_open_attempts(record.id, DeliveryEvent.LEASE_LOST, now)
    kinds = ("look" if plan.looks else "send" for plan in plans)
    tries = [
        deliveries.Try(record, kind, plan.step.name, worker)
        for record, plan, kind in zip(owned, plans, kinds, strict=True)
    ]
    attempts = deliveries.open_attempts(tries, now)
    return tuple(_call(*one, now) for one in zip(plans, owned, attempts, strict=True))


def _move(plan: _Plan, worker: str, now: datetime) -> deliveries.Move:
    current = plan.candidate.delivery
    lease = {"lease_owner": worker, "lease_until": now + plan.channel.ladder.lease}
    if plan.looks:
        return deliveries.Move(current, DeliveryEvent.LOOKING, lease)
    step = {
        "step": plan.step.name,
        "step_repeatable": plan.step.repeatable,
        "first_attempt_at": current.first_attempt_at or now,
        "attempts_made": current.attempts_made + 1,
    }
    return deliveries.Move(current, DeliveryEvent.CLAIMED, {**lease, **step})


def _call(plan: _Plan, owned: DeliveryRecord, attempt: int, now: datetime) -> Call:
    job = job_of(owned, plan.channel, plan.candidate.rendition, plan.candidate.held, now)
    return Call(owned, attempt, plan.channel, plan.driver, plan.step, plan.looks, job)
