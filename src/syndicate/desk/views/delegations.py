"""代办: who acts for whom, handing one's role on, and changing over to acting for somebody."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import BEHALF, DeskRequest, own_actor, posted
from syndicate.desk.wording import status_of, told
from syndicate.errors import InputError, NotFound, SyndicateError
from syndicate.flow import delegations
from syndicate.model.review import Role
from syndicate.records import delegations as delegation_records
from syndicate.records import people


@require_safe
def page(request: DeskRequest) -> HttpResponse:
    """Whom this person may act for now, the delegations, and the form for a new one."""
    return _page(request)


def _page(request: DeskRequest, problem: SyndicateError | None = None) -> HttpResponse:
    actor = own_actor(request)
    everyone = [one for one in people.everyone() if one.active]
    decides = [one.name for one in everyone if one.role in delegations.DECIDES]
    shown = {
        "taken": delegations.taken(actor, request.now),
        "acting_for": request.session.get(BEHALF, ""),
        "givers": decides if actor.role is Role.ADMIN else [name for name in decides if name == actor.name],
        "takers": [one.name for one in everyone if one.role is not Role.ADMIN and one.name != actor.name],
        "listed": delegation_records.listed(delegations.SHOWN),
        "me": actor,
        "now": request.now,
        "typed": request.POST,
        "longest": request.workspace.snapshot.review.delegation_longest.days,
        "problem": told(problem.message) if problem else None,
    }
    return render(request, "delegations.html", shown, status=status_of(problem) if problem else 200)


@require_POST
def add(request: DeskRequest) -> HttpResponse:
    """Hand a role on."""
    try:
        delegations.delegate(
            request.workspace,
            own_actor(request),
            posted(request, "giver"),
            posted(request, "taker"),
            _moment(request, "starts_at"),
            _moment(request, "ends_at"),
            posted(request, "reason"),
        )
    except SyndicateError as error:
        return _page(request, error)
    leave_notice(request, gettext("已设定代办。"))
    return redirect("delegations")


@require_POST
def end(request: DeskRequest, number: int) -> HttpResponse:
    """End one before its time."""
    try:
        delegations.end(request.workspace, own_actor(request), number)
    except NotFound:
        raise
    except SyndicateError as error:
        return _page(request, error)
    leave_notice(request, gettext("代办已结束。"))
    return redirect("delegations")


@require_POST
def act(request: DeskRequest) -> HttpResponse:
    """Act for somebody from now on; without a name, for oneself again."""
    giver = posted(request, "giver")
    if not giver:
        request.session.pop(BEHALF, None)
        leave_notice(request, gettext("您现在以本人身份办理。"))
        return redirect("queue")
    try:
        delegations.acting_for(own_actor(request), giver, request.now)
    except SyndicateError as error:
        return _page(request, error)
    request.session[BEHALF] = giver
    return redirect("queue")


def _moment(request: DeskRequest, name: str) -> datetime:
    try:
        time = datetime.fromisoformat(posted(request, name).strip()[:32])
    except ValueError:
        raise InputError("review.no_time", what=gettext("代办时间")) from None
    return time.replace(tzinfo=request.workspace.snapshot.office.timezone) if time.tzinfo is None else time
