"""The first page: what needs somebody now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from syndicate.desk.request import DeskRequest, actor_of
from syndicate.desk.wording import countdown, told
from syndicate.flow.attention import attention
from syndicate.flow.queues import Tab, tab_counts


@require_safe
def overview(request: DeskRequest) -> HttpResponse:
    """Counts by tab, and everything that waits for a person."""
    found = attention(request.workspace)
    late = [(one, countdown(one.item.deadline_at, request.now)) for one in found.reprints if one.item.deadline_at]
    shown = {
        "counts": [(tab, count) for tab, count in tab_counts(actor_of(request)).items() if tab is not Tab.ALL],
        "attention": found,
        "late": late,
        "accounts": [
            (request.workspace.channel(one.channel).title, one, told(one.message) if one.message else None)
            for one in found.accounts
        ],
        "sources": [
            (source, health, told(health.message) if health.message else None) for source, health in found.sources
        ],
        "now": request.now,
    }
    return render(request, "overview.html", shown)
