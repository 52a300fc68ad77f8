"""Required reprints: what is due and what is missing, a list to take in, and what is said to be no duty."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.wording import countdown, status_of, told
from syndicate.errors import InputError, SyndicateError
from syndicate.flow import require
from syndicate.flow.reprint_duty import duties
from syndicate.flow.upload_limits import upload_limit


@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """Every duty of the last week and of what is ahead."""
    return _page(request)


def _page(request: DeskRequest, problem: SyndicateError | None = None) -> HttpResponse:
    role = actor_of(request).role
    found = duties(request.workspace)
    shown = {
        "lines": [(one, countdown(one.fact.deadline, request.now)) for one in found],
        "missing": sum(one.missing for one in found),
        "done": sum(one.done_at is not None for one in found),
        "may_list": require.may_list(role),
        "may_excuse": require.may_excuse(role),
        "problem": told(problem.message) if problem else None,
        "place": "sources",
    }
    return render(request, "duties.html", shown, status=status_of(problem) if problem else 200)


@require_POST
def take(request: DeskRequest) -> HttpResponse:
    """Take a list in, whole or not at all."""
    sent = request.FILES.get("list")
    try:
        if not isinstance(sent, UploadedFile):
            raise InputError("reprint.no_file")
        name, most = (sent.name or "")[:200], upload_limit("list_bytes")
        if (sent.size or 0) > most:
            raise InputError("writing.file_too_large", name=name, limit=most // 1_048_576)
        taken = require.require(request.workspace, actor_of(request), sent.read(), name)
    except SyndicateError as error:
        return _page(request, error)
    text = gettext("已存入清单：新增 {added} 条，更改时限 {changed} 条，原已有 {known} 条。")
    leave_notice(request, text.format(added=taken.added, changed=taken.changed, known=taken.known))
    return redirect("duties")


@require_POST
def excuse(request: DeskRequest, number: int) -> HttpResponse:
    """Something on the list is no duty."""
    try:
        require.excuse(request.workspace, actor_of(request), number, posted(request, "reason"))
    except SyndicateError as error:
        return _page(request, error)
    leave_notice(request, gettext("已移出应转载清单，理由已记入审计。"))
    return redirect("duties")
