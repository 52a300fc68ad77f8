"""静默期: whether it is silent, who began it and why, and the forms to begin and to end it."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.errors import UsageError
from syndicate.flow import silence as flow
from syndicate.model.review import Role


@require_safe
def silence(request: DeskRequest) -> HttpResponse:
    """The period in force, the newest ones, and how many deliveries wait."""
    may = actor_of(request).role in (Role.PUBLISHER, Role.ADMIN)
    return render(request, "silence.html", {"page": flow.silence_page(request.workspace), "may_silence": may})


@require_POST
def begin(request: DeskRequest) -> HttpResponse:
    """Hold back everything new on all channels."""
    flow.begin(request.workspace, actor_of(request), posted(request, "reason"), _until(request))
    leave_notice(request, gettext("静默期已开启：所有渠道暂停发布和更正，撤稿照常。"))
    return redirect("silence")


@require_POST
def end(request: DeskRequest) -> HttpResponse:
    """What waited goes out."""
    flow.end(request.workspace, actor_of(request), posted(request, "reason"))
    leave_notice(request, gettext("静默期已结束，等待的投递自动继续。"))
    return redirect("silence")


def _until(request: DeskRequest) -> datetime | None:
    """The end as typed into a field for date and time, in the office's time zone. Raises UsageError."""
    typed = posted(request, "until").strip()
    if not typed:
        return None
    try:
        at = datetime.fromisoformat(typed)
    except ValueError:
        raise UsageError("desk.bad_request") from None
    return at.replace(tzinfo=request.workspace.snapshot.office.timezone)
