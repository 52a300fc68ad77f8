"""What a driver is told about one delivery."""

from __future__ import annotations

from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.model.delivery import Action, Job
from syndicate.records import receipts, reviews
from syndicate.records.values import DeliveryRecord


def effective_action(delivery: DeliveryRecord, held: bool) -> Action:
    """An amendment of what never arrived is a publication."""
    unsent = delivery.action is Action.AMEND and not held and not delivery.notes
    return Action.PUBLISH if unsent else delivery.action


def job_for(workspace: Workspace, delivery: DeliveryRecord, channel: Channel) -> Job:
    """The job of a delivery as it stands now, with what the channel still holds for its item."""
    held = tuple(one.receipt for one in receipts.held(delivery.item, delivery.channel))
    return Job(
        delivery=delivery.id,
        key=f"{delivery.item}-{delivery.revision}-{delivery.channel}-{delivery.action}",
        item=delivery.item,
        revision=delivery.revision,
        action=effective_action(delivery, bool(held)),
        channel=channel,
        rendition=reviews.rendition(delivery.rendition),
        held=held,
        notes=delivery.notes,
        attempt=delivery.attempts_made,
        now=workspace.now(),
    )
