"""What reviewers do besides deciding: publishing in an emergency, checking one, setting times, being seen at an item."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.views.decisions import UNDO, ballot, on_item, require_checks
from syndicate.errors import InputError
from syndicate.flow import emergencies, scheduling
from syndicate.model.review import Verdict
from syndicate.records import presence

HEARTBEAT = timedelta(seconds=60)
"""Who has not been heard of for so long no longer has the item open; pages say so every 20 seconds."""


@on_item
def emergency(request: DeskRequest, number: int) -> HttpResponse:
    """Publish alone, with a reason; it stays listed until somebody else has checked it."""
    if "alone" not in request.POST:
        raise InputError("desk.checklist", missing=gettext("我确认情况紧急，由我一人先行发布"))
    vote = ballot(request, Verdict.APPROVE)
    item = emergencies.publish(request.workspace, actor_of(request), number, vote)
    seconds = int(UNDO.total_seconds())
    text = gettext("稿件 %(number)s 已应急发布，%(seconds)s 秒后开始投递；请另一位同事在时限内补核。")
    leave_notice(request, text % {"number": item.id, "seconds": seconds}, undo=item.id)
    return redirect("item", number)


@on_item
def check_emergency(request: DeskRequest, number: int, emergency: int) -> HttpResponse:
    """A second person has checked an emergency publication, with the five checks."""
    require_checks(request)
    emergencies.check(request.workspace, actor_of(request), emergency, posted(request, "reason"))
    leave_notice(request, gettext("已补核。如发现问题，请在本页办理更正或撤稿。"))
    return redirect("item", number)


@on_item
def schedule(request: DeskRequest, number: int) -> HttpResponse:
    """Say when it shall go out, and before when it must not."""
    publish_at = _moment(request, "publish_at", gettext_lazy("定时发布"))
    embargo_until = _moment(request, "embargo_until", gettext_lazy("禁发期"))
    item = scheduling.schedule(
        request.workspace, actor_of(request), number, publish_at, embargo_until, posted(request, "reason")
    )
    time = item.not_before
    if time:
        zone = request.workspace.snapshot.office.timezone
        text = gettext("稿件 %(number)s 不早于 %(time)s 发布。")
        told = f"{time.astimezone(zone):%Y-%m-%d %H:%M}"
        leave_notice(request, text % {"number": number, "time": told})
    else:
        leave_notice(request, gettext("稿件 %(number)s 终审通过后立即发布。") % {"number": number})
    return redirect("item", number)


def _moment(request: DeskRequest, name: str, what: object) -> datetime | None:
    """A time as browsers write it, in the office's time zone; empty: none."""
    text = posted(request, name).strip()
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text[:32])
    except ValueError:
        raise InputError("review.no_time", what=str(what)) from None
    return time.replace(tzinfo=request.workspace.snapshot.office.timezone) if time.tzinfo is None else time


@require_POST
def present(request: DeskRequest, number: int) -> HttpResponse:
    """This person has the item open; the answer says who else has."""
    others = presence.beat(number, actor_of(request).name, request.now, request.now - HEARTBEAT)
    return render(request, "parts/presence.html", {"others": others})
