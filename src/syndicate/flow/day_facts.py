"""The facts of a day, from the records: everything the report says comes from here, and what is not kept says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from syndicate.errors import Message
from syndicate.flow.day_channels import channels
from syndicate.flow.day_crawl import SiteAt
from syndicate.flow.day_decisions import decisions, second_checks, takedowns
from syndicate.flow.day_duty import reprints
from syndicate.flow.day_findings import findings
from syndicate.flow.day_interaction import interaction
from syndicate.flow.day_masking import masked
from syndicate.flow.day_site import columns, probes
from syndicate.flow.day_sources import sources
from syndicate.flow.day_standing import standing_at
from syndicate.flow.day_targets import targets
from syndicate.flow.day_trends import trends
from syndicate.flow.day_work import work_facts
from syndicate.flow.day_year import yearly_facts
from syndicate.flow.incidents import problems
from syndicate.flow.workspace import Workspace
from syndicate.model.facts import DayFacts
from syndicate.model.period import Period, Span, parts_of, period_of
from syndicate.records import audit

MONTH = timedelta(days=30)
"""What a day's report looks back over for repairs and for the office's own targets."""


def day_facts(workspace: Workspace, day: date, as_of: datetime | None = None) -> DayFacts:
    """Everything known about one day. `as_of` defaults to its end, or to now while it runs."""
    return period_facts(workspace, period_of(Span.DAY, day), as_of)


def period_facts(workspace: Workspace, period: Period, as_of: datetime | None = None) -> DayFacts:
    """Everything known about a period. `as_of` defaults to its end, or to now while it runs."""
    office = workspace.snapshot.office
    start = period.start(office.timezone)
    moment = as_of or min(period.end(office.timezone), workspace.now())
    standing, events = standing_at(workspace, moment), audit.between(start, moment)
    parts, site = parts_of(period), SiteAt(workspace, moment)
    month_back = min(start, moment - MONTH)
    work = work_facts(workspace, parts[0].start(office.timezone), moment)
    facts = DayFacts(
        day=period.first,
        span=period.span,
        as_of=moment,
        made_at=workspace.now(),
        office=office.name,
        site_name=office.site_name,
        site_url=office.site_url,
        sample=office.sample,
        snapshot=workspace.snapshot.hash,
        probes=probes(moment),
        columns=columns(workspace, start, moment),
        findings=(*findings(moment), *site.findings()),
        reprints=reprints(workspace, moment),
        channels=channels(workspace, standing, events, start, moment),
        sources=sources(workspace, start, moment),
        decisions=decisions(events, moment),
        demoted_rules=standing.demoted_rules or (),
        second_checks=second_checks(start, moment),
        takedowns=takedowns(start, moment),
        tasks=standing.tasks,
        problems=problems(month_back, moment),
        targets=targets(workspace, month_back if period.span is Span.DAY else start, moment),
        site=site.facts(),
        interaction=interaction(workspace, start, month_back if period.span is Span.DAY else start, moment),
        trends=trends(workspace, parts, moment),
        departments=work.departments,
        people=work.people,
        reasons={**_reasons(), **site.reasons()},
    )
    return masked(_with_year(workspace, facts, start) if period.span is Span.YEAR else facts)


def _with_year(workspace: Workspace, facts: DayFacts, start: datetime) -> DayFacts:
    known = (facts.columns or (), facts.channels or (), facts.trends or (), facts.interaction)
    return replace(facts, yearly=yearly_facts(workspace, start, facts.as_of, known))


def _reasons() -> dict[str, str]:
    """Why a field is not filled, for the fields no record is kept for."""
    return {
        "tasks": Message("report.not_kept_standing").zh,
        "channels": Message("report.not_kept_standing").zh,
        "interaction": Message("report.not_kept_interaction").zh,
        "interaction.satisfaction": Message("report.not_rated").zh,
        "interaction.surveys_in_year": Message("report.not_kept_surveys").zh,
    }
