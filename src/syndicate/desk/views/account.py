"""Somebody's own account: the language of the pages, the password, the second factor."""

from __future__ import annotations

import segno
from django.contrib import auth
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, address_of, posted, safe_target
from syndicate.desk.sessions import PROVEN
from syndicate.desk.wording import status_of, told
from syndicate.errors import SyndicateError, UsageError
from syndicate.flow import accounts, logins, second_factor
from syndicate.records import second_factors
from syndicate.records.models.people import User

LANGUAGE_COOKIE = "desk-language"
LANGUAGES = ("zh-hans", "en")


@login_not_required
@require_POST
def language(request: DeskRequest) -> HttpResponse:
    """Read the desk in another language: kept with the person, and in the browser for the log-in page."""
    chosen = posted(request, "language")
    if chosen not in LANGUAGES:
        raise UsageError("desk.bad_request")
    if request.user.is_authenticated:
        accounts.set_language(request.workspace, actor_of(request), chosen)
    response = redirect(safe_target(request) or "overview")
    year = 365 * 24 * 3600
    secure = request.is_secure()
    response.set_cookie(LANGUAGE_COOKIE, chosen, max_age=year, httponly=True, samesite="Lax", secure=secure)
    return response


@require_safe
def account(request: DeskRequest) -> HttpResponse:
    """The page of the acting person's account."""
    return _page(request)


def _page(request: DeskRequest, problem: SyndicateError | None = None, codes: tuple[str, ...] = ()) -> HttpResponse:
    actor = actor_of(request)
    has = second_factors.has(actor.name)
    address = None if has else second_factor.address(request.workspace, actor)
    shown = {
        "place": "account",
        "has_factor": has,
        "required": second_factor.required(request.workspace, actor.role),
        "key": " ".join(address[1][start : start + 4] for start in range(0, 32, 4)) if address else "",
        "picture": _picture(address[0]) if address else "",
        "codes": codes,
        "codes_left": second_factors.recovery_codes_left(actor.name) if has else 0,
        "problem": told(problem.message) if problem else None,
    }
    return render(request, "account.html", shown, status=status_of(problem) if problem else 200)


def _picture(address: str) -> SafeString:
    """A QR code as an SVG element: no script, no style, no address of its own."""
    drawn = segno.make(address, error="l", boost_error=False).svg_inline(
        scale=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # noqa: S308 made of modules only; the address is not in it as text


@sensitive_post_parameters("old", "password", "again")
@require_POST
def password(request: DeskRequest) -> HttpResponse:
    """Change the password; this session goes on, all others of the person end."""
    actor, new = actor_of(request), request.POST.get("password", "")
    try:
        if new != request.POST.get("again", ""):
            raise UsageError("desk.passwords_differ")
        logins.change_password(request.workspace, actor, address_of(request), request.POST.get("old", ""), new)
    except SyndicateError as error:
        return _page(request, error)
    auth.update_session_auth_hash(request, User.objects.get(username=actor.name))
    leave_notice(request, gettext("密码已更改，其他浏览器中的登录已失效。"))
    return redirect("account")


@require_POST
def begin_factor(request: DeskRequest) -> HttpResponse:
    """Make a key to be read by the telephone."""
    try:
        second_factor.begin(request.workspace, actor_of(request))
    except SyndicateError as error:
        return _page(request, error)
    return redirect("account")


@sensitive_post_parameters("code")
@require_POST
def confirm_factor(request: DeskRequest) -> HttpResponse:
    """Take the key into use; the recovery codes are shown once, on this very page."""
    try:
        codes = second_factor.confirm(request.workspace, actor_of(request), posted(request, "code"))
    except SyndicateError as error:
        return _page(request, error)
    request.session[PROVEN] = True
    return _page(request, codes=codes)


@require_POST
def recovery_codes(request: DeskRequest) -> HttpResponse:
    """New recovery codes in place of the old ones."""
    try:
        codes = second_factor.renew_codes(request.workspace, actor_of(request))
    except SyndicateError as error:
        return _page(request, error)
    return _page(request, codes=codes)
