"""代办: A lets B act in A's role between two times, so that an office of three goes on while one is away.

B decides in A's role with both names in the audit; the two count as one pair of eyes, and nobody hands on what was handed
to him.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from syndicate.errors import Conflict, Message, NotAllowed, UsageError
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, delegations, people
from syndicate.records.connection import one_at_a_time, one_transaction
from syndicate.records.delegations import NewDelegation
from syndicate.records.values import DelegationRecord
from syndicate.review.rules import wrong_role

DECIDES = frozenset({Role.REVIEWER, Role.PUBLISHER})
"""Roles that can be handed on: those that decide. Whoever writes does so in his own name."""
_WRITES = frozenset({Role.EDITOR, *DECIDES})
SHOWN = 30


def delegate(
    workspace: Workspace, actor: Actor, giver: str, taker: str, starts_at: datetime, ends_at: datetime, reason: str
) -> int:
    """Let somebody act for the one who is away: `giver` himself says so, or an administrator.

    Raises NotAllowed (another person's role, a role that decides nothing, no reason), UsageError for times that do not
    fit, NotFound for people who are not there, Conflict where the role is handed on already.
    """
    if actor.behalf or (actor.name != giver and actor.role is not Role.ADMIN):
        raise NotAllowed("review.delegate_own", name=giver)
    if not reason.strip():
        raise NotAllowed("review.reason", action=Message("word.verb_delegate"))
    role, other = people.person(giver), people.person(taker)
    if role.role not in DECIDES:
        raise wrong_role("delegate", role.role, DECIDES)
    if giver == taker or other.role not in _WRITES or not other.active:
        raise NotAllowed("review.delegate_to", name=taker)
    now = workspace.now()
    longest = workspace.snapshot.review.delegation_longest
    if not starts_at < ends_at <= starts_at + longest or ends_at <= now:
        raise UsageError("review.delegation_time", days=longest.days)
    with one_transaction():
        one_at_a_time("delegation")
        if delegations.overlapping(giver, starts_at, ends_at):
            raise Conflict("review.delegated", name=giver)
        new = NewDelegation(giver, taker, starts_at, ends_at, reason.strip(), actor.name)
        number = delegations.add(new, now)
        facts = {"giver": giver, "taker": taker, "from": starts_at.isoformat(), "until": ends_at.isoformat()}
        audit.append(actor, "delegation.made", f"delegation:{number}", {**facts, "reason": reason.strip()}, now)
    return number


def end(workspace: Workspace, actor: Actor, number: int) -> None:
    """End a delegation before its time: either of the two, or an administrator."""
    one = delegations.get(number)
    if actor.behalf or (actor.name not in (one.giver, one.taker) and actor.role is not Role.ADMIN):
        raise NotAllowed("review.delegate_own", name=one.giver)
    now = workspace.now()
    with one_transaction():
        if not delegations.end(number, actor.name, now):
            raise Conflict("review.delegation_over")
        facts = {"giver": one.giver, "taker": one.taker}
        audit.append(actor, "delegation.ended", f"delegation:{number}", facts, now)


def acting_for(actor: Actor, giver: str, now: datetime) -> Actor:
    """The person in the role of somebody else. Raises NotAllowed when that was not, or is no longer, handed to him."""
    for one in delegations.in_force(actor.name, now):
        if one.giver == giver and one.role in DECIDES:
            return replace(actor, role=one.role, behalf=giver)
    raise NotAllowed("review.not_delegated", name=giver)


def taken(actor: Actor, now: datetime) -> tuple[DelegationRecord, ...]:
    """For whom somebody may act at this moment."""
    return tuple(one for one in delegations.in_force(actor.name, now) if one.role in DECIDES)
