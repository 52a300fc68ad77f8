"""Logging in and out, and setting a password by a one-time link."""

from __future__ import annotations

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, address_of, posted, safe_target
from syndicate.desk.sessions import BEGAN, PROVEN, SEEN
from syndicate.desk.wording import status_of, told, word
from syndicate.errors import Message, NotAllowed, SyndicateError, UsageError
from syndicate.flow import logins, second_factor
from syndicate.records import second_factors
from syndicate.records.models.people import User

WAITING = "waiting_for_code"
"""Session: who has given the password and still owes the code, and since when."""


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: DeskRequest) -> HttpResponse:
    """The log-in form. Every log-in and every failure is written down; too many failures must wait."""
    if request.method != "POST":
        over = told(Message("security.session_over")) if "over" in request.GET else None
        return render(request, "login.html", {"next": request.GET.get("next", ""), "problem": over})
    name = posted(request, "name").strip()[:150]
    try:
        user = _checked(request, name)
    except NotAllowed as error:
        shown = {"problem": told(error.message), "name": name, "next": posted(request, "next")}
        return render(request, "login.html", shown, status=status_of(error))
    if second_factors.has(user.username):
        request.session[WAITING] = {"name": user.username, "since": request.now.timestamp()}
        return render(request, "login_code.html", {"next": safe_target(request)})
    return _open_session(request, user)


def _checked(request: DeskRequest, name: str) -> User:
    """Who gave the right password. Raises NotAllowed."""
    address = address_of(request)
    logins.check_may_try(request.workspace, name, address)
    user = auth.authenticate(request, username=name, password=request.POST.get("password", ""))
    if not isinstance(user, User):
        logins.failed(request.workspace, name, address)
        raise NotAllowed("desk.login_failed")
    return user


@login_not_required
@sensitive_post_parameters("code")
@require_POST
def log_in_code(request: DeskRequest) -> HttpResponse:
    """The code after the password; failures count like wrong passwords."""
    waiting, address = request.session.get(WAITING), address_of(request)
    try:
        if waiting is None or logins.code_too_late(request.workspace, waiting["since"]):
            raise NotAllowed("security.code_expired")
        logins.check_may_try(request.workspace, waiting["name"], address)
        if not second_factor.check(request.workspace, waiting["name"], posted(request, "code")):
            logins.failed(request.workspace, waiting["name"], address)
            raise NotAllowed("security.wrong_code")
    except NotAllowed as error:
        shown = {"problem": told(error.message), "next": posted(request, "next")}
        again = error.message.key == "security.code_expired"
        return render(request, "login.html" if again else "login_code.html", shown, status=status_of(error))
    user = User.objects.filter(username=waiting["name"], is_active=True).first()
    if user is None:
        raise NotAllowed("desk.login_failed")
    return _open_session(request, user, proven=True)


def _open_session(request: DeskRequest, user: User, *, proven: bool = False) -> HttpResponse:
    request.session.pop(WAITING, None)
    auth.login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    now = request.now.timestamp()
    request.session[BEGAN], request.session[SEEN], request.session[PROVEN] = now, now, proven
    logins.succeeded(request.workspace, actor_of(request), address_of(request))
    return redirect(safe_target(request) or "overview")


@require_POST
def log_out(request: DeskRequest) -> HttpResponse:
    """End the session."""
    logins.ended(request.workspace, actor_of(request))
    auth.logout(request)
    return redirect("login")


@login_not_required
@require_GET
def link(request: DeskRequest, token: str) -> HttpResponse:
    """The form behind a one-time link. Whether the link still works is said only when it is used."""
    return render(request, "link.html", {"token": token})


@login_not_required
@sensitive_post_parameters("password", "again", "token")
@require_POST
def use_link(request: DeskRequest) -> HttpResponse:
    """Set the password; the secret part of the link stays out of this address and so out of logs."""
    token, password = posted(request, "token"), request.POST.get("password", "")
    try:
        if password != request.POST.get("again", ""):
            raise UsageError("desk.passwords_differ")
        person = logins.set_password(request.workspace, token, password)
    except SyndicateError as error:
        shown = {"problem": told(error.message), "token": token}
        return render(request, "link.html", shown, status=status_of(error))
    leave_notice(
        request,
        gettext("{role} {name} 的密码已设置，请登录。").format(role=word("role", person.role), name=person.name),
    )
    return redirect("login")
