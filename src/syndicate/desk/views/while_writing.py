"""While somebody types: what was written is kept, and checked. Neither makes a revision."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.wording import told
from syndicate.desk.writing_form import first, markup_of, typed_in
from syndicate.errors import InputError
from syndicate.flow import items
from syndicate.flow.typed_check import check_typing
from syndicate.records import kept_writing

LONGEST = 5_000_000
"""Characters of a form that are kept between two saves."""


@require_POST
def keep(request: DeskRequest) -> HttpResponse:
    """Keep what this person has typed into the form, for him alone; answers when that was."""
    actor = actor_of(request)
    items.require_writer(actor)
    typed = typed_in(request.POST)
    if sum(len(text) for texts in typed.values() for text in texts) > LONGEST:
        return render(request, "parts/kept.html", {"too_long": True})
    if not first(typed, "title").strip() and not first(typed, "body").strip():
        return render(request, "parts/kept.html", {})
    kept_writing.keep(actor.name, _item(request), typed, request.now)
    return render(request, "parts/kept.html", {"at": request.now})


@require_POST
def forget(request: DeskRequest) -> HttpResponse:
    """What was kept is not wanted: the form begins with what was saved."""
    number = _item(request)
    kept_writing.forget(actor_of(request).name, number)
    leave_notice(request, _("自动保存的内容已放弃。"))
    return redirect("edit_item", number) if number else redirect("new_item")


@require_POST
def check(request: DeskRequest) -> HttpResponse:
    """What the monitor says about the text as it stands in the form."""
    items.require_writer(actor_of(request))
    typed = typed_in(request.POST)
    try:
        checked = check_typing(request.workspace, first(typed, "title"), markup_of(typed))
    except InputError as error:
        return render(request, "parts/typed_findings.html", {"unreadable": told(error.message)})
    return render(request, "parts/typed_findings.html", {"checked": checked})


def _item(request: DeskRequest) -> int:
    text = posted(request, "item")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else kept_writing.NEW
