"""审核: one person's decision on one revision at one level; the last approval creates the deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from syndicate.errors import Conflict, NotAllowed
from syndicate.flow.checking import check_revision, findings_now, render_all
from syndicate.flow.fan_out import create_deliveries
from syndicate.flow.items import situation
from syndicate.flow.passages import Remark, comment_on
from syndicate.flow.settling import cancel_open, plain_changes
from syndicate.flow.situations import situation_from, was_sent
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Actor, Decision, ItemAction, PassageComment, Role, Verdict
from syndicate.records import audit, deliveries, emergencies, items, receipts, reviews
from syndicate.records import findings as finding_records
from syndicate.records.connection import one_transaction
from syndicate.records.values import ItemRecord, RevisionRecord
from syndicate.records.waking import wake
from syndicate.review.approval import approval_hash
from syndicate.review.rules import Request, Situation, approval_action, permit

GATE = Actor("gate", Role.SYSTEM, "system")


@dataclass(frozen=True)
class Vote:
    """What a person decides. `seen` is the approval hash of what was shown to him; empty: what stands now."""

    verdict: Verdict
    level: int
    reason: str = ""
    overrides: Mapping[str, str] = field(default_factory=dict)
    seen: str = ""
    undo: timedelta = timedelta(0)
    """How long the last approval can be undone before anything is sent."""
    checked: tuple[str, ...] = ()
    """Which of the five checks the person ticked."""
    remarks: tuple[Remark, ...] = ()
    """What is said about single passages, with a return."""


@dataclass(frozen=True)
class Decided:
    """The item afterwards, and the new blocking findings when the gate sent it back instead."""

    item: ItemRecord
    sent_back: tuple[Finding, ...] = ()


def decide(workspace: Workspace, actor: Actor, item_id: int, vote: Vote) -> Decided:
    """Record one decision.

    Raises NotAllowed (state, role, own item, open `block` findings, missing reason) or Conflict (the item or what
    would be published is no longer what was shown).
    """
    item = items.get(item_id)
    if vote.level != item.level:
        raise NotAllowed("review.level", current=item.level, asked=vote.level)
    revision = items.latest_revision(item_id)
    if vote.verdict is Verdict.RETURN:
        return Decided(_give_back(workspace, actor, item, revision, ItemAction.RETURN, vote))
    return _approve(workspace, actor, item, revision, vote)


def current_hash(workspace: Workspace, item: ItemRecord, revision: RevisionRecord) -> str:
    """The hash an approval given now would be bound to."""
    rendered = render_all(workspace, item, revision.content)
    return approval_hash(revision.content, item.column, (one.rendition for one in rendered))


def review_situation(item: ItemRecord, revision: RevisionRecord, found: tuple[Finding, ...]) -> Situation:
    """What the rules need to know for an approval."""
    mine = (one for one in deliveries.of_item(item.id) if one.revision == revision.id)
    held = bool(receipts.held(item.id))
    decided = reviews.decisions(revision.id)
    return situation_from(item, decided, mine, found, author=revision.created_by, holds_receipts=held)


def _approve(workspace: Workspace, actor: Actor, item: ItemRecord, revision: RevisionRecord, vote: Vote) -> Decided:
    rendered = render_all(workspace, item, revision.content)
    hash_now = approval_hash(revision.content, item.column, (one.rendition for one in rendered))
    if vote.seen and vote.seen != hash_now:
        raise Conflict("review.changed")
    before = _review_again_if_changed(workspace, actor, item, revision, hash_now)
    known = finding_records.of_revision(revision.id)
    facts = review_situation(item, revision, known)
    action = approval_action(facts)
    transition = permit(facts, Request(action, actor, vote.reason, vote.overrides))
    found = findings_now(workspace, revision, rendered)
    new = _new_blocks(found, known)
    if new:
        return _send_back(workspace, item, revision, new)
    now = workspace.now()
    decision = decision_of(actor, item, vote, hash_now, now)
    last = action is ItemAction.APPROVE_LAST
    if last and not rendered:
        raise NotAllowed("review.no_channel", column=item.column)
    changes = {"state": transition.next, **({"approved_at": now} if last else {"level": item.level + 1})}
    with one_transaction():
        changed = items.change(before, changes)
        reviews.add_decision(revision.id, decision, workspace.snapshot.hash)
        audit.append(actor, transition.audit, f"item:{item.id}", audited(decision), now)
        if last:
            create_deliveries(workspace, actor, item, revision, rendered, vote.undo)
    if last:
        wake(workspace.home)
    return Decided(changed)


def decision_of(
    actor: Actor, item: ItemRecord, vote: Vote, bound: str, now: datetime, comments: tuple[PassageComment, ...] = ()
) -> Decision:
    """A vote as it is kept, bound to a hash."""
    return Decision(
        level=item.level,
        verdict=vote.verdict,
        actor=actor.name,
        reason=vote.reason,
        approval_hash=bound,
        at=now,
        overrides=dict(vote.overrides),
        checked=vote.checked,
        comments=comments,
        behalf=actor.behalf,
    )


def audited(decision: Decision) -> dict[str, object]:
    """What the audit keeps of an approval."""
    data = {"level": decision.level, "hash": decision.approval_hash, "reason": decision.reason}
    ticked = {"checked": list(decision.checked)} if decision.checked else {}
    return {**data, "overrides": dict(decision.overrides), **ticked}


def _new_blocks(found: tuple[Finding, ...], known: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Blocking findings that nobody has seen: an override of a rule covers only what that rule had found by then."""
    seen = {(f.rule, f.part, f.start, f.end, f.text) for f in known if f.severity is Severity.BLOCK}
    blocks = (finding for finding in found if finding.severity is Severity.BLOCK)
    return tuple(f for f in blocks if (f.rule, f.part, f.start, f.end, f.text) not in seen)


def _review_again_if_changed(
    workspace: Workspace, actor: Actor, item: ItemRecord, revision: RevisionRecord, hash_now: str
) -> ItemRecord:
    """Earlier approvals of something else are void: templates or limits changed between two levels."""
    earlier = [d for d in reviews.decisions(revision.id) if d.verdict is Verdict.APPROVE and not d.void]
    if all(decision.approval_hash == hash_now for decision in earlier):
        return item
    check_revision(workspace, item, revision)
    now = workspace.now()
    with one_transaction():
        items.change(item, {"level": 1})
        reviews.void_decisions(revision.id)
        audit.append(actor, "item.approvals_void", f"item:{item.id}", {"hash": hash_now}, now)
    raise Conflict("review.changed")


def _give_back(
    workspace: Workspace, actor: Actor, item: ItemRecord, revision: RevisionRecord, action: ItemAction, vote: Vote
) -> ItemRecord:
    transition = permit(situation(item), Request(action, actor, vote.reason))
    now = workspace.now()
    comments = tuple(comment_on(revision.content, remark) for remark in vote.remarks)
    decision = decision_of(
        actor, item, replace(vote, overrides={}), current_hash(workspace, item, revision), now, comments
    )
    data = {"level": item.level, "reason": vote.reason, **({"comments": len(comments)} if comments else {})}
    with one_transaction():
        changed = items.change(item, {"state": transition.next})
        reviews.void_decisions(revision.id)
        reviews.add_decision(revision.id, decision, workspace.snapshot.hash)
        audit.append(actor, transition.audit, f"item:{item.id}", data, now)
    return changed


def _send_back(workspace: Workspace, item: ItemRecord, revision: RevisionRecord, new: tuple[Finding, ...]) -> Decided:
    """The gate found something that the reviewers did not see."""
    check_revision(workspace, item, revision)
    reason = "；".join(sorted({f"{finding.rule} {finding.message}" for finding in new}))
    vote = Vote(Verdict.RETURN, item.level, reason)
    return Decided(_give_back(workspace, GATE, item, revision, ItemAction.SEND_BACK, vote), new)


def undo(workspace: Workspace, actor: Actor, item_id: int) -> ItemRecord:
    """Take the last approval back before anything was sent; the item is at its last level again."""
    item = items.get(item_id)
    revision = items.latest_revision(item_id)
    transition = permit(review_situation(item, revision, ()), Request(ItemAction.UNDO, actor))
    now = workspace.now()
    with one_transaction():
        changed = items.change(item, {"state": transition.next, "level": 1, "approved_at": None})
        reviews.void_decisions(revision.id)
        emergencies.undo(revision.id, now)
        cancel_open(actor, item_id, now)
        if was_sent(one for one in deliveries.of_item(item_id) if one.revision == revision.id):
            # A worker was faster than this undo: everything is rolled back.
            raise NotAllowed("review.already_sent")
        audit.append(actor, transition.audit, f"item:{item_id}", plain_changes(revision=revision.number), now)
    return changed
