"""账号状态: whether each channel's account can be used. Codes, probes and people change it; deliveries wait for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from syndicate.channels.codes import PLATFORMS, account_event, code_message
from syndicate.errors import Conflict, Message, NotAllowed, SyndicateError
from syndicate.flow.account_waits import BLOCKED
from syndicate.flow.settling import RUNNER
from syndicate.flow.workspace import Workspace
from syndicate.model.account import AccountEvent, AccountLook, AccountProbe, AccountState
from syndicate.model.channel import Channel, Token
from syndicate.model.delivery import WaitReason
from syndicate.model.quota import QuotaUse
from syndicate.model.review import Actor, Role
from syndicate.records import accounts, audit, quotas
from syndicate.records.accounts import AccountRecord
from syndicate.records.connection import one_transaction
from syndicate.records.waking import wake
from syndicate.review.rules import wrong_role
from syndicate.review.transitions import Notice, account_transitions

PROBE_EVERY = timedelta(hours=20)
"""One probe a day; a little less, so that a daily patrol that starts early still makes it."""
WARN_BEFORE = timedelta(days=7)
"""How long before its end an authorisation is reported, unless the account's file says otherwise."""
_MAY_HOLD = frozenset({Role.PUBLISHER})
_SAID = frozenset({AccountEvent.REFUSED, AccountEvent.NO_PERMISSION})
"""What a platform says is a look at the account."""
_WAITS = (WaitReason.HELD, WaitReason.QUOTA)


@dataclass(frozen=True)
class ChannelPage:
    """One channel: its account, what is left of its calls, and how many deliveries wait for either."""

    channel: Channel
    account: AccountRecord
    quotas: tuple[QuotaUse, ...]
    waiting_for_account: int
    waiting_for_quota: int


def channel_pages(workspace: Workspace) -> tuple[ChannelPage, ...]:
    """Every channel of the configuration."""
    known = accounts.everything()
    waiting = accounts.waiting(_WAITS)
    now = workspace.now()
    return tuple(
        ChannelPage(
            channel,
            known.get(name, AccountRecord(name)),
            quotas.used(channel, now),
            waiting.get((name, WaitReason.HELD), 0),
            waiting.get((name, WaitReason.QUOTA), 0),
        )
        for name, channel in workspace.snapshot.channels.items()
    )


def channel_page(workspace: Workspace, name: str) -> ChannelPage:
    """One channel. Raises NotFound."""
    wanted = workspace.channel(name).id
    return next(page for page in channel_pages(workspace) if page.channel.id == wanted)


def troubled(workspace: Workspace) -> tuple[AccountRecord, ...]:
    """The accounts that somebody has to look at."""
    known = accounts.everything()
    return tuple(
        known[name]
        for name in workspace.snapshot.channels
        if name in known and known[name].state is not AccountState.OK
    )


def heard(channel: Channel, code: str, worked: bool, now: datetime) -> None:
    """A platform answered: a code that says something of the account changes its state, any other changes nothing.

    A call that `worked` ends a refusal.
    """
    event = account_event(channel.kind, code) if code else None
    if event:
        _take(channel, event, RUNNER, code_message(channel.kind, code), now, code=code)
    elif worked and channel.kind in PLATFORMS and accounts.get(channel.id).state is AccountState.REFUSED:
        _take(channel, AccountEvent.WORKED, RUNNER, None, now)


def hold(workspace: Workspace, actor: Actor, name: str, reason: str) -> AccountRecord:
    """Stop a channel at once; what is under way settles, taking down goes on. Listed until a second person confirms it."""
    channel, now = workspace.channel(name), workspace.now()
    _permit(actor, "hold", reason)
    why = Message("account.held", {"channel": channel.title, "name": actor.name, "reason": reason.strip()})
    with one_transaction():
        if not _take(channel, AccountEvent.HELD, actor, why, now, reason=reason.strip()):
            raise Conflict("account.held_already", channel=channel.title)
        return accounts.get(name)


def release(workspace: Workspace, actor: Actor, name: str, reason: str) -> AccountRecord:
    """Start a channel again, or say that what a platform objected to is settled; what waited goes on by itself."""
    channel, now = workspace.channel(name), workspace.now()
    _permit(actor, "release", reason)
    with one_transaction():
        if not _take(channel, AccountEvent.RELEASED, actor, None, now, reason=reason.strip()):
            raise Conflict("account.not_stopped", channel=channel.title)
        found = accounts.get(name)
    wake(workspace.home)
    return found


def confirm_hold(workspace: Workspace, actor: Actor, name: str) -> AccountRecord:
    """A second person has seen that a channel is stopped."""
    if actor.role not in _MAY_HOLD:
        raise wrong_role("confirm_hold", actor.role, _MAY_HOLD)
    channel, now = workspace.channel(name), workspace.now()
    with one_transaction():
        found = accounts.lock(name, now)
        if found.state is not AccountState.HELD or found.confirmed_by:
            raise Conflict("account.nothing_to_confirm", channel=channel.title)
        if found.actor == actor.name:
            raise NotAllowed("account.second_person", channel=channel.title)
        accounts.put(replace(found, confirmed_by=actor.name))
        audit.append(actor, "account.confirmed", f"channel:{name}", {}, now)
        return accounts.get(name)


def renewed(workspace: Workspace, actor: Actor, name: str, token: Token) -> AccountRecord:
    """A new authorisation: its token replaces the old one (an empty one never does), and what waited goes on."""
    channel, now = workspace.channel(name), workspace.now()
    if not token.value:
        raise NotAllowed("account.empty_token", channel=channel.title)
    with one_transaction():
        workspace.tokens.put(name, token)
        accounts.put(replace(accounts.lock(name, now), ends_at=token.expires_at, looked_at=now))
        audit.append(actor, "account.authorised", f"channel:{name}", {"ends_at": token.expires_at.isoformat()}, now)
        _take(channel, AccountEvent.RENEWED, actor, None, now)
        found = accounts.get(name)
    wake(workspace.home)
    return found


def probe(workspace: Workspace, name: str) -> AccountRecord:
    """Look at one account with a call that changes nothing. An account that cannot be asked stays as it is."""
    channel, now = workspace.channel(name), workspace.now()
    driver = workspace.driver(name)
    if not isinstance(driver, AccountProbe):
        return accounts.get(name)
    try:
        look = driver.probe(channel, now)
    except SyndicateError:
        look = AccountLook(False)  # a missing secret or a budget that is used up: says nothing of the account
    with one_transaction():
        found = accounts.lock(name, now)
        accounts.put(replace(found, looked_at=now, ends_at=look.ends_at or found.ends_at))
        if look.reached:
            _judge(channel, look, now)
        found = accounts.get(name)
    wake(workspace.home)
    return found


def probe_due(workspace: Workspace) -> tuple[AccountRecord, ...]:
    """Look at every account that was not looked at today; at most one call each."""
    known, now = accounts.everything(), workspace.now()
    late = []
    for name in workspace.snapshot.channels:
        looked_at = known[name].looked_at if name in known else None
        if looked_at is None or now - looked_at >= PROBE_EVERY:
            late.append(name)
    return tuple(probe(workspace, name) for name in late if isinstance(workspace.driver(name), AccountProbe))


def _judge(channel: Channel, look: AccountLook, now: datetime) -> None:
    if look.code:
        heard(channel, look.code, False, now)
        return
    _take(channel, AccountEvent.WORKED, RUNNER, None, now)
    if look.ends_at is None:
        return
    before = channel.settings.get("warn_before", WARN_BEFORE)
    assert isinstance(before, timedelta)
    if look.ends_at - now <= before:
        days = max((look.ends_at - now).days, 0)
        why = Message("account.ending", {"channel": channel.title, "date": f"{look.ends_at:%Y-%m-%d}", "days": days})
        _take(channel, AccountEvent.ENDING, RUNNER, why, now)
    else:
        _take(channel, AccountEvent.RENEWED, RUNNER, None, now, only=AccountState.EXPIRING)


def _permit(actor: Actor, verb: str, reason: str) -> None:
    if actor.role not in _MAY_HOLD:
        raise wrong_role(verb, actor.role, _MAY_HOLD)
    if not reason.strip():
        raise NotAllowed("review.reason", action=Message(f"word.verb_{verb}"))


def _take(
    channel: Channel,
    event: AccountEvent,
    actor: Actor,
    message: Message | None,
    now: datetime,
    *,
    only: AccountState | None = None,
    **facts: str,
) -> bool:
    """Take an event's transition if the table has one: state, notice in the audit, and what waited is due again."""
    with one_transaction():
        found = accounts.lock(channel.id, now)
        if event in _SAID:
            found = replace(found, looked_at=now)
        transition = account_transitions().get((found.state, event))
        if transition is None or (only and found.state is not only):
            accounts.put(found)
            return False
        changed = replace(
            found,
            state=transition.next,
            since=now,
            message=message,
            code=facts.get("code", ""),
            actor=actor.name,
            confirmed_by="",
        )
        accounts.put(changed)
        if transition.next not in BLOCKED:
            accounts.release(channel.id, now)
        if transition.notice is not Notice.NONE:
            data = {"from": found.state, "to": transition.next, **facts}
            audit.append(actor, f"account.{transition.notice}", f"channel:{channel.id}", data, now)
        return True
