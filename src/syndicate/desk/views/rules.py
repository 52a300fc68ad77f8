"""What people say about findings and rules: no error here, in this column or anywhere; how right each rule is."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.views.decisions import on_item
from syndicate.desk.wording import word
from syndicate.errors import UsageError
from syndicate.flow import exceptions
from syndicate.model.noise import Scope


@on_item
def judge(request: DeskRequest, number: int) -> HttpResponse:
    """One person's word on one finding: an error, or none within a scope, with a reason and a last day."""
    workspace, actor = request.workspace, actor_of(request)
    rule, text = posted(request, "rule")[:128], posted(request, "text")
    if posted(request, "verdict") == "right":
        exceptions.confirm_finding(workspace, actor, number, rule, text)
        leave_notice(request, gettext("已记录：规则 {rule} 的这一处问题属实。").format(rule=rule))
        return redirect("item", number)
    scope = posted(request, "scope")
    if scope not in set(Scope):
        raise UsageError("noise.scope")
    click = exceptions.NoError(rule, text, Scope(scope), posted(request, "reason")[:1000], _last_day(request))
    exceptions.except_finding(workspace, actor, number, click)
    leave_notice(
        request, gettext("已记录：这一处不是错误（{scope}），不再提示。").format(scope=word("scope", click.scope))
    )
    return redirect("item", number)


def _last_day(request: DeskRequest) -> date | None:
    written = posted(request, "until")
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise UsageError("monitor.day", value=written[:40]) from error


@require_safe
def rules(request: DeskRequest) -> HttpResponse:
    """How right every rule was, which ones became hints for it, and every exception that stands."""
    shown = {
        "judged": exceptions.judged_rules(request.workspace),
        "standing": exceptions.standing_exceptions(request.workspace),
        "may_end": Scope.COLUMN in exceptions.scopes_for(actor_of(request).role),
    }
    return render(request, "rules.html", shown)


@require_POST
def end(request: DeskRequest, number: int) -> HttpResponse:
    """An exception no longer holds."""
    exceptions.end_exception(request.workspace, actor_of(request), number)
    leave_notice(request, gettext("例外 {number} 已停用，下次核校时重新提示。").format(number=number))
    return redirect("rules")
