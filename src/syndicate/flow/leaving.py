"""离岗: somebody leaves. What he did stays under his name; what he has not finished is handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import NotAllowed
from syndicate.flow.accounts import check_another_admin, check_manages
from syndicate.flow.queues import IN_WORK
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, delegations, feedback, kept_writing, people, queues
from syndicate.records.connection import one_transaction
from syndicate.records.delegations import NewDelegation

WORKS = frozenset({Role.EDITOR, Role.REVIEWER, Role.PUBLISHER})
"""Whoever only keeps accounts can take nobody's work over."""


@dataclass(frozen=True)
class Left:
    """What somebody left behind: items in work and what he could do for others; `successor` empty: nobody has it."""

    name: str
    successor: str
    items: int
    delegations: int

    @property
    def unattended(self) -> bool:
        """Whether there is work that nobody answers for."""
        return bool(self.items) and not self.successor


def unattended() -> dict[str, int]:
    """How many items in work belong to each leaver whose work nobody took over."""
    counts = queues.by_owner(IN_WORK)
    left = (one.name for one in people.everyone() if not one.active and not one.successor)
    return {name: counts[name] for name in left if counts[name]}


def disable(workspace: Workspace, actor: Actor, name: str, successor: str = "") -> Left:
    """A leaver can no longer log in; `successor` answers for his open work from now on. May be done in two steps.

    Items keep the names of who wrote and submitted them. Raises NotAllowed for the last administrator and for a
    successor who cannot have it, NotFound for people who are not there.
    """
    check_manages(actor)
    now = workspace.now()
    with one_transaction():
        check_another_admin(name)
        leaver = people.person(name)
        owners = people.stands_for()[name]
        items = queues.counted({"open": queues.Wanted(states=IN_WORK, owners=owners)})["open"]
        if successor:
            _check_successor(name, successor)
            people.hand_over(name, successor)
            kept_writing.hand_over(name, successor)
            feedback.hand_over(name, successor)
        handed = _end_delegations(actor, name, successor, now)
        if leaver.active:
            people.disable(name)
        left = Left(name, successor or leaver.successor, items, handed)
        told = {"hand_over_to": left.successor, "items": items, "delegations": handed}
        audit.append(actor, "user.disabled", f"user:{name}", told, now)
    return left


def _check_successor(name: str, successor: str) -> None:
    other = people.person(successor)
    if successor == name or not other.active or other.role not in WORKS:
        raise NotAllowed("people.successor", name=successor)


def _end_delegations(actor: Actor, name: str, successor: str, now: datetime) -> int:
    """End what he handed on or was handed; the successor acts on for those he acted for. How many went on that way."""
    handed = 0
    for one in delegations.open_with(name, now):
        delegations.end(one.id, actor.name, now)
        audit.append(actor, "delegation.ended", f"delegation:{one.id}", {"giver": one.giver, "taker": one.taker}, now)
        if successor and one.taker == name and one.giver != successor:
            start = max(one.starts_at, now)
            number = delegations.add(
                NewDelegation(one.giver, successor, start, one.ends_at, one.reason, actor.name), now
            )
            times = {"from": start.isoformat(), "until": one.ends_at.isoformat()}
            facts = {"giver": one.giver, "taker": successor, **times, "reason": one.reason}
            audit.append(actor, "delegation.made", f"delegation:{number}", facts, now)
            handed += 1
    return handed
