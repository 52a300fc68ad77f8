"""人工处理: a person's answer for a delivery that stopped: try again, it is there, it is not there, leave it."""

from __future__ import annotations

from syndicate.errors import Conflict, Message, NotAllowed, UsageError
from syndicate.flow.settling import delivered, record, release_website_waiters
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryEvent, DeliveryState, Receipt
from syndicate.model.review import Actor, Role
from syndicate.records import deliveries, items, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.receipts import Arrival
from syndicate.records.values import DeliveryRecord
from syndicate.records.waking import wake
from syndicate.review.rules import wrong_role

_MAY = frozenset({Role.PUBLISHER, Role.REVIEWER})
_TOLD = {
    DeliveryEvent.RETRIED: "ledger.by_hand_retried",
    DeliveryEvent.RESOLVED_ABSENT: "ledger.by_hand_absent",
    DeliveryEvent.CANCELLED: "ledger.by_hand_cancelled",
}
"""What is told of a person's answer."""


def retry(workspace: Workspace, actor: Actor, delivery: int) -> DeliveryRecord:
    """Make a stopped delivery due again, or one that waits for its next try due at once.

    One that may be on the channel must be resolved instead.
    """
    current = _answerable(actor, delivery)
    now = workspace.now()
    if current.state is DeliveryState.DUE and current.due_at > now:
        return _change(workspace, actor, current, DeliveryEvent.RETRIED, {"due_at": now})
    _need_stopped(current)
    if current.maybe_sent:
        raise NotAllowed("ledger.look_first", delivery=delivery)
    changes = {"due_at": now, "failures": 0, "looks": 0, "first_attempt_at": None, "finished_at": None}
    return _change(workspace, actor, current, DeliveryEvent.RETRIED, changes)


def resolve_absent(workspace: Workspace, actor: Actor, delivery: int) -> DeliveryRecord:
    """A person looked and it is not there: send it."""
    current = _stopped(actor, delivery)
    changes = {"due_at": workspace.now(), "failures": 0, "looks": 0, "maybe_sent": False, "first_attempt_at": None}
    return _change(workspace, actor, current, DeliveryEvent.RESOLVED_ABSENT, changes)


def resolve_delivered(workspace: Workspace, actor: Actor, delivery: int, url: str) -> DeliveryRecord:
    """A person looked, or did it by hand: it stands at `url`. For a retraction: it is gone from there."""
    if not url.startswith(("http://", "https://")):
        raise UsageError("ledger.needs_address")
    current = _stopped(actor, delivery)
    now = workspace.now()
    receipt = Receipt(remote_id=url, url=url, at=now, details={"resolved_by": actor.name})
    changes = {"finished_at": now, "maybe_sent": False}
    with one_transaction():
        items.lock(current.item)
        told = Message("ledger.resolved", {"name": actor.name, "answer": url})
        changed = _changed(current, DeliveryEvent.RESOLVED_DELIVERED, changes, told)
        record(actor, current, DeliveryEvent.RESOLVED_DELIVERED, now, url=url)
        delivered([Arrival(current, receipt, reviews.rendition(current.rendition).hash)], now)
        if workspace.is_linked(workspace.channel(current.channel)):
            release_website_waiters(current, now)
    wake(workspace.home)
    return changed


def cancel(workspace: Workspace, actor: Actor, delivery: int) -> DeliveryRecord:
    """Leave a stopped delivery undone for good. One that may be on the channel must be resolved instead."""
    current = _stopped(actor, delivery)
    if current.maybe_sent:
        raise NotAllowed("ledger.look_first", delivery=delivery)
    return _change(workspace, actor, current, DeliveryEvent.CANCELLED, {"finished_at": workspace.now()})


def _stopped(actor: Actor, delivery: int) -> DeliveryRecord:
    current = _answerable(actor, delivery)
    _need_stopped(current)
    return current


def _answerable(actor: Actor, delivery: int) -> DeliveryRecord:
    if actor.role not in _MAY:
        raise wrong_role("resolve", actor.role, _MAY)
    return deliveries.get(delivery)


def _need_stopped(current: DeliveryRecord) -> None:
    if current.state not in (DeliveryState.REFUSED, DeliveryState.NEEDS_PERSON, DeliveryState.EXPIRED):
        raise _not_open(current)


def _not_open(current: DeliveryRecord) -> Conflict:
    return Conflict("ledger.not_open", delivery=current.id, state=Message(f"word.delivery_{current.state}"))


def _change(
    workspace: Workspace, actor: Actor, current: DeliveryRecord, event: DeliveryEvent, changes: dict[str, object]
) -> DeliveryRecord:
    with one_transaction():
        items.lock(current.item)
        changed = _changed(current, event, changes, Message(_TOLD[event], {"name": actor.name}))
        record(actor, current, event, workspace.now())
    wake(workspace.home)
    return changed


def _changed(
    current: DeliveryRecord, event: DeliveryEvent, changes: dict[str, object], told: Message
) -> DeliveryRecord:
    changed = deliveries.change(current, event, {**changes, **deliveries.message_columns(told)})
    if changed is None:
        raise _not_open(deliveries.get(current.id))
    return changed
