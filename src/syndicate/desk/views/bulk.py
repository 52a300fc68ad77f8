"""批量通过: several items without findings at once, each bound to the hash of what was shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from syndicate.desk.context import leave_notice
from syndicate.desk.item_page import CHECKS
from syndicate.desk.request import DeskRequest, actor_of
from syndicate.desk.views.decisions import UNDO, require_checks
from syndicate.desk.wording import Told, told, word
from syndicate.errors import NotAllowed, SyndicateError, UsageError
from syndicate.flow import bulk
from syndicate.flow.bulk import Shown
from syndicate.flow.decide import Decided


@dataclass(frozen=True)
class _Outcome:
    """What became of one item of the bulk."""

    item: int
    title: str
    done: Decided | None
    problem: Told | None


@require_POST
def approve(request: DeskRequest) -> HttpResponse:
    """First all that would be approved is shown with its hash; the second form approves exactly that."""
    numbers = _numbers(request.POST.getlist("item"), request.workspace.snapshot.review.bulk_most)
    if "confirmed" not in request.POST:
        return _offer(request, numbers)
    try:
        require_checks(request)
    except SyndicateError as error:
        return _offer(request, numbers, told(error.message))
    outcomes = [_one(request, number) for number in numbers]
    if all(one.done and not one.done.sent_back for one in outcomes):
        text = gettext("已批量通过 %(count)s 篇。") % {"count": len(outcomes)}
        leave_notice(request, text)
        return redirect("queue")
    return render(request, "bulk_done.html", {"outcomes": outcomes})


def _offer(request: DeskRequest, numbers: list[int], problem: Told | None = None) -> HttpResponse:
    offered, refused = [], []
    for number in numbers:
        try:
            offered.append(bulk.offer(request.workspace, actor_of(request), number))
        except NotAllowed as error:
            refused.append((number, told(error.message)))
    shown = {
        "offered": offered,
        "refused": refused,
        "checks": [(name, word("check", name)) for name in CHECKS],
        "problem": problem,
    }
    return render(request, "bulk.html", shown, status=400 if problem else 200)


def _one(request: DeskRequest, number: int) -> _Outcome:
    shown = Shown(number, *_seen(request.POST.get(f"seen:{number}", "")))
    try:
        done = bulk.approve(request.workspace, actor_of(request), shown, CHECKS, UNDO)
    except SyndicateError as error:
        return _Outcome(number, "", None, told(error.message))
    return _Outcome(number, done.item.title, done, None)


def _seen(text: str) -> tuple[int, str]:
    """Level and hash, as the first form wrote them."""
    level, _, seen = text.partition(":")
    if level not in ("1", "2", "3") or not seen:
        raise UsageError("desk.bad_request")
    return int(level), seen


def _numbers(texts: list[str], most: int) -> list[int]:
    numbers = list(dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 18))
    if not 1 <= len(numbers) <= most:
        raise UsageError("review.bulk_size", most=most)
    return numbers
