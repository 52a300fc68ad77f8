"""互动 in the report: what the public sent in, how it was answered, and how it rated; from dated records alone."""

from __future__ import annotations

from datetime import datetime, timedelta

from syndicate.errors import Message
from syndicate.flow.day_targets import satisfaction
from syndicate.flow.workspace import Workspace
from syndicate.model.facts import InteractionFacts, OpenReportFact
from syndicate.records import feedback
from syndicate.site.facts import site_facts

_AHEAD = timedelta(days=14)
"""How far deadlines that are counted at this moment may reach."""


def interaction(
    workspace: Workspace, start: datetime, rated_since: datetime, moment: datetime
) -> InteractionFacts | None:
    """The facts from `start` up to a moment, ratings since `rated_since`; None for an office that takes nothing in."""
    open_ones = feedback.open_at(moment)
    answered, late = feedback.answered_between(start, moment)
    received = feedback.received_between(start, moment)
    if not (_takes_in(workspace) or open_ones or answered or received):
        return None
    errors = [one for one in open_ones if one.kind.is_error]
    calendar = workspace.snapshot.calendar
    unknown = [day.year for day in (moment.date(), (moment + _AHEAD).date()) if not calendar.knows(day)]
    return InteractionFacts(
        received=received,
        answered=answered,
        answered_late=late,
        open_since=tuple(one.received_at for one in open_ones),
        error_reports_open=len(errors),
        error_reports_late=sum(one.answer_due_at <= moment for one in errors),
        satisfaction=satisfaction(rated_since, moment),
        open_reports=tuple(_open(one, moment) for one in open_ones),
        holidays_unknown=unknown[0] if unknown else None,
    )


def _takes_in(workspace: Workspace) -> bool:
    website = workspace.website()
    return website is not None and bool(site_facts(workspace.snapshot, website).switches.feedback_url)


def _open(one: feedback.FeedbackRecord, moment: datetime) -> OpenReportFact:
    kind = Message(f"feedback.kind_{one.kind}").zh
    in_hand = one.assigned_at is not None and one.assigned_at < moment
    return OpenReportFact(one.id, kind, one.received_at, one.answer_due_at, one.assignee if in_hand else "")
