"""Notices: the bell, the list, and how a person wants to hear of things."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, page_number, posted
from syndicate.desk.wording import next_action, said, status_of, told
from syndicate.errors import SyndicateError
from syndicate.flow import notices as flow
from syndicate.model.notice import Event, How
from syndicate.records import notices

PAGE = 30


@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """A page of a person's notices, newest first."""
    number, name = page_number(request), actor_of(request).name
    found = notices.of_person(name, PAGE + 1, (number - 1) * PAGE)
    shown = {
        "lines": [(one, said(one.message), next_action(one.message)) for one in found[:PAGE]],
        "unread": notices.unread(name),
        "number": number,
        "more": len(found) > PAGE,
    }
    return render(request, "notices.html", shown)


@require_safe
def count(request: DeskRequest) -> HttpResponse:
    """The number on the bell, which asks for it again without a reload."""
    return render(request, "parts/bell.html", {"unread": notices.unread(actor_of(request).name)})


@require_POST
def read(request: DeskRequest) -> HttpResponse:
    """Mark all as read."""
    notices.read(actor_of(request).name, None, request.now)
    return redirect("notices")


@require_POST
def follow(request: DeskRequest, number: int) -> HttpResponse:
    """Mark one as read and go where it is dealt with."""
    notice = notices.one_of(actor_of(request).name, number)
    notices.read(actor_of(request).name, number, request.now)
    return redirect(notice.place)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: DeskRequest) -> HttpResponse:
    """How a person hears of each event, and his address."""
    actor = actor_of(request)
    if request.method != "POST":
        return _settings(request, notices.reader(actor.name).address)
    chosen = {event: How(how) for event in Event if (how := posted(request, event.value)) in set(How)}
    try:
        flow.choose(request.workspace, actor, posted(request, "address"), chosen)
    except SyndicateError as error:
        return _settings(request, posted(request, "address"), error)
    leave_notice(request, gettext("通知设置已保存。"))
    return redirect("notice_settings")


def _settings(request: DeskRequest, address: str, problem: SyndicateError | None = None) -> HttpResponse:
    chosen = flow.chosen(request.workspace, notices.reader(actor_of(request).name))
    ways = {event: (How.DIGEST, How.DESK) if event is Event.DAILY else tuple(How) for event in chosen}
    shown = {
        "lines": [(event, how, ways[event]) for event, how in chosen.items()],
        "address": address,
        "mails": request.workspace.snapshot.notices.mail is not None,
        "digest_at": f"{request.workspace.snapshot.notices.digest_at:%H:%M}",
        "problem": told(problem.message) if problem else None,
    }
    return render(request, "notice_settings.html", shown, status=status_of(problem) if problem else 200)
