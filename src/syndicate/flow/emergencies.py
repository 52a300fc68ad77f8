"""应急发布: one publisher lets an item out alone; loud, and listed until a second person has checked it."""

from __future__ import annotations

from dataclasses import replace

from syndicate.errors import Conflict, NotAllowed
from syndicate.flow.checking import check_revision, render_all
from syndicate.flow.decide import Vote, audited, current_hash, decision_of, review_situation
from syndicate.flow.fan_out import create_deliveries
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, emergencies, items, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.values import ItemRecord
from syndicate.records.waking import wake
from syndicate.review.approval import approval_hash
from syndicate.review.rules import Request, permit, wrong_role

_MAY_CHECK = frozenset({Role.REVIEWER, Role.PUBLISHER})


def publish(workspace: Workspace, actor: Actor, item_id: int, vote: Vote) -> ItemRecord:
    """Let an item out without a second pair of eyes; it is urgent, so that no channel's hours hold it.

    It is checked with the rules of this moment: what blocks must be overridden with a reason here too. Raises
    NotAllowed (state, role, no reason, open `block` findings, no channel) or Conflict (not what was shown).
    """
    item = items.get(item_id)
    revision = items.latest_revision(item_id)
    if vote.seen and vote.seen != current_hash(workspace, item, revision):
        raise Conflict("review.changed")
    urgent = replace(item, urgent=True)
    found = check_revision(workspace, urgent, revision)
    facts = review_situation(item, revision, found)
    transition = permit(facts, Request(ItemAction.EMERGENCY, actor, vote.reason, vote.overrides))
    rendered = render_all(workspace, urgent, revision.content)
    if not rendered:
        raise NotAllowed("review.no_channel", column=item.column)
    now = workspace.now()
    bound = approval_hash(revision.content, item.column, (one.rendition for one in rendered))
    decision = decision_of(actor, replace(item, level=item.levels), vote, bound, now)
    check_by = now + workspace.snapshot.review.second_check_within
    changes = {"state": transition.next, "approved_at": now, "urgent": True, **_submitted(item, actor)}
    with one_transaction():
        changed = items.change(item, {**changes, "submitted_at": item.submitted_at or now})
        reviews.void_decisions(revision.id)
        reviews.add_decision(revision.id, decision, workspace.snapshot.hash)
        emergencies.add(item_id, revision.id, vote.reason.strip(), actor, now, check_by)
        audit.append(actor, transition.audit, f"item:{item_id}", audited(decision), now)
        create_deliveries(workspace, actor, changed, revision, rendered, vote.undo)
    wake(workspace.home)
    return changed


def _submitted(item: ItemRecord, actor: Actor) -> dict[str, object]:
    """Somebody answers for having put it forward, also where it goes back to review by an undo."""
    return {} if item.submitter else {"submitter": actor.name}


def check(workspace: Workspace, actor: Actor, emergency_id: int, remark: str) -> None:
    """A second person has checked an emergency publication.

    Raises NotAllowed for who made it, for whom it was made and for who may not decide; Conflict when it was checked.
    """
    emergency = emergencies.get(emergency_id)
    if actor.role not in _MAY_CHECK:
        raise wrong_role("check_emergency", actor.role, _MAY_CHECK)
    own = sorted(emergency.people & actor.people)
    if own:
        raise NotAllowed("review.own_emergency", name="、".join(own))
    now = workspace.now()
    with one_transaction():
        if not emergencies.check(emergency_id, actor, remark.strip(), now):
            raise Conflict("review.emergency_checked")
        data = {"emergency": emergency_id, "reason": remark.strip()}
        audit.append(actor, "emergency.checked", f"item:{emergency.item}", data, now)
