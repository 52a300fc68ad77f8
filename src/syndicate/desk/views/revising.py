"""Revisions of an item: two of them compared, and a new one in which suggestions are accepted or a channel is worded anew."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from syndicate.desk.comparing import compare
from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, asked, posted
from syndicate.desk.views.decisions import on_item
from syndicate.errors import NotFound
from syndicate.flow.accepting import accept as accept_suggestions
from syndicate.flow.adapting import adapt as adapt_channel
from syndicate.records import items
from syndicate.records.values import RevisionRecord

WORDS = "words:"
"""Prefix of the inputs that hold what a channel shall say."""


@require_safe
def differences(request: DeskRequest, number: int) -> HttpResponse:
    """What is different between any two revisions; without a choice the newest and the one before."""
    item = items.get(number)
    revisions = items.revisions(number)
    after = _chosen(revisions, asked(request, "after"), revisions[-1])
    earlier = [one for one in revisions if one.number < after.number]
    before = _chosen(revisions, asked(request, "before"), earlier[-1] if earlier else after)
    shown = {"item": item, "revisions": revisions, "comparison": compare(request.workspace, before, after)}
    return render(request, "compare.html", shown)


def _chosen(revisions: tuple[RevisionRecord, ...], text: str, otherwise: RevisionRecord) -> RevisionRecord:
    if not text:
        return otherwise
    found = next((one for one in revisions if str(one.number) == text), None)
    if found is None:
        raise NotFound("writing.no_revision", number=text[:20])
    return found


@on_item
def accept(request: DeskRequest, number: int) -> HttpResponse:
    """A new revision with the suggestions of the findings that were named, one or all."""
    item = items.get(number)
    seen = posted(request, "revision")
    keys = {key.replace("\0", "") for key in request.POST.getlist("finding")}
    revision = int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 19 else 0
    accept_suggestions(request.workspace, actor_of(request), item, revision, keys)
    leave_notice(request, _("已采纳建议并生成新版本；请送审。"))
    return redirect("item", number)


@on_item
def adapt(request: DeskRequest, number: int, channel: str) -> HttpResponse:
    """A new revision with other words for one channel. An empty field goes back to what the template makes."""
    item = items.get(number)
    version = posted(request, "version")
    seen = replace(item, version=int(version) if version.isascii() and version.isdecimal() else 0)
    words = {
        name.removeprefix(WORDS): value.replace("\0", "")
        for name, value in request.POST.items()
        if name.startswith(WORDS) and isinstance(value, str)
    }
    if adapt_channel(request.workspace, actor_of(request), seen, channel, words) is None:
        leave_notice(request, _("渠道稿没有变化。"))
    else:
        leave_notice(request, _("渠道稿已改写并生成新版本；已有的审核作废，请送审。"))
    return redirect("item", number)
