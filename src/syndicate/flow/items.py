"""稿件: writing an item, changing it, sending it to review, setting it aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from syndicate.errors import Conflict, InputError, Message, NotAllowed
from syndicate.flow import placing
from syndicate.flow.checking import check_revision, keep_warnings, kept_warnings
from syndicate.flow.review_path import review_path
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
    review_on: date | None = None
    """When a person shall read it again after it was published."""


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


def require_writer(actor: Actor) -> None:
    """Raises NotAllowed for those who only keep accounts."""
    if actor.role not in _MAY_WRITE:
        raise wrong_role("create", actor.role, _MAY_WRITE)


def store(
    workspace: Workspace, actor: Actor, placement: Placement, content: Content, warnings: tuple[str, ...] = ()
) -> int:
    """Store a new draft within the caller's transaction; it is not checked yet. Raises as `create` does.

    `warnings` are ids of ingest rules that fired while an article was read.
    """
    require_writer(actor)
    if actor.behalf:
        raise NotAllowed("review.in_person", action=Message("word.verb_create"), name=actor.behalf)
    column = placing.check_place(workspace, placement.column, placement.channels)
    now = workspace.now()
    new = items.NewItem(
        column.name,
        content.kind,
        column.levels,
        actor.name,
        placement.deadline_at,
        placement.expires_at,
        placement.channels,
        review_on=placement.review_on,
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
    path = review_path(workspace, item, revision.content)
    sent = {"state": transition.next, "level": 1, "levels": path.levels, "submitter": actor.name, "submitted_at": now}
    with one_transaction():
        changed = items.change(item, sent)
        reviews.void_decisions(revision.id)
        data = {"revision": revision.number, "levels": path.levels}
        audit.append(actor, transition.audit, f"item:{item_id}", data, now)
    return changed


def edit(
    workspace: Workspace, actor: Actor, item: ItemRecord, content: Content, placement: Placement | None = None
) -> ItemRecord:
    """Store a new revision, and where it goes. All approvals are void.

    `item` is the item as the editor saw it. Raises Conflict when somebody changed it since, NotAllowed for a reprint:
    its text belongs to its source.
    """
    if item.kind is ItemKind.REPRINT:
        raise NotAllowed("item.reprint")
    with one_transaction():
        placed = _place(workspace, actor, item, placement) if placement else item
        changed = _store_revision(workspace, actor, placed, content, (ItemAction.EDIT, ""), ())
    check_revision(workspace, changed, items.latest_revision(item.id))
    return changed


def _place(workspace: Workspace, actor: Actor, item: ItemRecord, placement: Placement) -> ItemRecord:
    """Where the item goes and until when, within the caller's transaction."""
    wanted: dict[str, object] = {
        "column": placement.column,
        "channels": list(placement.channels),
        "expires_at": placement.expires_at,
        "review_on": placement.review_on,
    }
    present = {**{name: getattr(item, name) for name in wanted}, "channels": list(item.channels)}
    changes = {name: value for name, value in wanted.items() if value != present[name]}
    if not changes:
        return item
    permit(situation(item), Request(ItemAction.EDIT, actor))
    if changes.keys() & {"column", "channels"}:
        placing.check_move(workspace, item, placement.column, placement.channels)
    told = {name: [_plain(present[name]), _plain(value)] for name, value in changes.items()}
    audit.append(actor, "item.placed", f"item:{item.id}", told, workspace.now())
    return items.change(item, changes)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def add_revision(
    workspace: Workspace,
    actor: Actor,
    item: ItemRecord,
    content: Content,
    request: tuple[ItemAction, str],
    warnings: tuple[str, ...] = (),
) -> ItemRecord:
    """Store a new revision through an action with its reason; the item is a draft again. `warnings` as in `store`."""
    changed = _store_revision(workspace, actor, item, content, request, warnings)
    check_revision(workspace, changed, items.latest_revision(item.id))
    return changed


def _store_revision(
    workspace: Workspace,
    actor: Actor,
    item: ItemRecord,
    content: Content,
    request: tuple[ItemAction, str],
    warnings: tuple[str, ...],
) -> ItemRecord:
    """All of a new revision that is one transaction; it is not checked yet."""
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
