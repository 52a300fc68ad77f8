"""The first page: what needs somebody now; and the figures of the last days beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from syndicate.desk.charts import Chart, chart
from syndicate.desk.request import DeskRequest, actor_of, asked
from syndicate.desk.wording import Countdown, Told, countdown, span, told
from syndicate.flow.attention import Attention, attention
from syndicate.flow.day_figures import DayFigures, recent
from syndicate.flow.day_targets import targets
from syndicate.flow.queues import Tab, tab_counts
from syndicate.inspection.report import goal_text, value_text
from syndicate.model.incident import Incident
from syndicate.model.inspection import Judgement

SPANS = (14, 30)


@require_safe
def overview(request: DeskRequest) -> HttpResponse:
    """Counts by tab, and everything that waits for a person."""
    actor = actor_of(request)
    found = attention(request.workspace, actor)
    counts = tab_counts(actor)
    shown = {
        "counts": [(tab, count) for tab, count in counts.items() if tab is not Tab.ALL],
        "stopped": counts[Tab.STOPPED],
        "attention": found,
        "incidents": [_incident(request, one) for one in found.incidents],
        "late": [(one, countdown(one.deadline_at, request.now)) for one in found.reprints if one.deadline_at],
        "accounts": [
            (request.workspace.channel(one.channel).title, one, told(one.message) if one.message else None)
            for one in found.accounts
        ],
        "sources": [
            (source, health, told(health.message) if health.message else None) for source, health in found.sources
        ],
        "quiet": not counts[Tab.STOPPED] and _nothing(found),
        "now": request.now,
    }
    return render(request, "overview.html", shown)


def _incident(request: DeskRequest, one: Incident) -> tuple[Incident, str, Told, Countdown | None]:
    """An incident with the title of its alarm, what it says, and the time left to mend it."""
    titles = {alarm.id: alarm.title for alarm in request.workspace.snapshot.alarms.alarms}
    left = countdown(one.deadline, request.now) if one.deadline else None
    return one, titles.get(one.alarm, one.alarm), told(one.message), left


def _nothing(found: Attention) -> bool:
    lists = (
        found.incidents,
        found.reprints,
        found.accounts,
        found.second_looks,
        found.sources,
        found.columns,
        found.gone,
    )
    counts = found.counts
    return not (
        any(lists)
        or found.dead_links
        or found.little_room is not None
        or counts.unsure
        or counts.letters
        or counts.tokens
        or counts.feedback
    )


@require_safe
def figures(request: DeskRequest) -> HttpResponse:
    """Today's figures and small charts of the last days: within the overview, or as a page of its own."""
    wanted = asked(request, "days")
    days = int(wanted) if wanted in map(str, SPANS) else SPANS[0]
    found = recent(request.workspace, days)
    judged = targets(request.workspace, request.now - timedelta(days=days), request.now)
    shown = {
        "today": found[-1],
        "charts": _charts(found),
        "days": days,
        "spans": SPANS,
        "targets": [_target(one) for one in judged],
    }
    part = request.headers.get("HX-Request") == "true"
    return render(request, "parts/figures.html" if part else "figures.html", shown)


@dataclass(frozen=True)
class TargetLine:
    """One of the office's own targets over the days shown."""

    title: str
    goal: str
    value: str
    standing: str
    why: str


def _target(judged: Judgement) -> TargetLine:
    """The texts of the index are data, in Chinese as the office has them."""
    found, indicator = judged.measurement, judged.indicator
    title = f"{found.subject}：{indicator.title}" if found.subject else indicator.title
    return TargetLine(title, goal_text(indicator), value_text(judged), judged.standing.value, found.why)


def _charts(found: tuple[DayFigures, ...]) -> tuple[Chart, ...]:
    days = len(found)
    published, returned = sum(one.published for one in found), sum(one.returned for one in found)
    taken = sorted(one.taken for one in found if one.taken is not None)
    usual = span(taken[len(taken) // 2]) if taken else "—"
    return (
        chart(
            "published",
            gettext("每日首次发布"),
            gettext("最近 %(days)d 天首次发布 %(count)d 篇。") % {"days": days, "count": published},
            found,
            lambda one: (one.published, str(one.published)),
        ),
        chart(
            "returned",
            gettext("每日退回"),
            gettext("最近 %(days)d 天退回 %(count)d 次。") % {"days": days, "count": returned},
            found,
            lambda one: (one.returned, str(one.returned)),
        ),
        chart(
            "taken",
            gettext("送审到发布的时间（中位数，小时）"),
            gettext("最近 %(days)d 天，一般需要 %(span)s。") % {"days": days, "span": usual},
            found,
            _hours,
        ),
    )


def _hours(one: DayFigures) -> tuple[float, str]:
    if one.taken is None:
        return 0, "—"
    hours = one.taken.total_seconds() / 3600
    return hours, f"{hours:.1f}"
