"""The queue: tabs with counts, filters, and a page of items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.dots import Dot, dots_of, reached
from syndicate.desk.request import DeskRequest, actor_of, asked, own_actor, page_number, posted
from syndicate.desk.wording import Countdown, countdown
from syndicate.flow.overview import QueueRow
from syndicate.flow.queues import Filter, Tab, queue_page, tab_counts
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Severity
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import Role
from syndicate.records import people
from syndicate.records.queues import drop_filter, keep_filter, kept_filters

PAGE = 30
_NOT_OUT = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED, ItemState.APPROVED)


@dataclass(frozen=True)
class Line:
    """One line of the queue as it is shown."""

    row: QueueRow
    since: datetime
    deadline: Countdown | None
    dots: tuple[Dot, ...]
    clean: bool
    """It may be approved in bulk: nothing was found that a person must look at."""

    @property
    def reached(self) -> str:
        """On how many of its channels it is, in words."""
        return reached(self.dots)


@require_safe
def queue(request: DeskRequest) -> HttpResponse:
    """One page of one tab."""
    actor = actor_of(request)
    tab = _tab(request, Tab.MINE if actor.role in (Role.REVIEWER, Role.PUBLISHER) else Tab.OWN)
    wanted = _filter(request)
    number = page_number(request)
    found = queue_page(request.workspace, actor, tab, wanted, PAGE, (number - 1) * PAGE)
    chosen = _chosen(wanted)
    lines = [_line(request.workspace, row, request.now) for row in found.rows]
    shown = {
        "tab": tab,
        "counts": tab_counts(actor),
        "lines": lines,
        "wanted": wanted,
        "filtered": bool(chosen),
        "kept": kept_filters(actor.name),
        "editors": [one.name for one in people.everyone() if one.role is not Role.ADMIN],
        "bulk": tab is Tab.MINE and any(line.clean for line in lines),
        "sources": request.workspace.snapshot.sources.values(),
        "columns": request.workspace.snapshot.columns.values(),
        "kinds": ItemKind,
        "states": ItemState,
        "number": number,
        "more": found.more,
        "address": urlencode({"tab": tab, **chosen}),
        "now": request.now,
    }
    return render(request, "queue.html", shown)


@require_safe
def counts(request: DeskRequest) -> HttpResponse:
    """The counts alone, for the header, which asks for them again without a reload."""
    return render(request, "parts/counts.html", {"counts": tab_counts(actor_of(request))})


@require_POST
def keep(request: DeskRequest) -> HttpResponse:
    """Keep the present filter under a name; only what a filter can say is kept."""
    name = " ".join(posted(request, "name").split())[:30]
    asked_for = QueryDict(posted(request, "query")[:2000])
    if name:
        request.GET = asked_for
        query = urlencode({"tab": _tab(request, Tab.ALL), **_chosen(_filter(request))})
        keep_filter(own_actor(request).name, name, query)
    return redirect(f"{reverse('queue')}?{asked_for.urlencode()}")


@require_POST
def drop(request: DeskRequest, number: int) -> HttpResponse:
    """Forget one of one's own filters."""
    drop_filter(own_actor(request).name, number)
    return redirect("queue")


def _chosen(wanted: Filter) -> dict[str, str]:
    """The filter as it stands in an address, without what asks for nothing."""
    every = {
        "source": wanted.source,
        "column": wanted.column,
        "q": wanted.text,
        "editor": wanted.editor,
        "kind": wanted.kind or "",
        "state": wanted.state or "",
    }
    return {key: value for key, value in every.items() if value}


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
        editor=asked(request, "editor"),
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
    clean = item.state is ItemState.SUBMITTED and row.worst in (None, Severity.HINT)
    return Line(row, waits_since or item.created_at, deadline, dots_of(workspace, item, row.deliveries), clean)
