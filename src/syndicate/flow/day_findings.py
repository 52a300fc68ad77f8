"""The open findings in the facts of a day."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from syndicate.model.facts import FindingFact
from syndicate.model.finding import Finding
from syndicate.model.item import ItemKind, ItemState
from syndicate.records import items, past, reviews
from syndicate.records.bulk import portions
from syndicate.records.values import RevisionRecord


def findings(moment: datetime) -> tuple[FindingFact, ...]:
    """Open findings of the newest revision that every item had at `moment`; overridden ones are decided and not listed."""
    standing: defaultdict[int, list[past.StandingFinding]] = defaultdict(list)
    for one in past.findings(moment):
        standing[one.item].append(one)
    held = past.holdings(standing, moment)
    states = past.item_states(standing, moment)
    wanted = [item for item in standing if is_open(states[item], bool(held.get(item)))]
    overridden = overridden_since({one.revision for item in wanted for one in standing[item]})
    facts: list[FindingFact] = []
    for numbers in portions(wanted):
        latest = items.latest_revisions(numbers, before=moment)
        facts += (
            _finding(latest[item], one, held.get(item, ()))
            for item in numbers
            for one in standing[item]
            if overridden.get((one.revision, one.finding.rule), moment) >= moment
        )
    return tuple(facts)


def overridden_since(revisions: Collection[int]) -> dict[tuple[int, str], datetime]:
    """When somebody first overrode each rule on each of several revisions, by (revision, rule)."""
    found: dict[tuple[int, str], datetime] = {}
    for revision, rule, at in reviews.overrides_of(revisions):
        found.setdefault((revision, rule), at)
    return found


def is_open(state: ItemState, held: bool) -> bool:
    """Whether findings on an item are still anybody's concern: not set aside, not taken down everywhere."""
    return state is not ItemState.DISCARDED and (held or state is not ItemState.WITHDRAWN)


def _finding(revision: RevisionRecord, found: past.StandingFinding, held: tuple[past.Holding, ...]) -> FindingFact:
    content, finding = revision.content, found.finding
    carrying = sorted({one.channel for one in held if one.revision == revision.id})
    return FindingFact(
        rule=finding.rule,
        severity=finding.severity,
        title=content.title,
        excerpt=_excerpt(content.title if finding.part == "title" else content.body, finding),
        message=finding.message,
        suggestion=finding.suggestion or "",
        url=next((one.url for one in held if one.channel in carrying), ""),
        published_on=tuple(carrying),
        reprint=content.kind is ItemKind.REPRINT,
        found_at=found.found_at,
        sha256=content.hash,
    )


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
