"""公众反馈: the list with its countdowns, one report with its answer, and what people do with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, asked, page_number, posted
from syndicate.desk.wording import Countdown, countdown, status_of, told
from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.flow import handling_feedback as handling
from syndicate.flow.feedback import LONGEST
from syndicate.flow.handling_feedback import Answer
from syndicate.flow.told_titles import told_titles
from syndicate.model.feedback import FeedbackAction, FeedbackState, FeedbackVerdict
from syndicate.records import audit, feedback
from syndicate.records.feedback import FeedbackRecord
from syndicate.review.feedback import allowed_feedback

PAGE = 30
_LAST_DAY = timedelta(days=1)
_BRIEF = 60
_MONTH = timedelta(days=30)
_DISLIKED = 5
_MOMENT = timedelta(seconds=1)
"""A duty ends at midnight; people are told the day before it."""


class View(StrEnum):
    """The three lists."""

    OPEN = "open"
    ANSWERED = "answered"
    SPAM = "spam"


_STATES = {View.OPEN: feedback.OPEN, View.ANSWERED: (FeedbackState.ANSWERED,), View.SPAM: (FeedbackState.SPAM,)}


@dataclass(frozen=True)
class Line:
    """One line of the list."""

    report: FeedbackRecord
    brief: str
    title: str
    """The item that it is about, or the address of the page."""
    left: Countdown | None


@require_safe
def listing(request: DeskRequest) -> HttpResponse:
    """One page of one list."""
    view = asked(request, "view")
    chosen = View(view) if view in set(View) else View.OPEN
    number = page_number(request)
    found = feedback.listed(_STATES[chosen], PAGE + 1, (number - 1) * PAGE)
    titles = told_titles([one.item for one in found if one.item])
    lines = [
        Line(
            one,
            handling.masked(request.workspace, one.text, _BRIEF),
            titles.get(one.item or 0, one.page),
            left(one, request.now),
        )
        for one in found[:PAGE]
    ]
    shown = {
        "lines": lines,
        "view": chosen,
        "views": list(View),
        "number": number,
        "more": len(found) > PAGE,
        "may_spam": FeedbackAction.SPAM in allowed_feedback(FeedbackState.RECEIVED, actor_of(request).role),
        "unknown": unknown_year(request),
        "disliked": feedback.least_liked(request.now.date() - _MONTH, request.now.date(), _DISLIKED),
        "place": "feedback",
    }
    return render(request, "feedback.html", shown)


def left(report: FeedbackRecord, now: datetime) -> Countdown | None:
    """How long until the next duty: that somebody has it in hand, then the answer; near on its last day."""
    if not report.open:
        return None
    due = report.pass_on_due_at if report.state is FeedbackState.RECEIVED else report.answer_due_at
    counted = countdown(due, now)
    return replace(counted, state="near") if counted.state == "far" and due - now <= _LAST_DAY else counted


def unknown_year(request: DeskRequest) -> Message | None:
    """Said where deadlines that are counted now know nothing of the holidays."""
    calendar, today = request.workspace.snapshot.calendar, request.now.date()
    years = [day.year for day in (today, today + timedelta(days=14)) if not calendar.knows(day)]
    return Message("feedback.unknown_year", {"year": years[0]}) if years else None


@require_safe
def one(request: DeskRequest, number: int) -> HttpResponse:
    """One report with everything about it."""
    return _one(request, number)


def _one(
    request: DeskRequest, number: int, problem: SyndicateError | None = None, contact: str | None = None
) -> HttpResponse:
    report = feedback.get(number)
    typed = posted(request, "text") if "text" in request.POST else report.answer
    verdict = posted(request, "verdict") or (report.verdict or "")
    shown = {
        "report": report,
        "title": told_titles([report.item]).get(report.item, "") if report.item else "",
        "left": left(report, request.now),
        "pass_on_by": report.pass_on_due_at - _MOMENT,
        "answer_by": report.answer_due_at - _MOMENT,
        "may": {action.value for action in allowed_feedback(report.state, actor_of(request).role)},
        "assignees": handling.assignees(),
        "verdicts": list(FeedbackVerdict),
        "verdict": verdict,
        "text": typed,
        "longest": LONGEST,
        "findings": handling.findings_on(request.workspace, typed) if typed else (),
        "contact": contact,
        "history": audit.of_subject(f"feedback:{number}"),
        "unknown": unknown_year(request) if report.open else None,
        "kept_days": request.workspace.snapshot.feedback.contact_kept.days,
        "problem": told(problem.message) if problem else None,
        "place": "feedback",
    }
    return render(request, "feedback_one.html", shown, status=status_of(problem) if problem else 200)


Act = Callable[[DeskRequest, int], HttpResponse]


def _on_report(act: Act) -> Act:
    """Show the report again, with what was typed, when the flow refuses."""

    @require_POST
    @wraps(act)
    def handle(request: DeskRequest, number: int) -> HttpResponse:
        try:
            return act(request, number)
        except NotFound:
            raise
        except SyndicateError as error:
            return _one(request, number, error)

    return handle


@_on_report
def assign(request: DeskRequest, number: int) -> HttpResponse:
    """Give it to somebody."""
    name = posted(request, "name")
    handling.assign(request.workspace, actor_of(request), number, name)
    leave_notice(request, gettext("已交 {name} 办理。").format(name=name))
    return redirect("feedback_one", number)


@_on_report
def answer(request: DeskRequest, number: int) -> HttpResponse:
    """Keep a draft, or answer and close."""
    given = Answer(posted(request, "verdict"), posted(request, "text"), "seen" in request.POST)
    if posted(request, "do") == "draft":
        handling.draft(request.workspace, actor_of(request), number, given)
        leave_notice(request, gettext("拟答已保存，尚未发出。"))
    else:
        handling.answer(request.workspace, actor_of(request), number, given)
        leave_notice(request, gettext("已答复并办结，来信人凭查询码可以看到。"))
    return redirect("feedback_one", number)


@_on_report
def amend(request: DeskRequest, number: int) -> HttpResponse:
    """Begin a correction of the item, with the report as its reason."""
    item = handling.amend(request.workspace, actor_of(request), number)
    leave_notice(
        request,
        gettext("稿件 {number} 已生成新版本，改好后请重新送审；线上内容在终审通过前不变。").format(number=item),
    )
    return redirect("item", item)


@_on_report
def contact(request: DeskRequest, number: int) -> HttpResponse:
    """Show how the sender can be reached, once, on this very page."""
    return _one(request, number, contact=handling.see_contact(request.workspace, actor_of(request), number))


@_on_report
def restore(request: DeskRequest, number: int) -> HttpResponse:
    """It was no spam."""
    handling.restore(request.workspace, actor_of(request), number)
    leave_notice(request, gettext("已重新受理。"))
    return redirect("feedback_one", number)


@require_POST
def spam(request: DeskRequest) -> HttpResponse:
    """Set several aside at once."""
    numbers = [
        int(one) for one in request.POST.getlist("number") if one.isascii() and one.isdecimal() and len(one) < 18
    ]
    done = handling.set_aside(request.workspace, actor_of(request), numbers)
    if done.refused and not done.done:
        raise done.refused[0][1]
    text = gettext("已将 {count} 件列为垃圾信息。").format(count=done.done)
    if done.refused:
        text += gettext("另有 {count} 件没有改变。").format(count=len(done.refused))
    leave_notice(request, text)
    return redirect("feedback")
