"""The rules of review: whether a person may take an action on an item as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from syndicate.errors import Message, NotAllowed
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.review.transitions import ItemTransition, item_transitions


@dataclass(frozen=True)
class Situation:
    """What the rules need to know about an item at the moment of an action.

    `level` counts from 1 to `levels`. `deciders` approved this revision at an earlier level.
    `holds_receipts`: some channel still holds a version. `sent`: a delivery of this revision has left its waiting.
    """

    state: ItemState
    level: int
    levels: int
    submitter: str
    author: str = ""
    """Who wrote the newest revision; not the one who approves it, whoever submitted it."""
    deciders: frozenset[str] = frozenset()
    blocking: frozenset[str] = frozenset()
    """Rule ids of `block` findings on this revision and its renditions."""
    holds_receipts: bool = False
    sent: bool = False


@dataclass(frozen=True)
class Request:
    """What somebody asks for. `overrides`: rule id → reason for a `block` finding that shall not stop it."""

    action: ItemAction
    actor: Actor
    reason: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)


def blocking_rules(findings: Iterable[Finding]) -> frozenset[str]:
    """Rule ids of all findings that block."""
    return frozenset(finding.rule for finding in findings if finding.severity is Severity.BLOCK)


def approval_action(situation: Situation) -> ItemAction:
    """Whether an approval at the present level is the last one."""
    return ItemAction.APPROVE_LAST if situation.level >= situation.levels else ItemAction.APPROVE


def _is_wrong_level(situation: Situation, action: ItemAction) -> bool:
    """Whether this kind of approval belongs to another level than the present one."""
    approvals = {ItemAction.APPROVE, ItemAction.APPROVE_LAST}
    return action in approvals and action is not approval_action(situation)


def allowed_actions(situation: Situation, actor: Actor) -> frozenset[ItemAction]:
    """The actions whose buttons a person may see: state, role and four-eyes rule permit them."""
    allowed = set()
    for (state, action), transition in item_transitions().items():
        if state is not situation.state or actor.role not in transition.roles:
            continue
        if _is_wrong_level(situation, action):
            continue
        try:
            _check_needs(transition, situation, Request(action, actor, "-", dict.fromkeys(situation.blocking, "-")))
        except NotAllowed:
            continue
        allowed.add(action)
    return frozenset(allowed)


def permit(situation: Situation, request: Request) -> ItemTransition:
    """The transition that an action makes. Raises NotAllowed saying who may, or what must happen first."""
    transition = item_transitions().get((situation.state, request.action))
    if transition is None or _is_wrong_level(situation, request.action):
        raise NotAllowed("review.state", state=_state(situation.state), action=_verb(request.action))
    if request.actor.role not in transition.roles:
        raise wrong_role(request.action, request.actor.role, transition.roles)
    _check_needs(transition, situation, request)
    return transition


def wrong_role(verb: str, role: Role, roles: Iterable[Role]) -> NotAllowed:
    """What to tell somebody whose role may not do something; `verb` is a key `verb_…` of `messages/word.tsv`."""
    may = tuple(Message(f"word.role_{one}") for one in sorted(roles) if one is not Role.SYSTEM)
    return NotAllowed("review.role", action=_verb(verb), role=Message(f"word.role_{role}"), roles=may)


def _verb(action: str) -> Message:
    return Message(f"word.verb_{action}")


def _state(state: ItemState) -> Message:
    return Message(f"word.item_{state}")


def _check_needs(transition: ItemTransition, situation: Situation, request: Request) -> None:
    needs = transition.needs
    if "in_person" in needs and request.actor.behalf:
        raise NotAllowed("review.in_person", action=_verb(request.action), name=request.actor.behalf)
    if "reason" in needs and not request.reason.strip():
        raise NotAllowed("review.reason", action=_verb(request.action))
    if "four_eyes" in needs:
        _check_four_eyes(situation, request.actor)
    if "receipts" in needs and not situation.holds_receipts:
        raise NotAllowed("review.nothing_published")
    if "nothing_sent" in needs and situation.sent:
        raise NotAllowed("review.already_sent")
    if "clean" in needs:
        _check_overrides(situation, request)


def _check_four_eyes(situation: Situation, actor: Actor) -> None:
    """Who acts for somebody is one pair of eyes with him."""
    own = sorted(actor.people & {situation.submitter, situation.author})
    if own:
        raise NotAllowed("review.own_item", name="、".join(own))
    before = sorted(actor.people & situation.deciders)
    if before:
        raise NotAllowed("review.second_level", name="、".join(before))


def _check_overrides(situation: Situation, request: Request) -> None:
    unknown = sorted(set(request.overrides) - situation.blocking)
    if unknown:
        raise NotAllowed("review.nothing_to_override", rules="、".join(unknown))
    silent = sorted(rule for rule, reason in request.overrides.items() if not reason.strip())
    if silent:
        raise NotAllowed("review.override_reason", rules="、".join(silent))
    open_rules = sorted(situation.blocking - set(request.overrides))
    if open_rules:
        raise NotAllowed("review.blocked", count=len(open_rules), rules="、".join(open_rules))
