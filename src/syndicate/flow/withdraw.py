"""撤稿: one publisher takes an item down everywhere at once; it stays listed until a second person confirms."""

from __future__ import annotations

from syndicate.errors import NotAllowed
from syndicate.flow.items import situation
from syndicate.flow.settling import can_be_dropped, cancel_open, lingering
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.review import Actor, ItemAction, Role, WithdrawalKind
from syndicate.records import audit, deliveries, items, receipts, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.values import DeliveryRecord, ItemRecord
from syndicate.records.waking import wake
from syndicate.render.facts import render_facts
from syndicate.render.notice import render_notice
from syndicate.review.rules import Request, permit, wrong_role

_MAY_CONFIRM = frozenset({Role.REVIEWER, Role.PUBLISHER})


def withdraw(workspace: Workspace, actor: Actor, item_id: int, kind: WithdrawalKind, reason: str) -> ItemRecord:
    """Cancel what waits, and retract from every channel that holds, or may come to hold, any revision."""
    item = items.get(item_id)
    transition = permit(situation(item), Request(ItemAction.WITHDRAW, actor, reason))
    now = workspace.now()
    with one_transaction():
        changed = items.change(item, {"state": transition.next})
        reviews.add_withdrawal(item_id, kind, reason, actor, now)
        audit.append(actor, transition.audit, f"item:{item_id}", {"kind": kind, "reason": reason}, now)
        cancel_open(actor, item_id, now)
        _create_retractions(workspace, actor, item, kind)
    wake(workspace.home)
    return changed


def _create_retractions(workspace: Workspace, actor: Actor, item: ItemRecord, kind: WithdrawalKind) -> None:
    now = workspace.now()
    rows = deliveries.of_item(item.id)
    sent = [d for d in rows if d.action is not Action.RETRACT]
    newest = {d.channel: d for d in sent if d.state is not DeliveryState.CANCELLED or d.attempts_made}
    held = frozenset(receipt.channel for receipt in receipts.held(item.id))
    for channel in sorted(to_take_down(rows, held)):
        last = newest[channel]
        rendition = _notice(workspace, item, last, kind) or last.rendition
        duty = deliveries.Duty(item.id, last.revision, rendition, channel, Action.RETRACT, DeliveryState.DUE, None, now)
        delivery = deliveries.create(duty, now)
        data = {"item": item.id, "channel": channel, "action": Action.RETRACT}
        audit.append(actor, "delivery.created", f"delivery:{delivery}", data, now)


def to_take_down(rows: tuple[DeliveryRecord, ...], held: frozenset[str]) -> frozenset[str]:
    """The channels that need a retraction, from an item's deliveries, oldest first, and the channels that hold it.

    The same before the open deliveries are cancelled, so that it can be shown, and afterwards.
    """
    settled = (*deliveries.FINISHED, DeliveryState.REFUSED)
    sent = (row for row in rows if row.action is not Action.RETRACT)
    open_ones = {row.channel for row in sent if row.state not in settled and not can_be_dropped(row)}
    return (held | open_ones | lingering(rows)) - being_taken_down(rows)


def being_taken_down(rows: tuple[DeliveryRecord, ...]) -> frozenset[str]:
    """Channels where an earlier withdrawal of the item is still at work on everything that was sent."""
    last = {row.channel: row for row in rows if row.state is not DeliveryState.CANCELLED}
    unfinished = (row for row in last.values() if row.state not in deliveries.FINISHED)
    return frozenset(row.channel for row in unfinished if row.action is Action.RETRACT)


def _notice(workspace: Workspace, item: ItemRecord, last: DeliveryRecord, kind: WithdrawalKind) -> int | None:
    """What the channel shall show afterwards; None for a channel that the configuration no longer has."""
    if last.channel not in workspace.snapshot.channels:
        return None
    facts = render_facts(workspace.snapshot, item.id, item.column, item.created_at, item.old_address)
    content = items.revision(last.revision).content
    notice = render_notice(kind, content, facts, workspace.channel(last.channel))
    return reviews.store_notice(last.revision, notice, workspace.now())


def confirm(workspace: Workspace, actor: Actor, withdrawal_id: int) -> None:
    """A second person has looked at a withdrawal. Raises NotAllowed for the one who made it and for who may not decide."""
    withdrawal = reviews.withdrawal(withdrawal_id)
    if actor.role not in _MAY_CONFIRM:
        raise wrong_role("confirm_withdrawal", actor.role, _MAY_CONFIRM)
    own = sorted(withdrawal.people & actor.people)
    if own:
        raise NotAllowed("review.own_withdrawal", name="、".join(own))
    now = workspace.now()
    with one_transaction():
        reviews.confirm_withdrawal(withdrawal_id, actor.name, now)
        audit.append(actor, "withdrawal.confirmed", f"item:{withdrawal.item}", {"withdrawal": withdrawal_id}, now)
