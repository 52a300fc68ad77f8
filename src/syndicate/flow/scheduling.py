"""定时发布与禁发期: when an approved item may go out."""

from __future__ import annotations

from datetime import datetime, timedelta

from syndicate.errors import NotAllowed, UsageError
from syndicate.flow.decide import review_situation
from syndicate.flow.fan_out import starts_at
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryEvent, DeliveryState, WaitReason
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, deliveries, items
from syndicate.records.connection import one_transaction
from syndicate.records.values import DeliveryRecord, ItemRecord
from syndicate.records.waking import wake
from syndicate.review.rules import Request, permit

LONGEST = timedelta(days=366)


def schedule(
    workspace: Workspace,
    actor: Actor,
    item_id: int,
    publish_at: datetime | None,
    embargo_until: datetime | None,
    reason: str = "",
) -> ItemRecord:
    """Say when an item shall go out, and before when it must not; None takes a time back.

    An embargo that is shortened or lifted needs a publisher and a reason. Raises NotAllowed (state, role, reason,
    something was sent already) or UsageError for a time that has passed, or lies more than a year ahead.
    """
    now = workspace.now()
    with one_transaction():
        item = items.lock(item_id)
        revision = items.latest_revision(item_id)
        transition = permit(review_situation(item, revision, ()), Request(ItemAction.SCHEDULE, actor, reason))
        _check_times(item, publish_at, embargo_until, now)
        _check_embargo(item, actor, embargo_until, reason)
        changed = items.change(item, {"publish_at": publish_at, "embargo_until": embargo_until})
        data = {"publish_at": _told(publish_at), "embargo_until": _told(embargo_until), "reason": reason.strip()}
        audit.append(actor, transition.audit, f"item:{item_id}", data, now)
        for row in deliveries.of_item(item_id):
            if row.revision == revision.id and row.state is DeliveryState.WAITING:
                _move(workspace, row, changed, now)
    wake(workspace.home)
    return changed


def _check_times(item: ItemRecord, publish_at: datetime | None, embargo_until: datetime | None, now: datetime) -> None:
    """New times lie ahead; one that stays as it was may have passed."""
    for time, before in ((publish_at, item.publish_at), (embargo_until, item.embargo_until)):
        if time and time != before and not now < time <= now + LONGEST:
            raise UsageError("review.time", time=f"{time.astimezone(now.tzinfo):%Y-%m-%d %H:%M}")
    if item.expires_at and max(filter(None, (publish_at, embargo_until)), default=now) >= item.expires_at:
        raise UsageError("review.time_expired", time=f"{item.expires_at.astimezone(now.tzinfo):%Y-%m-%d %H:%M}")


def _check_embargo(item: ItemRecord, actor: Actor, embargo_until: datetime | None, reason: str) -> None:
    before = item.embargo_until
    if before is None or (embargo_until and embargo_until >= before):
        return
    if actor.role is not Role.PUBLISHER or not reason.strip():
        raise NotAllowed("review.embargo", until=f"{before:%Y-%m-%d %H:%M}")


def _told(time: datetime | None) -> str:
    return time.isoformat() if time else ""


def _move(workspace: Workspace, row: DeliveryRecord, item: ItemRecord, now: datetime) -> None:
    """What waits for its time, or behind the website, waits by the new time."""
    reason, due_at = starts_at(item.not_before, timedelta(0), now)
    if row.wait_reason is WaitReason.EMBARGO or (row.wait_reason is WaitReason.UNDO and reason):
        waits = WaitReason.EMBARGO
    elif row.wait_reason is WaitReason.WEBSITE:
        waits = WaitReason.WEBSITE
        due_at += workspace.channel(row.channel).ladder.website_wait
    else:
        return
    deliveries.change(row, DeliveryEvent.RESCHEDULED, {"wait_reason": waits, "due_at": due_at})
