"""The channels: how their accounts stand, what is left of their calls, stop and start, and authorising Weibo again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.context import leave_notice
from syndicate.desk.request import DeskRequest, actor_of, asked, posted
from syndicate.desk.wording import Told, told, word
from syndicate.errors import NotAllowed
from syndicate.flow import bundles, channel_accounts
from syndicate.flow.authorising import authorisation_address, authorise, can_be_authorised
from syndicate.flow.bundles import Waiting
from syndicate.flow.channel_accounts import ChannelPage
from syndicate.model.account import AccountState
from syndicate.model.channel import WeChatMode
from syndicate.model.review import Role

_SALT = "syndicate.desk.authorisation"
_SESSION = "authorising"
_WRITERS = frozenset({Role.EDITOR, Role.REVIEWER, Role.PUBLISHER})
_SECONDS = 600
"""How long an authorisation may take from its beginning to Weibo's answer."""


@dataclass(frozen=True)
class Line:
    """One channel as it is shown, with what the person may do to it."""

    page: ChannelPage
    told: Told | None
    may_hold: bool
    may_release: bool
    may_confirm: bool
    may_authorise: bool
    waiting: tuple[Waiting, ...] = ()
    """Articles that wait for a mass message, for those who may make one."""


@require_safe
def channels(request: DeskRequest) -> HttpResponse:
    """Every channel."""
    pages = channel_accounts.channel_pages(request.workspace)
    return render(request, "channels.html", {"lines": [_line(request, page) for page in pages], "place": "channels"})


def _line(request: DeskRequest, page: ChannelPage) -> Line:
    actor, account = actor_of(request), page.account
    publishes = actor.role is Role.PUBLISHER
    held = account.state is AccountState.HELD
    stopped = account.state in (AccountState.HELD, AccountState.REFUSED, AccountState.NO_PERMISSION)
    return Line(
        page,
        told(account.message) if account.message else None,
        may_hold=publishes and not held,
        may_release=publishes and stopped,
        may_confirm=publishes and held and not account.confirmed_by and account.actor != actor.name,
        may_authorise=actor.role is Role.ADMIN and can_be_authorised(page.channel),
        waiting=_waiting(request, page) if actor.role in _WRITERS else (),
    )


def _waiting(request: DeskRequest, page: ChannelPage) -> tuple[Waiting, ...]:
    pushes = page.channel.settings.get("mode") is WeChatMode.PUSH
    return bundles.waiting(request.workspace, page.channel.id) if pushes else ()


@require_POST
def bundle(request: DeskRequest, channel: str) -> HttpResponse:
    """A mass message of the ticked articles, in the order of the list, sent to review."""
    ticked = [int(one) for one in request.POST.getlist("item") if one.isascii() and one.isdecimal() and len(one) < 19]
    number = bundles.bundle(request.workspace, actor_of(request), channel, ticked)
    leave_notice(request, gettext("群发 {number} 已组成并送审：{count} 篇。").format(number=number, count=len(ticked)))
    return redirect("item", number)


@require_POST
def act(request: DeskRequest, channel: str, do: str) -> HttpResponse:
    """Stop, start, confirm a stop, or look now."""
    workspace, actor, reason = request.workspace, actor_of(request), posted(request, "reason")
    match do:
        case "hold":
            found = channel_accounts.hold(workspace, actor, channel, reason)
        case "release":
            found = channel_accounts.release(workspace, actor, channel, reason)
        case "confirm":
            found = channel_accounts.confirm_hold(workspace, actor, channel)
        case "probe":
            found = channel_accounts.probe(workspace, channel)
        case _:
            raise Http404
    leave_notice(
        request,
        gettext("{channel}：{state}。").format(
            channel=workspace.channel(channel).title, state=word("account", found.state)
        ),
    )
    return redirect("channels")


@require_POST
def begin(request: DeskRequest, channel: str) -> HttpResponse:
    """The way to Weibo's page. The state is signed, belongs to this session, and works once."""
    nonce = secrets.token_urlsafe(24)
    state = signing.dumps({"channel": channel, "nonce": nonce}, salt=_SALT)
    address = authorisation_address(
        request.workspace, actor_of(request), channel, _return_address(request, channel), state
    )
    request.session[_SESSION] = nonce
    return render(request, "authorise.html", {"address": address, "channel": request.workspace.channel(channel)})


@require_safe
def finish(request: DeskRequest, channel: str) -> HttpResponse:
    """Weibo sends the browser here with a code; whatever else brings one here has no valid state."""
    _check_state(request, channel)
    code = asked(request, "code")
    if not code:
        raise NotAllowed("account.denied")
    found = authorise(request.workspace, actor_of(request), channel, code, _return_address(request, channel))
    ends = f"{found.ends_at:%Y-%m-%d}" if found.ends_at else "—"
    leave_notice(
        request,
        gettext("{channel} 已重新授权，有效期至 {ends}。").format(
            channel=request.workspace.channel(channel).title, ends=ends
        ),
    )
    return redirect("channels")


def _check_state(request: DeskRequest, channel: str) -> None:
    expected = request.session.pop(_SESSION, "")
    try:
        given = signing.loads(request.GET.get("state", ""), salt=_SALT, max_age=_SECONDS)
    except signing.BadSignature:
        raise NotAllowed("account.bad_state") from None
    same = constant_time_compare(str(given["nonce"]), expected) and given["channel"] == channel
    if not expected or not same:
        raise NotAllowed("account.bad_state")


def _return_address(request: DeskRequest, channel: str) -> str:
    """What must be entered as the application's redirect address on Weibo's open platform."""
    return request.build_absolute_uri(reverse("authorised", args=[channel]))
