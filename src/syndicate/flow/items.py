"""稿件: writing an item, changing it, sending it to review, setting it aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Conflict, InputError, NotAllowed, NotFound
from syndicate.flow.checking import check_revision, keep_warnings, kept_warnings
from syndicate.flow.workspace import Workspace
from syndicate.model.item import Content, ItemKind, ItemState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, items, receipts, reviews
from syndicate.records.connection import one_transaction
from syndicate.records.values import ItemRecord
from syndicate.review.rules import Request, Situation, permit, wrong_role

_MAY_WRITE = frozenset({Role.EDITOR, Role.REVIEWER, Role.PUBLISHER, Role.SYSTEM})


@dataclass(frozen=True)
class Placement:
    """Where an item shall go and until when. No channels named: all that take its column."""

    column: str
    channels: tuple[str, ...] = ()
    deadline_at: datetime | None = None
    expires_at: datetime | None = None


def original(workspace: Workspace, title: str, body: str) -> Content:
    """The office's own text as a revision's content; `body` is sanitised HTML. Raises InputError for empty ones."""
    if not title.strip():
        raise InputError("item.no_title")
    if not body.strip():
        raise InputError("item.no_text")
    return Content(title.strip(), body, ItemKind.ORIGINAL, workspace.snapshot.office.name)


def create(workspace: Workspace, actor: Actor, placement: Placement, content: Content) -> int:
    """Store a new draft and check it; returns the item's number. Raises NotAllowed for those who only keep accounts."""
    with one_transaction():
        item = store(workspace, actor, placement, content)
    check_revision(workspace, items.get(item), items.latest_revision(item))
    return item


def store(
    workspace: Workspace, actor: Actor, placement: Placement, content: Content, warnings: tuple[str, ...] = ()
) -> int:
    """Store a new draft within the caller's transaction; it is not checked yet. Raises as `create` does.

    `warnings` are ids of ingest rules that fired while an article was read.
    """
    if actor.role not in _MAY_WRITE:
        raise wrong_role("create", actor.role, _MAY_WRITE)
    column = workspace.snapshot.columns.get(placement.column)
    if column is None:
        raise NotFound("render.column", column=placement.column)
    now = workspace.now()
    new = items.NewItem(
        column.name,
        content.kind,
        column.levels,
        actor.name,
        placement.deadline_at,
        placement.expires_at,
        placement.channels,
    )
    item, revision = items.create(new, content, now)
    keep_warnings(workspace, revision, warnings)
    audit.append(actor, "item.created", f"item:{item}", {"title": content.title, "hash": content.hash}, now)
    return item


def submit(workspace: Workspace, actor: Actor, item_id: int) -> ItemRecord:
    """Send a draft, or a returned item, to the first level of review."""
    item = items.get(item_id)
    transition = permit(situation(item), Request(ItemAction.SUBMIT, actor))
    revision = items.latest_revision(item_id)
    if revision.checked_with != workspace.snapshot.hash:
        check_revision(workspace, item, revision)
    now = workspace.now()
    with one_transaction():
        changed = items.change(
            item, {"state": transition.next, "level": 1, "submitter": actor.name, "submitted_at": now}
        )
        reviews.void_decisions(revision.id)
        audit.append(actor, transition.audit, f"item:{item_id}", {"revision": revision.number}, now)
    return changed


def edit(workspace: Workspace, actor: Actor, item: ItemRecord, content: Content) -> ItemRecord:
    """Store a new revision. All approvals are void. A reprint is never changed by us: its text belongs to its source.

    `item` is the item as the editor saw it. Raises Conflict when somebody changed it since, NotAllowed for a reprint.
    """
    if item.kind is ItemKind.REPRINT:
        raise NotAllowed("item.reprint")
    return add_revision(workspace, actor, item, content, (ItemAction.EDIT, ""))


def add_revision(
    workspace: Workspace,
    actor: Actor,
    item: ItemRecord,
    content: Content,
    request: tuple[ItemAction, str],
    warnings: tuple[str, ...] = (),
) -> ItemRecord:
    """Store a new revision through an action with its reason; the item is a draft again. `warnings` as in `store`."""
    action, reason = request
    transition = permit(situation(item), Request(action, actor, reason))
    previous = items.latest_revision(item.id)
    now = workspace.now()
    with one_transaction():
        changed = items.change(item, {"state": transition.next, "level": 1})
        revision = items.add_revision(item.id, content, actor.name, now)
        keep_warnings(workspace, revision, warnings)
        reviews.void_decisions(previous.id)
        data = {"before": previous.content.hash, "after": content.hash, "reason": reason}
        audit.append(actor, transition.audit, f"item:{item.id}", data, now)
    check_revision(workspace, changed, items.latest_revision(item.id))
    return changed


def amend(workspace: Workspace, actor: Actor, item_id: int, reason: str, content: Content | None = None) -> ItemRecord:
    """Start a correction: a new revision, reviewed like a publication. Without `content` the text stays the same.

    Raises NotAllowed for another text of a reprint: that is corrected by its source.
    """
    item = items.get(item_id)
    if content is not None and item.kind is ItemKind.REPRINT:
        raise NotAllowed("item.reprint")
    latest = items.latest_revision(item_id)
    doubts = () if content else kept_warnings(latest.id)
    return add_revision(workspace, actor, item, content or latest.content, (ItemAction.AMEND, reason), doubts)


def discard(workspace: Workspace, actor: Actor, item_id: int, reason: str) -> ItemRecord:
    """Set an item aside with a reason. Raises Conflict while a channel still holds it."""
    item = items.get(item_id)
    transition = permit(situation(item), Request(ItemAction.DISCARD, actor, reason))
    if receipts.held(item_id):
        raise Conflict("item.still_published", item=item_id)
    now = workspace.now()
    with one_transaction():
        changed = items.change(item, {"state": transition.next})
        audit.append(actor, transition.audit, f"item:{item_id}", {"reason": reason}, now)
    return changed


def situation(item: ItemRecord) -> Situation:
    """What the rules need to know about an item for everything but approvals."""
    return Situation(
        state=ItemState(item.state),
        level=item.level,
        levels=item.levels,
        submitter=item.submitter,
        holds_receipts=bool(receipts.held(item.id)),
    )
