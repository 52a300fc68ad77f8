"""What a driver is told about one delivery."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, Rendition
from syndicate.model.delivery import Action, Job
from syndicate.records import receipts, reviews
from syndicate.records.values import DeliveryRecord, ReceiptRecord


def effective_action(delivery: DeliveryRecord, held: bool) -> Action:
    """An amendment of what never arrived is a publication."""
    unsent = delivery.action is Action.AMEND and not held and not delivery.notes
    return Action.PUBLISH if unsent else delivery.action


def job_of(
    delivery: DeliveryRecord,
    channel: Channel,
    rendition: Rendition,
    held: Sequence[ReceiptRecord],
    now: datetime,
) -> Job:
    """The job of a delivery; `held` is what the channel still holds for its item, newest first."""
    return Job(
        delivery=delivery.id,
        key=f"{delivery.item}-{delivery.revision}-{delivery.channel}-{delivery.action}",
        item=delivery.item,
        revision=delivery.revision,
        action=effective_action(delivery, bool(held)),
        channel=channel,
        rendition=rendition,
        held=tuple(one.receipt for one in held),
        notes=delivery.notes,
        attempt=delivery.attempts_made,
        now=now,
    )


def job_for(workspace: Workspace, delivery: DeliveryRecord, channel: Channel) -> Job:
    """The job of a delivery as the records know it now."""
    held = receipts.held(delivery.item, delivery.channel)
    return job_of(delivery, channel, reviews.rendition(delivery.rendition), held, workspace.now())
