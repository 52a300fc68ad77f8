"""What people do with an item: each one a form that posts to its own address and calls one function of the flow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from syndicate.desk.context import leave_notice
from syndicate.desk.item_page import CHECKS
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.review_part import REMARKS
from syndicate.desk.views.item import show
from syndicate.desk.wording import listed, word
from syndicate.errors import InputError, NotFound, SyndicateError, UsageError
from syndicate.flow import items, silence
from syndicate.flow import withdraw as withdrawals
from syndicate.flow.decide import Vote, decide, undo
from syndicate.flow.passages import Remark
from syndicate.flow.queues import next_to_decide
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict, WithdrawalKind

UNDO = timedelta(seconds=10)
"""How long a final approval can be taken back before anything is sent (design §8)."""
OVERRIDE = "override:"

Act = Callable[..., HttpResponseBase]


def on_item(act: Act) -> Act:
    """Show the item page again, with what was typed, when the flow refuses; only a missing item is a page of its own."""

    @require_POST
    @wraps(act)
    def handle(request: DeskRequest, number: int, **further: int) -> HttpResponseBase:
        try:
            return act(request, number, **further)
        except NotFound:
            raise
        except SyndicateError as error:
            return show(request, number, error)

    return handle


@on_item
def approve(request: DeskRequest, number: int) -> HttpResponse:
    """Approve what was shown at one level; the last approval can be undone for ten seconds."""
    decided = decide(request.workspace, actor_of(request), number, ballot(request, Verdict.APPROVE))
    if decided.sent_back:
        leave_notice(
            request,
            gettext("发布前复核发现 {count} 处新的必须处理的问题，稿件 {number} 已自动退回。").format(
                count=len(decided.sent_back), number=number
            ),
        )
        return redirect("item", number)
    if decided.item.state is ItemState.APPROVED:
        seconds = int(UNDO.total_seconds())
        leave_notice(
            request,
            gettext("稿件 {number} 已终审通过，{seconds} 秒后开始投递。").format(number=number, seconds=seconds),
            undo=number,
        )
    else:
        leave_notice(
            request,
            gettext("稿件 {number} 已通过第 {level} 级审核，转下一级。").format(
                number=number, level=decided.item.level - 1
            ),
        )
    return _next(request, number)


@on_item
def give_back(request: DeskRequest, number: int) -> HttpResponse:
    """Return an item with a reason."""
    decide(request.workspace, actor_of(request), number, ballot(request, Verdict.RETURN))
    leave_notice(request, gettext("稿件 {number} 已退回。").format(number=number))
    return _next(request, number)


def ballot(request: DeskRequest, verdict: Verdict) -> Vote:
    """What the form says. An approval names the hash of what was shown and all five checks, so that nothing is unseen."""
    level, seen = posted(request, "level"), posted(request, "seen")
    if not level.isascii() or not level.isdecimal() or len(level) > 2 or (verdict is Verdict.APPROVE and not seen):
        raise InputError("desk.form_outdated")
    reason = posted(request, "reason").strip()
    if verdict is Verdict.RETURN:
        return Vote(verdict, int(level), reason, seen=seen, remarks=_remarks(request))
    require_checks(request)
    overrides = {
        name.removeprefix(OVERRIDE): posted(request, name).strip()
        for name in request.POST
        if name.startswith(OVERRIDE) and posted(request, name).strip()
    }
    return Vote(verdict, int(level), reason, overrides, seen=seen, undo=UNDO, checked=CHECKS)


def require_checks(request: DeskRequest) -> None:
    """All five checks are ticked. Raises InputError naming the missing ones."""
    missing = [word("check", name) for name in CHECKS if f"check:{name}" not in request.POST]
    if missing:
        raise InputError("desk.checklist", missing=listed(missing))


def _remarks(request: DeskRequest) -> tuple[Remark, ...]:
    """The remarks on passages that were filled in; a row with only one half is told by the flow."""
    rows = ((posted(request, f"quote:{row}"), posted(request, f"remark:{row}"), row) for row in REMARKS)
    return tuple(
        Remark(quote, text, _occurrence(posted(request, f"occurrence:{row}")))
        for quote, text, row in rows
        if quote.strip() or text.strip()
    )


def _occurrence(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 1


def _next(request: DeskRequest, number: int) -> HttpResponse:
    """The next item that waits for this person, else the queue."""
    following = next_to_decide(actor_of(request), number)
    return redirect("item", following) if following else redirect("queue")


@on_item
def undo_approval(request: DeskRequest, number: int) -> HttpResponse:
    """Take a final approval back before anything was sent."""
    undo(request.workspace, actor_of(request), number)
    leave_notice(
        request, gettext("已撤销稿件 {number} 的终审，没有投递任何内容；稿件回到第 1 级审核。").format(number=number)
    )
    return redirect("item", number)


@on_item
def submit(request: DeskRequest, number: int) -> HttpResponse:
    """Send an item to review."""
    items.submit(request.workspace, actor_of(request), number)
    leave_notice(request, gettext("稿件 {number} 已送审。").format(number=number))
    return redirect("item", number)


@on_item
def discard(request: DeskRequest, number: int) -> HttpResponse:
    """Set an item aside."""
    items.discard(request.workspace, actor_of(request), number, posted(request, "reason").strip())
    leave_notice(request, gettext("稿件 {number} 已列为不采用。").format(number=number))
    return redirect("item", number)


@on_item
def amend(request: DeskRequest, number: int) -> HttpResponse:
    """Start a correction: the new revision is reviewed like a publication."""
    items.amend(request.workspace, actor_of(request), number, posted(request, "reason").strip())
    leave_notice(
        request,
        gettext("稿件 {number} 已生成新版本，改好后请重新送审；线上内容在终审通过前不变。").format(number=number),
    )
    return redirect("item", number)


@on_item
def withdraw(request: DeskRequest, number: int) -> HttpResponse:
    """Take an item down everywhere."""
    kind = posted(request, "kind")
    if kind not in set(WithdrawalKind):
        raise UsageError("desk.bad_request")
    reason = posted(request, "reason").strip()
    withdrawals.withdraw(request.workspace, actor_of(request), number, WithdrawalKind(kind), reason)
    leave_notice(request, gettext("稿件 {number} 正在从所有渠道撤回，请另一位同事确认。").format(number=number))
    return redirect("item", number)


@on_item
def confirm(request: DeskRequest, number: int, withdrawal: int) -> HttpResponse:
    """A second person has looked at a withdrawal."""
    withdrawals.confirm(request.workspace, actor_of(request), withdrawal)
    leave_notice(request, gettext("已确认撤稿。"))
    return redirect("item", number)


@on_item
def urgent(request: DeskRequest, number: int) -> HttpResponse:
    """It goes first and does not wait for a channel's hours."""
    silence.set_urgent(request.workspace, actor_of(request), number, True, posted(request, "reason"))
    leave_notice(request, gettext("稿件 {number} 已标为紧急：优先投递，不受渠道时段限制。").format(number=number))
    return redirect("item", number)


@on_item
def not_urgent(request: DeskRequest, number: int) -> HttpResponse:
    """It waits like any other."""
    silence.set_urgent(request.workspace, actor_of(request), number, False, posted(request, "reason"))
    leave_notice(request, gettext("稿件 {number} 已取消紧急。").format(number=number))
    return redirect("item", number)


@on_item
def silence_except(request: DeskRequest, number: int) -> HttpResponse:
    """Let it out in spite of the silent period in force."""
    silence.except_item(request.workspace, actor_of(request), number, posted(request, "reason"))
    leave_notice(request, gettext("稿件 {number} 不受本次静默期限制。").format(number=number))
    return redirect("item", number)
