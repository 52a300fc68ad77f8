"""What people decided, in the facts of a day."""

from __future__ import annotations

from datetime import datetime

from syndicate.flow.exceptions import judged_rules
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.facts import DecisionFacts, DemotedRuleFact, SecondCheckFact, TakedownFact
from syndicate.records import audit, deliveries, emergencies, items, queues, reviews


def decisions(start: datetime, moment: datetime) -> DecisionFacts:
    """What was submitted, approved, returned and overridden between the two."""
    rows = list(audit.between(start, moment))
    overridden = []
    for row in rows:
        overrides = row.data.get("overrides")
        if isinstance(overrides, dict) and overrides:
            title = items.latest_revision(int(row.subject.removeprefix("item:"))).content.title
            overridden += [(title, rule, str(reason)) for rule, reason in overrides.items()]
    return DecisionFacts(
        submitted=sum(row.action == "item.submitted" for row in rows),
        approved=sum(row.action == "item.approved_last" for row in rows),
        returned=sum(row.action in ("item.returned", "item.sent_back") for row in rows),
        overridden=tuple(overridden),
    )


def second_checks(start: datetime, moment: datetime) -> tuple[SecondCheckFact, ...]:
    """What one person did alone: all that nobody has checked yet, and the day's."""
    alone = {row.id: row for row in (*emergencies.unchecked(), *emergencies.between(start, moment))}
    taken_down = {row.id: row for row in (*reviews.open_withdrawals(), *reviews.withdrawals_between(start, moment))}
    numbers = [*(row.item for row in alone.values()), *(row.item for row in taken_down.values())]
    titles = queues.titles(numbers)
    facts = (
        *(SecondCheckFact("应急发布", titles[row.item], row.actor, row.at, row.checked_by) for row in alone.values()),
        *(
            SecondCheckFact("撤回", titles[row.item], row.actor, row.at, row.confirmed_by)
            for row in taken_down.values()
        ),
    )
    return tuple(fact for fact in facts if fact.at < moment)


def takedowns(start: datetime, moment: datetime) -> tuple[TakedownFact, ...]:
    """What was withdrawn between the two, and how far that got."""
    facts = []
    for row in reviews.withdrawals_between(start, moment):
        duties = [one for one in deliveries.of_item(row.item) if one.action is Action.RETRACT]
        done = sum(one.state in (DeliveryState.DELIVERED, DeliveryState.CANCELLED) for one in duties)
        title = items.latest_revision(row.item).content.title
        facts.append(TakedownFact("撤回", title, row.reason, row.at, done, len(duties)))
    return tuple(facts)


def demoted_rules(workspace: Workspace) -> tuple[DemotedRuleFact, ...]:
    """Rules that editors found wrong too often."""
    judged = (one for one in judged_rules(workspace) if one.demoted)
    return tuple(DemotedRuleFact(one.rule, one.decisions, one.right) for one in judged)
