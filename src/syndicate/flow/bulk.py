"""批量通过: items without anything to look at, each decided like any other and bound to its own hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from syndicate.errors import NotAllowed
from syndicate.flow.checking import render_all
from syndicate.flow.decide import Decided, Vote, decide, review_situation
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Actor, Verdict
from syndicate.records import findings, items
from syndicate.records.values import ItemRecord, RevisionRecord
from syndicate.review.approval import approval_hash
from syndicate.review.rules import Request, approval_action, permit
from syndicate.text.markup import plain_from_markup

_EXCERPT = 160


@dataclass(frozen=True)
class Offered:
    """One item that may be approved in bulk, as it is shown before it is."""

    item: ItemRecord
    excerpt: str
    source_name: str
    channels: tuple[str, ...]
    seen: str


@dataclass(frozen=True)
class Shown:
    """What was shown of an item: its level, and the hash of all that would go out."""

    item: int
    level: int
    seen: str


def offer(workspace: Workspace, actor: Actor, item_id: int) -> Offered:
    """An item for the list of a bulk approval. Raises NotAllowed where this person cannot approve it so."""
    item, revision = items.get(item_id), items.latest_revision(item_id)
    _require_clean(item, revision, actor)
    rendered = render_all(workspace, item, revision.content)
    text = " ".join(plain_from_markup(revision.content.body).text.split())
    return Offered(
        item=item,
        excerpt=text[:_EXCERPT],
        source_name=revision.content.source_name,
        channels=tuple(workspace.channel(one.rendition.channel).title for one in rendered),
        seen=approval_hash(revision.content, item.column, (one.rendition for one in rendered)),
    )


def approve(workspace: Workspace, actor: Actor, shown: Shown, checked: tuple[str, ...], undo: timedelta) -> Decided:
    """Approve one item of a bulk. Raises as `decide` does, and NotAllowed where something must be looked at."""
    _require_clean(items.get(shown.item), items.latest_revision(shown.item), actor)
    vote = Vote(Verdict.APPROVE, shown.level, seen=shown.seen, undo=undo, checked=checked)
    return decide(workspace, actor, shown.item, vote)


def _require_clean(item: ItemRecord, revision: RevisionRecord, actor: Actor) -> None:
    found = findings.of_revision(revision.id)
    if not is_clean(found):
        raise NotAllowed("review.bulk_findings", item=item.id)
    facts = review_situation(item, revision, found)
    permit(facts, Request(approval_action(facts), actor))


def is_clean(found: tuple[Finding, ...]) -> bool:
    """Whether nothing was found that blocks or that a person must look at."""
    return all(one.severity is Severity.HINT for one in found)
