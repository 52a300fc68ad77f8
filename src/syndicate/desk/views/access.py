"""Logging in and out, and setting a password by a one-time link."""

from __future__ import annotations

from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, address_of, posted
from syndicate.desk.wording import status_of, told, word
from syndicate.errors import NotAllowed, SyndicateError, UsageError
from syndicate.flow import logins


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: DeskRequest) -> HttpResponse:
    """The log-in form. Every log-in and every failure is written down; too many failures must wait."""
    if request.method != "POST":
        return render(request, "login.html", {"next": request.GET.get("next", "")})
    name = posted(request, "name").strip()[:150]
    try:
        _log_in(request, name)
    except NotAllowed as error:
        shown = {"problem": told(error.message), "name": name, "next": posted(request, "next")}
        return render(request, "login.html", shown, status=status_of(error))
    target = posted(request, "next")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else "overview")


def _log_in(request: DeskRequest, name: str) -> None:
    address = address_of(request)
    logins.check_may_try(request.workspace, name, address)
    user = auth.authenticate(request, username=name, password=request.POST.get("password", ""))
    if user is None:
        logins.failed(request.workspace, name, address)
        raise NotAllowed("desk.login_failed")
    auth.login(request, user)
    logins.succeeded(request.workspace, actor_of(request), address)


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
