"""What happens to the rest of an item when one of its deliveries ends, or when all open ones are cancelled."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from syndicate.errors import NotAllowed
from syndicate.flow.items import situation
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, Receipt
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, deliveries, items, receipts
from syndicate.records.values import DeliveryRecord
from syndicate.review.rules import Request, permit
from syndicate.review.transitions import delivery_transition

RUNNER = Actor("runner", Role.SYSTEM, "system")


def plain_changes(**values: object) -> dict[str, object]:
    """Audit data as a plain mapping."""
    return values


def cancel_open(actor: Actor, item: int, now: datetime) -> None:
    """Cancel every delivery of an item that has not begun or has stopped; what is under way settles itself."""
    for delivery in deliveries.of_item(item):
        if can_be_dropped(delivery) and deliveries.change(delivery, DeliveryEvent.CANCELLED, {"finished_at": now}):
            record(actor, delivery, DeliveryEvent.CANCELLED, now)


def can_be_dropped(delivery: DeliveryRecord) -> bool:
    """Whether a withdrawal or a correction may simply cancel it: it has not begun, or it has stopped for good."""
    match delivery.state:
        case DeliveryState.EXPIRED:
            return True
        case DeliveryState.WAITING:
            # Parked between two steps it may be out already. Taking down what was wrong goes on whatever comes after it.
            return not delivery.maybe_sent and (delivery.action is not Action.RETRACT or not delivery.attempts_made)
        case DeliveryState.DUE:
            # With notes it is between two steps. Taking down what was wrong goes on whatever comes after it.
            return not delivery.notes and delivery.action is not Action.RETRACT
        case DeliveryState.REFUSED | DeliveryState.NEEDS_PERSON:
            return not delivery.maybe_sent
        case _:
            return False


def lingering(rows: Iterable[DeliveryRecord]) -> frozenset[str]:
    """Channels that may show something of an item although no receipt says so, from its deliveries, oldest first.

    A repeatable step (files written, the screen's playlist) may have had its effect before it failed or was cancelled.
    """
    channels: set[str] = set()
    for row in rows:
        if row.action is Action.RETRACT:
            if row.state is DeliveryState.DELIVERED:
                channels.discard(row.channel)
        elif row.state is not DeliveryState.DELIVERED and _may_show(row):
            channels.add(row.channel)
    return frozenset(channels)


def _may_show(row: DeliveryRecord) -> bool:
    tried = row.attempts_made > 0 and row.step_repeatable and row.outcome != DeliveryEvent.REFUSED
    return row.maybe_sent or tried


def record(actor: Actor, delivery: DeliveryRecord, event: DeliveryEvent, now: datetime, **data: object) -> None:
    """The audit row of a delivery's transition, where the table asks for one."""
    action = delivery_transition(delivery.state, event).audit
    if action:
        facts = {"item": delivery.item, "channel": delivery.channel, "action": delivery.action, **data}
        audit.append(actor, action, f"delivery:{delivery.id}", facts, now)


def delivered(delivery: DeliveryRecord, receipt: Receipt, rendition_hash: str, now: datetime) -> int:
    """Keep the receipt, mark what it replaces or took down, and carry item and website on. Returns the receipt's row."""
    held = [one.id for one in receipts.held(delivery.item, delivery.channel) if one.delivery < delivery.id]
    row = receipts.add(delivery, receipt, rendition_hash)
    if delivery.action is Action.RETRACT:
        receipts.mark_removed([*held, row], delivery.id, now)
        return row
    receipts.mark_removed([one for one in held if one != row], delivery.id, now)
    _item_is_out(delivery.item, receipt.at)
    return row


def release_website_waiters(delivery: DeliveryRecord, now: datetime) -> None:
    """The website holds the page: channels whose text links to it may start, overdue ones too."""
    for waiter in deliveries.waiting_for_website(delivery.item, delivery.revision):
        deliveries.change(waiter, DeliveryEvent.RELEASED, {"due_at": now})


def _item_is_out(item_id: int, at: datetime) -> None:
    """The first channel holds it: the item is published, and its first publication time is fixed for ever."""
    item = items.lock(item_id)
    try:
        transition = permit(situation(item), Request(ItemAction.PUBLISHED, RUNNER))
    except NotAllowed:
        return  # withdrawn or being corrected meanwhile: that state stays
    items.change(item, {"state": transition.next, "first_published_at": item.first_published_at or at})
    if transition.audit:
        audit.append(RUNNER, transition.audit, f"item:{item_id}", {}, at)
