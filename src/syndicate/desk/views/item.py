"""The item page."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from syndicate.desk.item_page import CHECKS, sheet
from syndicate.desk.request import DeskRequest, actor_of
from syndicate.desk.review_part import review_part
from syndicate.desk.wording import status_of, told, word
from syndicate.errors import Conflict, SyndicateError
from syndicate.model.review import WithdrawalKind


@require_safe
def item(request: DeskRequest, number: int) -> HttpResponse:
    """One item with everything about it and the buttons this person may use."""
    return show(request, number)


def show(request: DeskRequest, number: int, problem: SyndicateError | None = None) -> HttpResponse:
    """The item page; after a refused form with what was typed and what to do about it.

    After a Conflict the ticks are gone: they were given for something else.
    """
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    keeps_ticks = problem is not None and not isinstance(problem, Conflict)
    shown_sheet = sheet(request.workspace, actor_of(request), number, typed)
    shown = {
        "sheet": shown_sheet,
        "review": review_part(request.workspace, actor_of(request), shown_sheet, typed),
        "checks": [(name, word("check", name), keeps_ticks and f"check:{name}" in typed) for name in CHECKS],
        "withdrawal_kinds": tuple(WithdrawalKind),
        "typed": typed,
        "problem": told(problem.message) if problem else None,
        "now": request.now,
    }
    return render(request, "item.html", shown, status=status_of(problem) if problem else 200)
