"""What people look at: the queue's rows and everything about one item, gathered for CLI and desk alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from syndicate.flow.situations import situation_from
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemState
from syndicate.records import audit, deliveries, findings, items, originals, queues, receipts, reviews
from syndicate.records.originals import Original
from syndicate.records.values import (
    AttemptRecord,
    AuditRecord,
    DecisionRecord,
    DeliveryRecord,
    ItemRecord,
    ItemSourceRecord,
    ReceiptRecord,
    RevisionRecord,
    WithdrawalRecord,
)
from syndicate.review.rules import Situation

_CLOSED = (ItemState.WITHDRAWN, ItemState.DISCARDED)


@dataclass(frozen=True)
class QueueRow:
    """One line of the queue. `delivered` of `channels`: how many of its publications arrived."""

    item: ItemRecord
    title: str
    source_name: str
    column_title: str
    worst: Severity | None
    findings: int
    deliveries: tuple[DeliveryRecord, ...]
    delivered: int
    channels: int
    hours_left: float | None = None
    """Until the reprint deadline, negative when it has passed; None for what has none or is out or closed."""


@dataclass(frozen=True)
class ItemPage:
    """Everything about one item."""

    item: ItemRecord
    revision: RevisionRecord
    revisions: tuple[RevisionRecord, ...]
    sources: tuple[ItemSourceRecord, ...]
    """Every source at which the document was seen."""
    original: Original | None
    """The page whose text the item carries: of several sources the one of the highest authority."""
    findings: tuple[Finding, ...]
    decisions: tuple[DecisionRecord, ...]
    decided: dict[int, tuple[DecisionRecord, ...]]
    """The same decisions by revision id."""
    deliveries: tuple[DeliveryRecord, ...]
    attempts: dict[int, tuple[AttemptRecord, ...]]
    receipts: tuple[ReceiptRecord, ...]
    withdrawals: tuple[WithdrawalRecord, ...]
    audit: tuple[AuditRecord, ...]
    hours_left: float | None = None
    """As in the queue."""


def queue_rows(workspace: Workspace, states: Sequence[ItemState], limit: int, offset: int = 0) -> tuple[QueueRow, ...]:
    """Items in any of the states with what a reader of the queue needs, in a fixed number of queries."""
    return rows_of(workspace, items.listed(states, limit, offset))


def rows_of(workspace: Workspace, rows: Sequence[ItemRecord]) -> tuple[QueueRow, ...]:
    """The queue's lines for items that were found already, in a fixed number of queries."""
    numbers = [row.id for row in rows]
    heads = queues.heads(numbers)
    found = findings.tallies([head.revision for head in heads.values()])
    sent = deliveries.of_items(numbers)
    return tuple(_row(workspace, row, heads[row.id], found, sent.get(row.id, ())) for row in rows)


def _row(
    workspace: Workspace,
    item: ItemRecord,
    head: queues.Head,
    found: dict[int, tuple[Severity, int]],
    sent: tuple[DeliveryRecord, ...],
) -> QueueRow:
    worst, count = found.get(head.revision, (None, 0))
    publications = [one for one in sent if one.action is not Action.RETRACT]
    column = workspace.snapshot.columns.get(item.column)
    return QueueRow(
        item=item,
        title=item.title,
        source_name=head.source_name,
        column_title=column.title if column else item.column,
        worst=worst,
        findings=count,
        deliveries=sent,
        delivered=len({one.channel for one in publications if one.state is DeliveryState.DELIVERED}),
        channels=len({one.channel for one in publications}),
        hours_left=_hours_left(workspace, item),
    )


def _hours_left(workspace: Workspace, item: ItemRecord) -> float | None:
    if item.deadline_at is None or item.first_published_at or item.state in _CLOSED:
        return None
    return round((item.deadline_at - workspace.now()) / timedelta(hours=1), 1)


def item_page(workspace: Workspace, item_id: int) -> ItemPage:
    """Everything about one item. Raises NotFound."""
    item = items.get(item_id)
    revisions = items.revisions(item_id)
    latest = revisions[-1]
    sent = deliveries.of_item(item_id)
    sources, original = originals.seen(item_id)
    decided = reviews.decisions_of([one.id for one in revisions])
    history = audit.of_subject(f"item:{item_id}")
    taken_down = any(one.action == "item.withdrawn" for one in history)
    return ItemPage(
        item=item,
        revision=latest,
        revisions=revisions,
        sources=sources,
        original=original,
        findings=findings.of_revision(latest.id),
        decisions=tuple(decision for one in revisions for decision in decided.get(one.id, ())),
        decided=decided,
        deliveries=sent,
        attempts=deliveries.attempts_of([one.id for one in sent]),
        receipts=receipts.of_items([item_id]),
        withdrawals=reviews.withdrawals(item_id) if taken_down else (),
        audit=history,
        hours_left=_hours_left(workspace, item),
    )


def address_of(page: ItemPage, seen: ItemSourceRecord) -> str:
    """Where a source has the document, to be opened: records keep addresses without their scheme, http and https as one."""
    original = page.original
    if original is not None and (original.source, original.key) == (seen.source, seen.key):
        return original.url
    if not seen.url or seen.url.startswith(("http://", "https://")):
        return seen.url
    secure = page.revision.content.source_url.startswith("https://")
    return f"{'https' if secure else 'http'}://{seen.url}"


def situation_of(page: ItemPage) -> Situation:
    """What the rules need to know about the item of a page, without asking the database again."""
    return situation_from(
        page.item,
        page.decided.get(page.revision.id, ()),
        (one for one in page.deliveries if one.revision == page.revision.id),
        page.findings,
        author=page.revision.created_by,
        holds_receipts=any(one.removed_at is None for one in page.receipts),
    )
