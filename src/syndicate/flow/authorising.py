"""授权: a Weibo account is authorised again by its holder in the browser; only administrators may begin and end it.

Weibo has no refresh token on the server's side: the end of an authorisation means that a person agrees again.
"""

from __future__ import annotations

from contextlib import closing

from syndicate.channels.calls import NotDone, PlatformError, Unanswered
from syndicate.channels.codes import code_message
from syndicate.channels.weibo_client import WeiboClient
from syndicate.config.secrets import OfficeSecrets
from syndicate.errors import FetchLater, NotAllowed, UsageError
from syndicate.flow.channel_accounts import renewed
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind, Token
from syndicate.model.review import Actor, Role
from syndicate.records.accounts import AccountRecord
from syndicate.review.rules import wrong_role

NEEDED = ("app_key", "app_secret")
_MAY = frozenset({Role.ADMIN})


def can_be_authorised(channel: Channel) -> bool:
    """Whether an account has what an authorisation page needs."""
    return channel.kind is ChannelKind.WEIBO and all(purpose in channel.secrets for purpose in NEEDED)


def authorisation_address(workspace: Workspace, actor: Actor, name: str, redirect_uri: str, state: str) -> str:
    """Where the account's holder agrees; the platform sends the browser back to `redirect_uri` with code and state."""
    channel = _permitted(workspace, actor, name)
    with closing(_client(workspace, channel)) as client:
        return client.oauth2.authorize_url(redirect_uri, state)


def authorise(workspace: Workspace, actor: Actor, name: str, code: str, redirect_uri: str) -> AccountRecord:
    """Exchange the code for a token, once, and keep it. The code and the token appear nowhere else.

    Raises NotAllowed (wrong role, refused by the platform, another account), FetchLater when there was no answer.
    """
    channel = _permitted(workspace, actor, name)
    try:
        with closing(_client(workspace, channel)) as client:
            grant = client.oauth2.access_token(code, redirect_uri)
    except PlatformError as error:
        why = code_message("weibo", error.code)
        raise NotAllowed(why.key, **why.values) from None
    except (NotDone, Unanswered) as error:
        raise FetchLater(error.message.key, **error.message.values) from None
    known = channel.settings.get("uid")
    if known and grant.uid and grant.uid != known:
        raise NotAllowed("account.other_holder", channel=channel.title, wanted=known, found=grant.uid)
    return renewed(workspace, actor, name, Token(grant.access_token, workspace.now() + grant.expires_in))


def _permitted(workspace: Workspace, actor: Actor, name: str) -> Channel:
    if actor.role not in _MAY:
        raise wrong_role("authorise", actor.role, _MAY)
    channel = workspace.channel(name)
    if not can_be_authorised(channel):
        raise UsageError("account.no_authorisation", channel=channel.title)
    return channel


def _client(workspace: Workspace, channel: Channel) -> WeiboClient:
    secrets = OfficeSecrets(workspace.home)
    app_key, app_secret = (secrets.get(channel.secrets[purpose]) for purpose in NEEDED)
    return WeiboClient(
        app_key=app_key, app_secret=app_secret, base_url=channel.base_url, timeout=channel.ladder.timeout
    )
