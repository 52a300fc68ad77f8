"""What happens to the rest of an item when one of its deliveries ends, or when all open ones are cancelled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from syndicate.errors import NotAllowed
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, deliveries, items, receipts
from syndicate.records.receipts import Arrival
from syndicate.records.values import DeliveryRecord, ItemRecord
from syndicate.review.rules import Request, Situation, permit
from syndicate.review.transitions import delivery_transition

RUNNER = Actor("runner", Role.SYSTEM, "system")
NOTHING: Mapping[str, object] = MappingProxyType({})


def plain_changes(**values: object) -> dict[str, object]:
    """Audit data as a plain mapping."""
    return values


def cancel_open(actor: Actor, item: int, now: datetime) -> None:
    """Cancel every delivery of an item that has not begun or has stopped; what is under way settles itself."""
    for delivery in deliveries.of_item(item):
        if can_be_dropped(delivery):
            if deliveries.change(delivery, DeliveryEvent.CANCELLED, {"finished_at": now}):
                record(actor, delivery, DeliveryEvent.CANCELLED, now)
        elif delivery.state is DeliveryState.WAITING:
            # Parked between two steps: it settles now, so that what takes it down need not wait for its channel's hours.
            deliveries.change(delivery, DeliveryEvent.RELEASED, {"due_at": now})


def can_be_dropped(delivery: DeliveryRecord) -> bool:
    """Whether a withdrawal or a correction may simply cancel it: it has not begun, or it has stopped for good."""
    match delivery.state:
        case DeliveryState.EXPIRED:
            return True
        case DeliveryState.WAITING:
            # Parked between two steps it may be out already. Taking down what was wrong goes on whatever comes after it.
            return not delivery.maybe_sent and delivery.action is not Action.RETRACT
        case DeliveryState.DUE:
            # With notes it is between two steps; where each of them may be repeated (a website's targets), nothing that
            # takes it down need wait for them. Taking down what was wrong goes on whatever comes after it.
            between = delivery.notes and (delivery.maybe_sent or not delivery.step_repeatable)
            return not between and delivery.action is not Action.RETRACT
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


def is_overtaken(delivery: DeliveryRecord, family: Iterable[DeliveryRecord]) -> bool:
    """Whether the item was withdrawn or corrected meanwhile, so that sending this would bring back what is outdated.

    `family`: the deliveries of its item to its channel. Taking down is overtaken only by a newer version that the
    channel has taken: that one must not be taken down.
    """
    later = [one for one in family if one.id > delivery.id]
    if delivery.action is Action.RETRACT:
        sent = (one for one in later if one.action is not Action.RETRACT)
        return any(one.state is DeliveryState.DELIVERED for one in sent)
    return any(one.state not in (DeliveryState.CANCELLED, DeliveryState.EXPIRED) for one in later)


def entry(
    actor: Actor, delivery: DeliveryRecord, event: DeliveryEvent, data: Mapping[str, object] = NOTHING
) -> tuple[audit.Entry, ...]:
    """The audit row of a delivery's transition, where the table asks for one."""
    action = delivery_transition(delivery.state, event).audit
    facts = {"item": delivery.item, "channel": delivery.channel, "action": delivery.action, **data}
    return (audit.Entry(actor, action, f"delivery:{delivery.id}", facts),) if action else ()


def record(actor: Actor, delivery: DeliveryRecord, event: DeliveryEvent, now: datetime, **data: object) -> None:
    """Write the audit row of a delivery's transition, where the table asks for one."""
    audit.append_all(entry(actor, delivery, event, data), now)


def delivered(arrivals: Sequence[Arrival], now: datetime) -> Mapping[int, int]:
    """Keep receipts, mark what they replace or took down, and carry their items on. Returns receipt rows by delivery."""
    if not arrivals:
        return {}
    held = receipts.held_of({one.delivery.item for one in arrivals})
    rows = receipts.add(arrivals)
    for one in arrivals:
        before = held.get((one.delivery.item, one.delivery.channel), ())
        replaced = [known.id for known in before if known.delivery < one.delivery.id]
        if one.delivery.action is Action.RETRACT:
            replaced.append(rows[one.delivery.id])
        if replaced:
            receipts.mark_removed(replaced, one.delivery.id, now)
    _items_are_out([one for one in arrivals if one.delivery.action is not Action.RETRACT], now)
    return rows


def release_website_waiters(delivery: DeliveryRecord, now: datetime) -> None:
    """The website holds the page: channels whose text links to it may start, overdue ones too."""
    for waiter in deliveries.waiting_for_website(delivery.item, delivery.revision):
        deliveries.change(waiter, DeliveryEvent.RELEASED, {"due_at": now})


def _items_are_out(arrivals: Sequence[Arrival], now: datetime) -> None:
    """The first channel holds an item: it is published, and its first publication time is fixed for ever."""
    first: dict[int, datetime] = {}
    for one in arrivals:
        first[one.delivery.item] = min(one.receipt.at, first.get(one.delivery.item, one.receipt.at))
    changes = [(item, _out(item, first[item.id])) for item in items.lock_all(first).values()]
    items.change_held([(item, out[0]) for item, out in changes if out])
    actions = [(item, out[1]) for item, out in changes if out and out[1]]
    audit.append_all([audit.Entry(RUNNER, action, f"item:{item.id}", {}) for item, action in actions], now)


def _out(item: ItemRecord, at: datetime) -> tuple[Mapping[str, object], str] | None:
    """What changes about an item that a channel holds, and what the audit calls it; None where nothing does."""
    facts = Situation(item.state, item.level, item.levels, item.submitter, holds_receipts=True)
    try:
        transition = permit(facts, Request(ItemAction.PUBLISHED, RUNNER))
    except NotAllowed:
        return None  # withdrawn or being corrected meanwhile: that state stays
    if transition.next is item.state and item.first_published_at:
        return None  # another channel of a published item
    return {"state": transition.next, "first_published_at": item.first_published_at or at}, transition.audit
