"""How long a session lasts, what it has proven, and in which language its pages are."""

from __future__ import annotations

from django.contrib import auth
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from syndicate.desk.request import DeskRequest, actor_of
from syndicate.flow import logins, second_factor

PROVEN = "second_factor"
"""The session was opened with a second factor, or set one up."""
BEGAN, SEEN = "began", "seen"
_GRAIN_SECONDS = 60
_BY_THEMSELVES = frozenset({"/queue/counts"})
"""What pages ask for again and again without anybody: it keeps no session alive."""
_WITHOUT_FACTOR = ("/account", "/logout", "/language", "/static/")
"""What somebody may open before he has set up the second factor that the office requires."""


def language_of(request: HttpRequest) -> str:
    """The language of the page: the person's, else the browser's own choice, else Chinese."""
    user = request.user
    chosen = getattr(user, "language", "") if user.is_authenticated else request.COOKIES.get("desk-language", "")
    return "en" if chosen == "en" else "zh-hans"


def refusal(request: DeskRequest) -> HttpResponseBase | None:
    """Where a person is sent instead of the page: to the log-in when the session is over, or to set up a second factor."""
    if not request.user.is_authenticated or request.session.session_key is None:
        return None
    if _is_over(request):
        logins.ended(request.workspace, actor_of(request))
        auth.logout(request)
        again: dict[str, str] = {"next": request.get_full_path(), "over": "1"}
        return redirect(f"{reverse('login')}?{urlencode(again)}")
    must = second_factor.required(request.workspace, actor_of(request).role)
    if must and not request.session.get(PROVEN) and not request.path.startswith(_WITHOUT_FACTOR):
        return redirect("account")
    return None


def _is_over(request: DeskRequest) -> bool:
    """Also notes that the session was used."""
    now = request.now.timestamp()
    began, seen = request.session.get(BEGAN), request.session.get(SEEN)
    if began is None or seen is None:
        return False
    if logins.session_ended(request.workspace, began, seen):
        return True
    if now - seen >= _GRAIN_SECONDS and not _by_itself(request):
        request.session[SEEN] = now
    return False


def _by_itself(request: DeskRequest) -> bool:
    return request.path in _BY_THEMSELVES or request.path.endswith("/presence")
