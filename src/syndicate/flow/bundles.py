"""群发: approved articles of an official account go to its followers in the one message of the day, approved as one.

The account says `mode: push`. Its articles then wait for a bundle; the bundle is an item of its own, reviewed like any
other; when it has gone out, every member receives its receipt from it. A member that was withdrawn or corrected stops
the bundle.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from html import escape

from syndicate.errors import Conflict, Message, NotAllowed, UsageError
from syndicate.flow.bundle_members import MEMBERS, member_numbers
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Rendition
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, Receipt
from syndicate.model.item import Attachment, Content, ItemKind, ItemState
from syndicate.model.review import Actor
from syndicate.records import deliveries, items, receipts, reviews
from syndicate.records.deliveries import Duty
from syndicate.records.receipts import Arrival
from syndicate.records.values import DeliveryRecord
from syndicate.render.bundle import BUNDLE, MOST

_OPEN = frozenset({DeliveryState.WAITING, DeliveryState.DUE})
_UNDER_WAY = frozenset({DeliveryState.SENDING, DeliveryState.UNSURE})


@dataclass(frozen=True)
class Waiting:
    """An approved article that a bundle may take."""

    delivery: DeliveryRecord
    title: str


def waiting(workspace: Workspace, channel: str) -> tuple[Waiting, ...]:
    """What is approved for an account and not out yet, oldest first."""
    account = workspace.channel(channel)
    rows = [one for one in deliveries.listed(tuple(_OPEN), 200) if one.channel == account.id and _may_join(one)]
    titles = {number: one.content.title for number, one in items.latest_revisions([row.item for row in rows]).items()}
    return tuple(Waiting(row, titles[row.item]) for row in reversed(rows))


def bundle(workspace: Workspace, actor: Actor, channel: str, members: Sequence[int]) -> int:
    """A bundle of these items in this order, sent to review; returns its number.

    Raises UsageError for none, too many or the same one twice, NotAllowed for one that is not approved or is out already.
    """
    if not 1 <= len(members) <= MOST or len(set(members)) < len(members):
        raise UsageError("bundle.size", most=MOST)
    ready = {one.delivery.item: one.delivery for one in waiting(workspace, channel)}
    missing = [number for number in members if number not in ready]
    if missing:
        raise NotAllowed("bundle.not_waiting", items="、".join(map(str, missing)), channel=channel)
    chosen = [ready[number] for number in members]
    revisions = items.latest_revisions(members)
    content = _content(workspace, chosen, [revisions[number].content for number in members])
    columns = [workspace.snapshot.columns[items.get(number).column] for number in members]
    column = max(columns, key=lambda one: one.levels).name
    # Checking and rendering come with it: 10 MB that a worker, which only looks for members, does not need.
    from syndicate.flow.items import Placement, create, submit

    number = create(workspace, actor, Placement(column, (channel,)), content)
    submit(workspace, actor, number)
    return number


def broken(delivery: DeliveryRecord) -> Message | None:
    """Why a bundle must not go out any more: a member was withdrawn, corrected or sent otherwise."""
    if "message_id" in delivery.notes:
        return None
    content = items.latest_revision(delivery.item).content
    gone = [one for one in map(deliveries.get, member_numbers(content)) if one.state not in _OPEN]
    return Message("bundle.broken", {"items": "、".join(str(one.item) for one in gone)}) if gone else None


def going_out(delivery: DeliveryRecord) -> bool:
    """Whether a message with this item in it is on its way at this moment, so that taking it down must wait for it."""
    for one in deliveries.listed((*_UNDER_WAY, *_OPEN, DeliveryState.ACCEPTED), 200):
        if one.channel != delivery.channel or "push_at" not in one.notes:
            continue
        if one.state in _UNDER_WAY or {"message_id", "push_tried"} & set(one.notes):
            members = member_numbers(items.latest_revision(one.item).content)
            if delivery.item in {deliveries.get(number).item for number in members}:
                return True
    return False


def shared(delivery: DeliveryRecord, rendition: Rendition, receipt: Receipt) -> tuple[Arrival, ...]:
    """The receipts that a bundle's members receive from it. Call it in the transaction that settles the bundle.

    A member that was withdrawn while the message went out is out too: it has its receipt, and is taken down at once.
    A bundle that was taken down takes its members' receipts with it.
    """
    if delivery.action is Action.RETRACT:
        _take_along(delivery, receipt.at)
        return ()
    if BUNDLE not in rendition.fields:
        return ()
    numbers = member_numbers(items.latest_revision(delivery.item).content)
    rows = [deliveries.get(number) for number in numbers]
    items.lock_all({row.item for row in rows})
    renditions = reviews.renditions_by_row([row.rendition for row in rows])
    arrivals = []
    for index, row in enumerate(rows, 1):
        changes = {"finished_at": receipt.at, "outcome": DeliveryEvent.BUNDLED}
        if row.state in _OPEN:
            deliveries.change(row, DeliveryEvent.BUNDLED, changes)
        elif items.get(row.item).state is ItemState.WITHDRAWN:
            _retract(row, receipt.at)
        arrivals.append(Arrival(row, _part(receipt, index), renditions[row.rendition].hash))
    return tuple(arrivals)


def _retract(row: DeliveryRecord, now: datetime) -> None:
    """A duty to take a member down, unless its withdrawal made one already."""
    duty = Duty(row.item, row.revision, row.rendition, row.channel, Action.RETRACT, DeliveryState.DUE, None, now)
    with suppress(Conflict):
        deliveries.create(duty, now)


def _take_along(delivery: DeliveryRecord, now: datetime) -> None:
    item = items.get(delivery.item)
    if item.kind is not ItemKind.BUNDLE:
        return
    members = [deliveries.get(number).item for number in member_numbers(items.latest_revision(item.id).content)]
    held = [one.id for member in members for one in receipts.held(member, delivery.channel)]
    receipts.mark_removed(held, delivery.id, now)


def _part(receipt: Receipt, index: int) -> Receipt:
    details: Mapping[str, str] = {"message_id": receipt.remote_id, "index": str(index)}
    return Receipt(f"{receipt.remote_id}:{index}", "", receipt.at, details)


def _may_join(row: DeliveryRecord) -> bool:
    return row.action is Action.PUBLISH and not row.maybe_sent and items.get(row.item).kind is not ItemKind.BUNDLE


def _content(workspace: Workspace, chosen: Sequence[DeliveryRecord], members: Sequence[Content]) -> Content:
    """What reviewers read: every article with its title, in order."""
    titles = [one.title for one in members]
    pictures: dict[str, Attachment] = {file.sha256: file for one in members for file in one.attachments}
    return Content(
        title=f"群发（{len(members)} 篇）：{'；'.join(titles)}"[:200],
        body="".join(f"<h2>{escape(one.title)}</h2>{one.body}" for one in members),
        kind=ItemKind.BUNDLE,
        source_name=workspace.snapshot.office.name,
        fields={MEMBERS: "、".join(str(one.id) for one in chosen)},
        attachments=tuple(pictures.values()),
    )
