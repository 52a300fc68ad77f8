"""The queue's tabs: what each of them holds for one person, page by page, and how many wait in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from syndicate.flow.overview import QueueRow, rows_of
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryState
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import Actor, ItemAction
from syndicate.records import deliveries, people, queues
from syndicate.records.values import DeliveryRecord
from syndicate.review.transitions import item_transitions

IN_WORK = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED, ItemState.APPROVED)


class Tab(StrEnum):
    """等我审 · 我提交的 · 被退回 · 待发 · 需人工 · 已发布 · 全部."""

    MINE = "mine"
    OWN = "own"
    RETURNED = "returned"
    APPROVED = "approved"
    STOPPED = "stopped"
    PUBLISHED = "published"
    ALL = "all"


@dataclass(frozen=True)
class Filter:
    """What the reader asked for beside the tab; empty fields ask for nothing."""

    source: str = ""
    column: str = ""
    text: str = ""
    editor: str = ""
    kind: ItemKind | None = None
    state: ItemState | None = None
    """Within the tab 全部 only."""


@dataclass(frozen=True)
class QueuePage:
    """A page of a tab; `more` says whether another one follows."""

    rows: tuple[QueueRow, ...]
    more: bool


def queue_page(workspace: Workspace, actor: Actor, tab: Tab, wanted: Filter, limit: int, offset: int = 0) -> QueuePage:
    """One page of a tab as this person sees it."""
    asked = replace(
        _tab(actor, tab),
        source=wanted.source,
        column=wanted.column,
        editor=wanted.editor,
        text=wanted.text.strip(),
        kind=wanted.kind,
    )
    if tab is Tab.ALL and wanted.state:
        asked = replace(asked, states=(wanted.state,))
    newest_first = tab in (Tab.PUBLISHED, Tab.ALL)
    found = queues.listed(asked, limit + 1, offset, newest_first=newest_first)
    return QueuePage(rows_of(workspace, found[:limit]), len(found) > limit)


def next_to_decide(actor: Actor, after: int) -> int | None:
    """The item that this person should look at next."""
    found = queues.listed(_tab(actor, Tab.MINE), 2)
    return next((row.id for row in found if row.id != after), None)


def tab_counts(actor: Actor) -> Mapping[Tab, int]:
    """How many items are in each tab, in two queries and one for whose work the person answers."""
    states = queues.by_state()
    counted = queues.counted({tab: _tab(actor, tab) for tab in (Tab.MINE, Tab.OWN, Tab.STOPPED)})
    return {
        Tab.MINE: counted[Tab.MINE],
        Tab.OWN: counted[Tab.OWN],
        Tab.RETURNED: states.get(ItemState.RETURNED, 0),
        Tab.APPROVED: states.get(ItemState.APPROVED, 0),
        Tab.STOPPED: counted[Tab.STOPPED],
        Tab.PUBLISHED: states.get(ItemState.PUBLISHED, 0),
        Tab.ALL: sum(states.values()),
    }


def _tab(actor: Actor, tab: Tab) -> queues.Wanted:
    match tab:
        case Tab.MINE:
            return queues.Wanted(states=(ItemState.SUBMITTED,), decider=_decider(actor))
        case Tab.OWN:
            return queues.Wanted(states=IN_WORK, owners=people.stands_for().get(actor.name, frozenset({actor.name})))
        case Tab.RETURNED:
            return queues.Wanted(states=(ItemState.RETURNED,))
        case Tab.APPROVED:
            return queues.Wanted(states=(ItemState.APPROVED,))
        case Tab.STOPPED:
            return queues.Wanted(stopped=True)
        case Tab.PUBLISHED:
            return queues.Wanted(states=(ItemState.PUBLISHED,))
        case Tab.ALL:
            return queues.Wanted()


def _decider(actor: Actor) -> queues.Decider:
    """Which levels a role decides stands in the table of transitions."""
    table = item_transitions()
    return queues.Decider(
        names=actor.people,
        earlier_levels=actor.role in table[ItemState.SUBMITTED, ItemAction.APPROVE].roles,
        last_level=actor.role in table[ItemState.SUBMITTED, ItemAction.APPROVE_LAST].roles,
    )


@dataclass(frozen=True)
class DeliveryRow:
    """One line of the ledger with the title of its item."""

    delivery: DeliveryRecord
    title: str


@dataclass(frozen=True)
class DeliveryPage:
    """A page of the ledger; `more` says whether another one follows."""

    rows: tuple[DeliveryRow, ...]
    more: bool


def delivery_page(states: tuple[DeliveryState, ...], limit: int, offset: int = 0) -> DeliveryPage:
    """Deliveries in any of the states (all when none is named), newest first."""
    found = deliveries.listed(states, limit + 1, offset)
    titles = queues.titles([row.item for row in found])
    rows = tuple(DeliveryRow(row, titles.get(row.item, "")) for row in found[:limit])
    return DeliveryPage(rows, len(found) > limit)
