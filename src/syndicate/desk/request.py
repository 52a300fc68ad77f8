"""What every view gets: the request with the open office and the person who acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from syndicate.errors import NotAllowed
from syndicate.flow.delegations import acting_for
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records.models.people import User

OPENING = "syndicate.workspace"
"""Key of the WSGI environment under which the server hands in how to get the open office."""
Opening = Callable[[], Workspace]


class DeskRequest(HttpRequest):
    """A request that has passed the desk's middleware."""

    workspace: Workspace
    now: datetime
    """One moment for the whole page."""


BEHALF = "behalf"
"""Key of the session under which stands for whom its person acts."""


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, in whose role. Only for pages that need a session.

    Once a delegation has ended its taker acts in his own role again, whatever his session says.
    """
    known = getattr(request, "acting", None)
    if isinstance(known, Actor):
        return known
    actor = own_actor(request)
    giver = request.session.get(BEHALF, "") if hasattr(request, "workspace") else ""
    if giver:
        try:
            actor = acting_for(actor, giver, request.workspace.now())  # type: ignore[attr-defined]
        except NotAllowed:
            request.session.pop(BEHALF)
    request.acting = actor  # type: ignore[attr-defined]
    return actor


def own_actor(request: HttpRequest) -> Actor:
    """The person himself, for whomever he acts."""
    user = request.user
    assert isinstance(user, User), "the middleware lets nobody in without a session"
    return Actor(user.username, Role(user.role), "desk")


def address_of(request: HttpRequest) -> str:
    """Where the request comes from; behind a proxy on this machine, the server puts the editor's address here."""
    return str(request.META.get("REMOTE_ADDR", ""))[:64]


def safe_target(request: HttpRequest) -> str:
    """The field `next` where it leads to a page of this desk, else nothing."""
    target = posted(request, "next")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if safe else ""


def posted(request: HttpRequest, name: str) -> str:
    """One field of a form; NUL bytes, which no database takes, are left out."""
    return request.POST.get(name, "").replace("\0", "")


def asked(request: HttpRequest, name: str) -> str:
    """One parameter of the address, likewise."""
    return request.GET.get(name, "").replace("\0", "")[:200]


def page_number(request: HttpRequest) -> int:
    """Which page was asked for, from 1; nonsense counts as the first one."""
    text = asked(request, "page")
    return max(1, int(text)) if text.isascii() and text.isdecimal() and len(text) < 7 else 1
