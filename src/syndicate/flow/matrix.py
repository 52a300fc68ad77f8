"""影响清单: what a withdrawal or a correction will do on each channel, shown before anybody decides."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.errors import Message, SyndicateError
from syndicate.flow.checking import channels_of
from syndicate.flow.overview import ItemPage
from syndicate.flow.settling import can_be_dropped
from syndicate.flow.withdraw import being_taken_down, to_take_down
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import Action, DeliveryState
from syndicate.records import deliveries
from syndicate.records.values import DeliveryRecord, ReceiptRecord


class Means(StrEnum):
    """Who or what does it."""

    INTERFACE = "interface"
    """The channel's own interface, by itself."""
    PERSON = "person"
    """A task with a deadline."""
    CANCELLED = "cancelled"
    """Not sent yet: it is cancelled."""
    RUNNING = "running"
    """An earlier withdrawal is still at work there."""
    NOTHING = "nothing"
    """The channel holds nothing, or keeps what it has."""


@dataclass(frozen=True)
class MatrixRow:
    """What happens on one channel. `deadline` only for a person's task; `addresses` are what the channel holds now."""

    channel: str
    title: str
    means: Means
    what: Message
    deadline: datetime | None
    addresses: tuple[str, ...]


def withdrawal_matrix(workspace: Workspace, page: ItemPage) -> tuple[MatrixRow, ...]:
    """What withdrawing the item now would do."""
    rows, held = page.deliveries, _held(page)
    take_down = to_take_down(rows, frozenset(one.channel for one in held))
    running = being_taken_down(rows)
    dropped = frozenset(row.channel for row in rows if row.state is not DeliveryState.EXPIRED and can_be_dropped(row))

    def row(channel: str) -> MatrixRow:
        if channel in take_down:
            return _done(workspace, channel, Action.RETRACT, held)
        means = Means.RUNNING if channel in running else Means.CANCELLED if channel in dropped else Means.NOTHING
        return _row(workspace, channel, means, Message(f"matrix.retract_{means}"), held)

    return tuple(row(channel) for channel in _channels(workspace, page))


def amendment_matrix(workspace: Workspace, page: ItemPage) -> tuple[MatrixRow, ...]:
    """What the final approval of a correction would do, as the channels stand now."""
    held = _held(page)
    under_way = {
        row.channel for row in page.deliveries if row.state not in deliveries.FINISHED and not can_be_dropped(row)
    }
    shown = {one.channel for one in held} | under_way
    carrying = {channel.id for channel in channels_of(workspace, page.item)}

    def row(channel: str) -> MatrixRow:
        if channel in carrying:
            return _done(workspace, channel, Action.AMEND if channel in shown else Action.PUBLISH, held)
        key = "matrix.amend_left" if channel in shown else "matrix.amend_nothing"
        return _row(workspace, channel, Means.NOTHING, Message(key), held)

    return tuple(row(channel) for channel in _channels(workspace, page))


def deadline_of(delivery: DeliveryRecord) -> datetime | None:
    """Until when a person must have done a delivery that waits for one; None for all others."""
    waits = delivery.state in (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED)
    return delivery.created_at + _spans()[delivery.action] if waits else None


@cache
def _spans() -> Mapping[Action, timedelta]:
    """How long a person has, by action, from `deadlines.tsv`."""
    text = files("syndicate.flow").joinpath("deadlines.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return MappingProxyType({Action(row["key"]): timedelta(hours=int(row["value"])) for row in rows})


def _held(page: ItemPage) -> tuple[ReceiptRecord, ...]:
    """What channels still hold, newest first."""
    return tuple(one for one in reversed(page.receipts) if one.removed_at is None)


def _channels(workspace: Workspace, page: ItemPage) -> tuple[str, ...]:
    """Those that carry the item now, then those it went to before."""
    carrying = (one.id for one in channels_of(workspace, page.item))
    return tuple(dict.fromkeys([*carrying, *(row.channel for row in page.deliveries)]))


def _done(workspace: Workspace, channel: str, action: Action, held: tuple[ReceiptRecord, ...]) -> MatrixRow:
    """An action that will be taken: by the interface where it can, else by a person until the deadline."""
    try:
        account = workspace.channel(channel)
        able = account.kind is not ChannelKind.MANUAL and action in workspace.driver(channel).actions
    except SyndicateError as error:
        return _row(workspace, channel, Means.PERSON, error.message, held, workspace.now() + _spans()[action])
    if able:
        return _row(workspace, channel, Means.INTERFACE, Message(f"matrix.{action}_{account.kind}"), held)
    deadline = workspace.now() + _spans()[action]
    return _row(workspace, channel, Means.PERSON, Message(f"matrix.{action}_by_hand"), held, deadline)


def _row(
    workspace: Workspace,
    channel: str,
    means: Means,
    what: Message,
    held: tuple[ReceiptRecord, ...],
    deadline: datetime | None = None,
) -> MatrixRow:
    account = workspace.snapshot.channels.get(channel)
    addresses = tuple(one.receipt.url or one.receipt.remote_id for one in held if one.channel == channel)
    return MatrixRow(channel, account.title if account else channel, means, what, deadline, addresses)
