"""Accounts, for administrators."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.wording import status_of, told, word
from syndicate.errors import NotAllowed, SyndicateError, UsageError
from syndicate.flow import accounts, leaving, logins, second_factor
from syndicate.model.review import Role
from syndicate.records import second_factors
from syndicate.records.people import Person

ROLES = (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER, Role.ADMIN)


@dataclass(frozen=True)
class Line:
    """One account as it is shown."""

    person: Person
    has_factor: bool
    failing: bool
    """Log-ins under this name failed lately; it may have to wait."""
    unattended: int
    """Items of a leaver that nobody took over."""


@require_safe
def people(request: DeskRequest) -> HttpResponse:
    """Everybody, and the form for somebody new."""
    return _page(request)


def _page(request: DeskRequest, problem: SyndicateError | None = None, link: str = "", name: str = "") -> HttpResponse:
    lines = _lines(request)
    shown = {
        "lines": lines,
        "roles": ROLES,
        "successors": [one.person.name for one in lines if one.person.active and one.person.role in leaving.WORKS],
        "problem": told(problem.message) if problem else None,
        "link": link,
        "name": name,
    }
    return render(request, "people.html", shown, status=status_of(problem) if problem else 200)


def _lines(request: DeskRequest) -> list[Line]:
    everyone = accounts.everyone(actor_of(request))
    factors = second_factors.everybody()
    failing = logins.failing(request.workspace, (one.name for one in everyone))
    left = leaving.unattended()
    return [Line(one, one.name in factors, one.name in failing, left.get(one.name, 0)) for one in everyone]


def _told(left: leaving.Left) -> str:
    """What became of a leaver's work."""
    if left.successor:
        told = gettext("已停用 {name}，其办理记录保留；未办结的稿件 {items} 件由 {successor} 接手。")
        return told.format(name=left.name, items=left.items, successor=left.successor)
    if left.items:
        told = gettext("已停用 {name}，其办理记录保留；还有 {items} 件未办结的稿件无人接手，请指定接手人。")
        return told.format(name=left.name, items=left.items)
    return gettext("已停用 {name}，其办理记录保留。").format(name=left.name)


def _role(request: DeskRequest) -> Role:
    role = posted(request, "role")
    if role not in set(ROLES):
        raise UsageError("desk.bad_role")
    return Role(role)


def _link(request: DeskRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("link", args=[token]))


@require_POST
def add(request: DeskRequest) -> HttpResponse:
    """A new account; its one-time link is shown once, on this very page."""
    name = posted(request, "name").strip()
    try:
        token = accounts.add(request.workspace, actor_of(request), name, _role(request))
    except NotAllowed:
        raise
    except SyndicateError as error:
        return _page(request, error, name=name)
    return _page(request, link=_link(request, token), name=name)


@require_POST
def change(request: DeskRequest) -> HttpResponse:
    """Change a role, disable a leaver, help with the log-in, or make a new one-time link."""
    workspace, actor, name = request.workspace, actor_of(request), posted(request, "name")
    accounts.everyone(actor)  # refuses anybody but an administrator before anything else is looked at
    try:
        match posted(request, "do"):
            case "role":
                role = _role(request)
                accounts.set_role(workspace, actor, name, role)
                leave_notice(request, gettext("{name} 的角色已改为{role}。").format(name=name, role=word("role", role)))
            case "disable":
                left = leaving.disable(workspace, actor, name, posted(request, "successor"))
                leave_notice(request, _told(left))
            case "unlock":
                logins.unlock(workspace, actor, name)
                leave_notice(request, gettext("{name} 现在可以重新登录。").format(name=name))
            case "reset_factor":
                second_factor.reset(workspace, actor, name)
                leave_notice(request, gettext("{name} 的动态验证码已重置，登录后请重新启用。").format(name=name))
            case "link":
                return _page(request, link=_link(request, accounts.make_link(workspace, actor, name)), name=name)
            case _:
                raise UsageError("desk.bad_request")
    except SyndicateError as error:
        return _page(request, error)
    return redirect("people")
