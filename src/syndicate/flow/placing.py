"""栏目和渠道: where an item may go, and when that may still be changed."""

from __future__ import annotations

from collections.abc import Collection

from syndicate.errors import InputError, NotAllowed, NotFound
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.model.site import Column
from syndicate.records.values import ItemRecord


def carriers(workspace: Workspace, column: str) -> tuple[Channel, ...]:
    """The channels that take a column."""
    every = workspace.snapshot.channels.values()
    return tuple(channel for channel in every if not channel.columns or column in channel.columns)


def check_place(workspace: Workspace, column: str, channels: Collection[str]) -> Column:
    """The column. Raises NotFound where the office has none of this name, InputError for a channel that does not take it."""
    found = workspace.snapshot.columns.get(column)
    if found is None:
        raise NotFound("render.column", column=column)
    strange = set(channels) - {channel.id for channel in carriers(workspace, column)}
    if strange:
        raise InputError("writing.unknown_channel", channel="、".join(sorted(strange)), column=found.title)
    return found


def check_move(workspace: Workspace, item: ItemRecord, column: str, channels: Collection[str]) -> None:
    """Raises NotAllowed for what was published before: its address is known, and a channel left out would keep it."""
    if item.first_published_at is not None:
        raise NotAllowed("writing.placed", item=item.id)
    check_place(workspace, column, channels)


def chosen(workspace: Workspace, column: str, ticked: Collection[str]) -> tuple[str, ...]:
    """What to keep of the channels that somebody ticked: nothing where all that take the column are among them.

    Raises InputError where none of them takes it.
    """
    taking = [channel.id for channel in carriers(workspace, column)]
    mine = tuple(channel for channel in taking if channel in ticked)
    if not mine:
        raise InputError("writing.no_channel")
    return () if len(mine) == len(taking) else mine
