"""What people decided, in the facts of a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.facts import DecisionFacts, SecondCheckFact, TakedownFact
from syndicate.records import deliveries, emergencies, items, reviews
from syndicate.records.values import AuditRecord, DeliveryRecord, WithdrawalRecord

_ENDED = (DeliveryState.DELIVERED, DeliveryState.CANCELLED)


def decisions(events: Sequence[AuditRecord], moment: datetime) -> DecisionFacts:
    """What was submitted, approved, returned and overridden in these events."""
    reasons = {row.number: given for row in events if isinstance(given := row.data.get("overrides"), dict) and given}
    item_of = {row.number: int(row.subject.removeprefix("item:")) for row in events if row.number in reasons}
    titles = _titles(list(item_of.values()), moment)
    return DecisionFacts(
        submitted=sum(row.action == "item.submitted" for row in events),
        approved=sum(row.action == "item.approved_last" for row in events),
        returned=sum(row.action in ("item.returned", "item.sent_back") for row in events),
        overridden=tuple(
            (titles[item_of[number]], rule, str(reason))
            for number, given in reasons.items()
            for rule, reason in given.items()
        ),
    )


def second_checks(start: datetime, moment: datetime) -> tuple[SecondCheckFact, ...]:
    """What one person did alone: all that nobody had checked by `moment`, and what was done from `start` on."""
    alone, taken_down = emergencies.as_of(start, moment), reviews.withdrawals_as_of(start, moment)
    titles = _titles([*(row.item for row in alone), *(row.item for row in taken_down)], moment)
    return (
        *(SecondCheckFact("应急发布", titles[row.item], row.actor, row.at, row.checked_by) for row in alone),
        *(SecondCheckFact("撤回", titles[row.item], row.actor, row.at, row.confirmed_by) for row in taken_down),
    )


def takedowns(start: datetime, moment: datetime) -> tuple[TakedownFact, ...]:
    """What was withdrawn between the two, and how far that had got."""
    rows = reviews.withdrawals_between(start, moment)
    duties = deliveries.of_items({row.item for row in rows})
    titles = _titles([row.item for row in rows], moment)
    facts = []
    for row in rows:
        mine = [one for one in duties.get(row.item, ()) if _of(one, row) and one.created_at < moment]
        done = sum(_was_done(one, moment) for one in mine)
        facts.append(TakedownFact("撤回", titles[row.item], row.reason, row.at, done, len(mine)))
    return tuple(facts)


def _of(duty: DeliveryRecord, withdrawal: WithdrawalRecord) -> bool:
    """Whether a duty to take down came from this withdrawal or an earlier one that was still at work."""
    return duty.action is Action.RETRACT and (duty.finished_at is None or duty.finished_at >= withdrawal.at)


def _was_done(duty: DeliveryRecord, moment: datetime) -> bool:
    return duty.state in _ENDED and duty.finished_at is not None and duty.finished_at < moment


def _titles(numbers: Sequence[int], moment: datetime) -> dict[int, str]:
    """What items were called at a moment."""
    return {item: one.content.title for item, one in items.latest_revisions(numbers, before=moment).items()}
