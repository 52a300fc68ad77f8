"""分发: the deliveries that a final approval creates, and when each of them may begin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.flow.settling import cancel_open
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, Rendered
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.model.review import Actor
from syndicate.records import audit, deliveries, receipts, reviews
from syndicate.records.values import ItemRecord, RevisionRecord


@dataclass(frozen=True)
class _Start:
    """How a new delivery begins, and until when it waits."""

    state: DeliveryState
    reason: WaitReason | None
    due_at: datetime


def create_deliveries(
    workspace: Workspace,
    actor: Actor,
    item: ItemRecord,
    revision: RevisionRecord,
    rendered: tuple[Rendered, ...],
    undo: timedelta,
) -> None:
    """One duty per channel, in the caller's transaction. Older duties that nothing came of are cancelled."""
    now = workspace.now()
    reviews.store_renditions(revision.id, (one.rendition for one in rendered), now)
    channels = [workspace.channel(one.rendition.channel) for one in rendered]
    website = any(workspace.is_linked(channel) for channel in channels)
    rows = {record.rendition.channel: record.id for record in reviews.renditions(revision.id)}
    cancel_open(actor, item.id, now)
    # What could not be cancelled may still arrive; an amendment of what never arrives becomes a publication.
    under_way = {d.channel for d in deliveries.of_item(item.id) if d.state not in deliveries.FINISHED}
    held = {receipt.channel for receipt in receipts.held(item.id)} | under_way
    for channel in channels:
        start = _start(channel, website, item.not_before, undo, now)
        action = Action.AMEND if channel.id in held else Action.PUBLISH
        duty = deliveries.Duty(
            item.id, revision.id, rows[channel.id], channel.id, action, start.state, start.reason, start.due_at
        )
        delivery = deliveries.create(duty, now)
        data = {"item": item.id, "channel": channel.id, "action": action}
        audit.append(actor, "delivery.created", f"delivery:{delivery}", data, now)


def starts_at(not_before: datetime | None, undo: timedelta, now: datetime) -> tuple[WaitReason | None, datetime]:
    """What a delivery that depends on no other waits for, and until when: its own time, a possible undo, or nothing."""
    if not_before and not_before > now + undo:
        return WaitReason.EMBARGO, not_before
    return (WaitReason.UNDO if undo else None), now + undo


def _start(channel: Channel, website: bool, not_before: datetime | None, undo: timedelta, now: datetime) -> _Start:
    reason, due_at = starts_at(not_before, undo, now)
    if channel.needs_website and website:
        # The website's half hour begins when its own delivery may begin.
        return _Start(DeliveryState.WAITING, WaitReason.WEBSITE, due_at + channel.ladder.website_wait)
    return _Start(DeliveryState.WAITING if reason else DeliveryState.DUE, reason, due_at)
