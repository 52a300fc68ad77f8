"""The queue: tabs with counts, filters, and a page of items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from syndicate.desk.dots import Dot, dots_of
from syndicate.desk.request import DeskRequest, actor_of, asked, page_number
from syndicate.desk.wording import Countdown, countdown
from syndicate.flow.overview import QueueRow
from syndicate.flow.queues import Filter, Tab, queue_page, tab_counts
from syndicate.flow.workspace import Workspace
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import Role

PAGE = 30
_NOT_OUT = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED, ItemState.APPROVED)


@dataclass(frozen=True)
class Line:
    """One line of the queue as it is shown."""

    row: QueueRow
    since: datetime
    deadline: Countdown | None
    dots: tuple[Dot, ...]


@require_safe
def queue(request: DeskRequest) -> HttpResponse:
    """One page of one tab."""
    actor = actor_of(request)
    tab = _tab(request, Tab.MINE if actor.role in (Role.REVIEWER, Role.PUBLISHER) else Tab.OWN)
    wanted = _filter(request)
    number = page_number(request)
    found = queue_page(request.workspace, actor, tab, wanted, PAGE, (number - 1) * PAGE)
    kept = {
        "source": wanted.source,
        "column": wanted.column,
        "q": wanted.text,
        "kind": wanted.kind or "",
        "state": wanted.state or "",
    }
    shown = {
        "tab": tab,
        "counts": tab_counts(actor),
        "lines": [_line(request.workspace, row, request.now) for row in found.rows],
        "wanted": wanted,
        "filtered": any(kept.values()),
        "sources": request.workspace.snapshot.sources.values(),
        "columns": request.workspace.snapshot.columns.values(),
        "kinds": ItemKind,
        "states": ItemState,
        "number": number,
        "more": found.more,
        "address": urlencode({"tab": tab, **{key: value for key, value in kept.items() if value}}),
        "now": request.now,
    }
    return render(request, "queue.html", shown)


@require_safe
def counts(request: DeskRequest) -> HttpResponse:
    """The counts alone, for the header, which asks for them again without a reload."""
    return render(request, "parts/counts.html", {"counts": tab_counts(actor_of(request))})


def _tab(request: DeskRequest, default: Tab) -> Tab:
    try:
        return Tab(asked(request, "tab"))
    except ValueError:
        return default


def _filter(request: DeskRequest) -> Filter:
    kind, state = asked(request, "kind"), asked(request, "state")
    return Filter(
        source=asked(request, "source"),
        column=asked(request, "column"),
        text=asked(request, "q").strip(),
        kind=ItemKind(kind) if kind in set(ItemKind) else None,
        state=ItemState(state) if state in set(ItemState) else None,
    )


def _line(workspace: Workspace, row: QueueRow, now: datetime) -> Line:
    item = row.item
    waits_since = {
        ItemState.SUBMITTED: item.submitted_at,
        ItemState.APPROVED: item.approved_at,
        ItemState.PUBLISHED: item.first_published_at,
    }.get(item.state)
    deadline = countdown(item.deadline_at, now) if item.deadline_at and item.state in _NOT_OUT else None
    return Line(row, waits_since or item.created_at, deadline, dots_of(workspace, item, row.deliveries))
