"""投递: one step of one delivery. Written down before the call, outcome after it; nothing lost, nothing sent twice.

    claim   one transaction: the next step is written down, nobody else has it      (flow/claiming.py)
    make    the call to the channel, nothing held in the database                   (flow/calls.py)
    settle  one transaction: the outcome, the receipt, the item and the audit
    prove   what the public sees is fetched back, and its hash kept

`deliver` does all of it for one delivery. A worker that has several in hand claims and settles them together.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from syndicate.channels.remarks import remark
from syndicate.flow.bundles import shared
from syndicate.flow.calls import Answered, Call, Proved, Unproved, about, make, prove
from syndicate.flow.channel_accounts import heard
from syndicate.flow.claiming import claim, columns
from syndicate.flow.policy import Change, after_look, after_step
from syndicate.flow.settling import RUNNER, delivered, entry, release_website_waiters
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import Action, DeliveryEvent, Receipt, StepResult
from syndicate.records import audit, deliveries, items, receipts
from syndicate.records.connection import one_transaction
from syndicate.records.plain import plain_text, plain_values
from syndicate.records.receipts import Arrival

log = logging.getLogger("syndicate.deliver")


def deliver(workspace: Workspace, delivery: int, worker: str) -> bool:
    """Bring one delivery one step further. False when it is not due or somebody else has it.

    `worker` names the life of one worker process: two of them never share a name.
    """
    claimed = claim(workspace, [delivery], worker)
    answered = [make(call) for call in claimed.calls]
    keep_proofs(workspace, [prove(one) for one in settle(workspace, answered)])
    return bool(claimed.calls or claimed.moved)


@dataclass(frozen=True)
class _Ending:
    """An answer, and what it means for its delivery."""

    answered: Answered
    change: Change

    @property
    def worked(self) -> bool:
        """Whether the platform took a call of ours."""
        done = self.change.event in (DeliveryEvent.DELIVERED, DeliveryEvent.ACCEPTED)
        return done and bool(self.answered.result.reply)

    @property
    def code(self) -> str:
        """The platform's code, as short as it is kept."""
        return plain_text(self.answered.result.code)[:64]


def settle(workspace: Workspace, answered: Sequence[Answered]) -> tuple[Unproved, ...]:
    """Commit the outcomes of calls; returns the receipts whose proof is still to be fetched.

    An outcome whose lease was taken over stays on its attempt and changes nothing.
    """
    if not answered:
        return ()
    endings = [_ending(workspace, one) for one in answered]
    now = workspace.now()
    with one_transaction():
        items.lock_all({one.call.delivery.item for one in answered})
        versions = deliveries.hold([one.call.delivery.id for one in answered])
        applied = [one for one in endings if _is_ours(one, versions)]
        deliveries.move([_move(one) for one in applied])
        deliveries.close_attempts([_end(one, _is_ours(one, versions)) for one in endings], now)
        for ending in applied:
            heard(ending.answered.call.channel, ending.code, ending.worked, now)
        audit.append_all([row for one in applied for row in _entry(one)], now)
        arrivals = [(one.answered, arrival) for one in applied for arrival in _arrival(one)]
        bundled = [
            part for one, it in arrivals for part in shared(one.call.delivery, one.call.job.rendition, it.receipt)
        ]
        rows = delivered([*(arrival for _, arrival in arrivals), *bundled], now)
        for one, _ in arrivals:
            if workspace.is_linked(one.call.channel):
                release_website_waiters(one.call.delivery, now)
    for one, arrival in arrivals:
        row = rows[arrival.delivery.id]
        log.info("receipt", extra={"about": {**about(one.call), "receipt": row, "url": arrival.receipt.url}})
    looked_at = ((one.call, _to_look_at(one.call, arrival), rows[arrival.delivery.id]) for one, arrival in arrivals)
    return tuple(Unproved(call, receipt, row) for call, receipt, row in looked_at if receipt)


def _to_look_at(call: Call, arrival: Arrival) -> Receipt | None:
    """What proves an arrival: where it stands, or for a retraction where it stood and no longer may."""
    if arrival.delivery.action is not Action.RETRACT:
        return arrival.receipt
    return next(iter(call.job.held), None)


def keep_proofs(workspace: Workspace, proved: Sequence[Proved]) -> None:
    """Keep the hashes of what the public saw."""
    found = {one.unproved.row: one.sha256 for one in proved if one.sha256}
    if found:
        with one_transaction():
            receipts.set_proofs(found, workspace.now())


def _ending(workspace: Workspace, answered: Answered) -> _Ending:
    call, result, now = answered.call, answered.result, workspace.now()
    if isinstance(result, StepResult):
        change = after_step(call.delivery, result, call.channel.ladder, now)
    else:
        change = after_look(call.delivery, result, call.channel.ladder, now)
    if change.receipt and call.delivery.action is not Action.RETRACT:
        change = replace(change, message=remark(result.notes))
    return _Ending(answered, change)


def _is_ours(ending: _Ending, versions: Mapping[int, int]) -> bool:
    """Whether nobody took the delivery over after its lease."""
    delivery = ending.answered.call.delivery
    return versions[delivery.id] == delivery.version


def _move(ending: _Ending) -> deliveries.Move:
    notes = plain_values(ending.answered.result.notes)
    changes = {**columns(ending.change), "notes": notes, "code": ending.code}
    return deliveries.Move(ending.answered.call.delivery, ending.change.event, changes)


def _end(ending: _Ending, applied: bool) -> deliveries.AttemptEnd:
    call, result, change = ending.answered.call, ending.answered.result, ending.change
    if not applied:
        told = {"about": about(call)}
        log.warning("outcome of delivery %s came after its lease was taken over", call.delivery.id, extra=told)
    return deliveries.AttemptEnd(call.attempt, change.event, change.message, ending.code, result.reply, applied)


def _entry(ending: _Ending) -> tuple[audit.Entry, ...]:
    return entry(RUNNER, ending.answered.call.delivery, ending.change.event, {"code": ending.code})


def _arrival(ending: _Ending) -> tuple[Arrival, ...]:
    call, receipt = ending.answered.call, ending.change.receipt
    return (Arrival(call.delivery, receipt, call.job.rendition.hash),) if receipt else ()
