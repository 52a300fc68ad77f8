"""What the rules of review need to know about an item, from what was read of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Finding
from syndicate.model.review import Verdict
from syndicate.records.values import DecisionRecord, DeliveryRecord, ItemRecord
from syndicate.review.rules import Situation, blocking_rules

_NOT_SENT = (DeliveryState.WAITING, DeliveryState.CANCELLED)


def situation_from(
    item: ItemRecord,
    decisions: Iterable[DecisionRecord],
    deliveries: Iterable[DeliveryRecord],
    found: Iterable[Finding],
    *,
    author: str,
    holds_receipts: bool,
) -> Situation:
    """The situation of an item. `author`, `decisions`, `deliveries` and `found` are those of its newest revision."""
    approvals = (one for one in decisions if one.verdict is Verdict.APPROVE and not one.void)
    return Situation(
        state=item.state,
        level=item.level,
        levels=item.levels,
        submitter=item.submitter,
        author=author,
        deciders=frozenset(name for one in approvals for name in (one.actor, one.behalf) if name),
        blocking=blocking_rules(found),
        holds_receipts=holds_receipts,
        sent=was_sent(deliveries),
    )


def was_sent(deliveries: Iterable[DeliveryRecord]) -> bool:
    """Whether any of the deliveries of a revision has left its waiting."""
    return any(one.attempts_made or one.state not in _NOT_SENT for one in deliveries)
