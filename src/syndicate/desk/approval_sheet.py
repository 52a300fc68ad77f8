"""信息发布审核表: everything about one item's approval, as values for one printable page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from syndicate.desk.item_page import CHECKS, LEVELS
from syndicate.desk.review_part import named
from syndicate.desk.wording import word
from syndicate.flow.checking import channels_of
from syndicate.flow.overview import ItemPage, item_page
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Severity
from syndicate.model.review import Verdict
from syndicate.records import emergencies
from syndicate.records.values import DecisionRecord, EmergencyRecord


@dataclass(frozen=True)
class LevelLine:
    """One level of review: who said what when, with which of the five checks; `by` empty: not decided yet."""

    name: str
    by: str
    at: datetime | None
    opinion: str
    reason: str
    checks: tuple[tuple[str, bool], ...]
    overrides: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SentLine:
    """One channel: what became of it, where and when."""

    channel: str
    state: str
    at: datetime | None
    address: str


@dataclass(frozen=True)
class ApprovalSheet:
    """The whole page."""

    page: ItemPage
    column: str
    channels: tuple[str, ...]
    drafted_by: str
    submitted_by: str
    found: tuple[tuple[str, int], ...]
    levels: tuple[LevelLine, ...]
    bound: str
    sent: tuple[SentLine, ...]
    emergencies: tuple[EmergencyRecord, ...]


def approval_sheet(workspace: Workspace, number: int) -> ApprovalSheet:
    """The sheet of an item's newest revision. Raises NotFound."""
    page = item_page(workspace, number)
    column = workspace.snapshot.columns.get(page.item.column)
    counts = Counter(one.severity for one in page.findings)
    decisions = [one for one in page.decided.get(page.revision.id, ()) if not one.void]
    approvals = {one.level: one for one in decisions if one.verdict is Verdict.APPROVE}
    alone = any(one.action == "item.emergency" for one in page.audit)
    names = LEVELS[page.item.levels]
    return ApprovalSheet(
        page=page,
        column=column.title if column else page.item.column,
        channels=tuple(channel.title for channel in channels_of(workspace, page.item)),
        drafted_by=page.revision.created_by,
        submitted_by=page.item.submitter,
        found=tuple((word("severity", severity), counts[severity]) for severity in Severity),
        levels=tuple(_level(name, approvals.get(level)) for level, name in enumerate(names, start=1)),
        bound=decisions[-1].approval_hash if decisions else "",
        sent=_sent(workspace, page),
        emergencies=emergencies.of_item(number) if alone else (),
    )


def _level(name: str, decision: DecisionRecord | None) -> LevelLine:
    if decision is None:
        return LevelLine(name, "", None, "", "", tuple((word("check", one), False) for one in CHECKS), ())
    return LevelLine(
        name,
        named(decision.actor, decision.behalf),
        decision.at,
        word("verb", decision.verdict),
        decision.reason,
        tuple((word("check", one), one in decision.checked) for one in CHECKS),
        tuple(decision.overrides.items()),
    )


def _sent(workspace: Workspace, page: ItemPage) -> tuple[SentLine, ...]:
    receipts = {one.delivery: one.receipt for one in page.receipts}
    lines = []
    for delivery in page.deliveries:
        if delivery.revision != page.revision.id or delivery.state is DeliveryState.CANCELLED:
            continue
        channel = workspace.snapshot.channels.get(delivery.channel)
        receipt = receipts.get(delivery.id)
        state = f"{word('action', delivery.action)} {word('delivery', delivery.state)}"
        lines.append(
            SentLine(
                channel.title if channel else delivery.channel,
                state,
                receipt.at if receipt else None,
                receipt.url if receipt else "",
            )
        )
    return tuple(lines)
