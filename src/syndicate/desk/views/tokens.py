"""A person's own tokens for programs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.wording import status_of, told
from syndicate.errors import SyndicateError
from syndicate.flow import personal_tokens
from syndicate.model.token import Scope


@require_safe
def tokens(request: DeskRequest) -> HttpResponse:
    """The tokens that live, and the form for a new one."""
    return _page(request)


@require_POST
def make(request: DeskRequest) -> HttpResponse:
    """A new token; it is shown once, on this very page."""
    actor = actor_of(request)
    days = posted(request, "days")
    try:
        token = personal_tokens.make(
            request.workspace,
            actor,
            actor.name,
            posted(request, "label"),
            [scope for scope in Scope if scope.value in request.POST.getlist("scope")],
            int(days) if days.isascii() and days.isdecimal() and len(days) < 6 else 0,
        )
    except SyndicateError as error:
        return _page(request, error)
    return _page(request, made=token)


@require_POST
def revoke(request: DeskRequest, number: int) -> HttpResponse:
    """End a token at once."""
    actor = actor_of(request)
    ended = personal_tokens.revoke(request.workspace, actor, actor.name, number)
    leave_notice(request, gettext("令牌“%(label)s”已失效。") % {"label": ended.label})
    return redirect("tokens")


def _page(request: DeskRequest, problem: SyndicateError | None = None, made: str = "") -> HttpResponse:
    actor = actor_of(request)
    listed = personal_tokens.listed(request.workspace, actor, actor.name)
    shown = {
        "tokens": [(one, [scope for scope in Scope if scope in one.scopes]) for one in listed],
        "scopes": tuple(Scope),
        "usual_days": personal_tokens.limits()["usual_days"],
        "longest_days": personal_tokens.limits()["longest_days"],
        "made": made,
        "label": posted(request, "label") if problem else "",
        "problem": told(problem.message) if problem else None,
    }
    return render(request, "tokens.html", shown, status=status_of(problem) if problem else 200)
