"""The ledger, and a person's answers for deliveries that stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, asked, page_number, posted
from syndicate.desk.wording import Told, told, word
from syndicate.flow import package as packages
from syndicate.flow import resolve
from syndicate.flow.matrix import deadline_of
from syndicate.flow.queues import DeliveryRow, delivery_page
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryState
from syndicate.model.review import Role
from syndicate.records.values import DeliveryRecord

PAGE = 30
VIEWS: dict[str, tuple[str, tuple[DeliveryState, ...]]] = {
    "stopped": (gettext_noop("需人工"), (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED)),
    "open": (
        gettext_noop("进行中"),
        (
            DeliveryState.WAITING,
            DeliveryState.DUE,
            DeliveryState.SENDING,
            DeliveryState.ACCEPTED,
            DeliveryState.UNSURE,
        ),
    ),
    "done": (gettext_noop("已送达"), (DeliveryState.DELIVERED,)),
    "ended": (gettext_noop("已取消或过期"), (DeliveryState.CANCELLED, DeliveryState.EXPIRED)),
    "all": (gettext_noop("全部"), ()),
}
ANSWERS = ("retry", "delivered", "absent", "cancel")


@dataclass(frozen=True)
class Line:
    """One line of the ledger as it is shown."""

    row: DeliveryRow
    channel: str
    told: Told | None
    deadline: datetime | None


@require_safe
def ledger(request: DeskRequest) -> HttpResponse:
    """Deliveries, those that need a person first."""
    view = asked(request, "view")
    view = view if view in VIEWS else "stopped"
    number = page_number(request)
    found = delivery_page(VIEWS[view][1], PAGE, (number - 1) * PAGE)
    shown = {
        "view": view,
        "views": [(name, title) for name, (title, _) in VIEWS.items()],
        "lines": [_line(request.workspace, row) for row in found.rows],
        "stopped_states": VIEWS["stopped"][1],
        "may_handle": actor_of(request).role in (Role.REVIEWER, Role.PUBLISHER),
        "number": number,
        "more": found.more,
        "now": request.now,
    }
    return render(request, "deliveries.html", shown)


def _line(workspace: Workspace, row: DeliveryRow) -> Line:
    channel = workspace.snapshot.channels.get(row.delivery.channel)
    title = channel.title if channel else row.delivery.channel
    return Line(row, title, told(row.delivery.message) if row.delivery.message else None, deadline_of(row.delivery))


@require_safe
def package(request: DeskRequest, number: int) -> HttpResponse:
    """Everything that is needed to do a delivery by hand, as a zip file."""
    task = packages.package(request.workspace, number)
    name = content_disposition_header(True, f"投递{number}-{task.channel}.zip") or "attachment"
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(packages.zipped(request.workspace, task), content_type="application/zip", headers=headers)


@require_POST
def answer(request: DeskRequest, number: int, answer: str) -> HttpResponse:
    """What a person says about a delivery that stopped; a refusal is shown as a page with what to do."""
    if answer not in ANSWERS:
        raise Http404
    changed = _answered(request, number, answer)
    leave_notice(
        request, gettext("投递 {number}：{state}。").format(number=number, state=word("delivery", changed.state))
    )
    return redirect("item", changed.item)


def _answered(request: DeskRequest, number: int, answer: str) -> DeliveryRecord:
    workspace, actor = request.workspace, actor_of(request)
    match answer:
        case "retry":
            return resolve.retry(workspace, actor, number)
        case "delivered":
            return resolve.resolve_delivered(workspace, actor, number, posted(request, "url").strip())
        case "absent":
            return resolve.resolve_absent(workspace, actor, number)
        case _:
            return resolve.cancel(workspace, actor, number)
