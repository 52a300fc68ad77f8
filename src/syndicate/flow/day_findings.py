"""The open findings in the facts of a day."""

from __future__ import annotations

import re

from syndicate.flow.workspace import Workspace
from syndicate.model.facts import FindingFact
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemKind
from syndicate.records import deliveries, figures, items, receipts, reviews
from syndicate.records import findings as finding_records
from syndicate.records.values import RevisionRecord


def findings(workspace: Workspace) -> tuple[FindingFact, ...]:
    """Open findings of the newest revision of every item: overridden ones are decided and not listed."""
    found = []
    numbers = figures.items_with_findings()
    latest = items.latest_revisions(numbers)
    by_revision = finding_records.of_revisions([revision.id for revision in latest.values()])
    revision_of = {one.id: one.revision for sent in deliveries.of_items(numbers).values() for one in sent}
    for item, revision in latest.items():
        overridden = {rule for decision in reviews.decisions(revision.id) for rule in decision.overrides}
        standing = (one for one in receipts.held(item) if revision_of.get(one.delivery) == revision.id)
        held = tuple(sorted({receipt.channel for receipt in standing}))
        for finding in by_revision.get(revision.id, ()):
            if finding.severity is not Severity.HINT and finding.rule not in overridden:
                found.append(_finding(workspace, revision, finding, held))
    return tuple(found)


def _finding(workspace: Workspace, revision: RevisionRecord, finding: Finding, held: tuple[str, ...]) -> FindingFact:
    content = revision.content
    return FindingFact(
        rule=finding.rule,
        severity=finding.severity,
        title=content.title,
        excerpt=_excerpt(content.title if finding.part == "title" else content.body, finding),
        message=finding.message,
        suggestion=finding.suggestion or "",
        url=_address(held, revision.item),
        published_on=held,
        reprint=content.kind is ItemKind.REPRINT,
    )


def _address(held: tuple[str, ...], item: int) -> str:
    addresses = (receipt.receipt.url for receipt in receipts.held(item) if receipt.channel in held)
    return next(addresses, "")


def _excerpt(source: str, finding: Finding) -> str:
    """The text found with ten characters on each side; long numbers beside it are masked, they may be personal."""
    if not finding.text or finding.part not in ("title", "body"):
        return finding.text
    before = _bare(source[max(0, finding.start - 200) : finding.start])[-10:]
    after = _bare(source[finding.end : finding.end + 200])[:10]
    return f"{before}{finding.text}{after}"


def _bare(markup: str) -> str:
    text = re.sub(r"^[^<]*>|<[^>]*>|<[^<]*$", "", markup)
    return re.sub(r"[0-9Xx]{6,}", "***", re.sub(r"\s+", "", text))
