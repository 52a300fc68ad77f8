"""The facts of a day, from the records: everything the report says comes from here, and what is not kept says so."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime, time, timedelta

from syndicate.errors import Message
from syndicate.flow.day_channels import channels
from syndicate.flow.day_decisions import decisions, demoted_rules, second_checks, takedowns
from syndicate.flow.day_findings import findings
from syndicate.flow.day_reprints import reprints, sources
from syndicate.flow.day_site import columns, probes, site
from syndicate.flow.day_tasks import tasks
from syndicate.flow.workspace import Workspace
from syndicate.model.facts import DayFacts, SiteFacts


def day_facts(workspace: Workspace, day: date, as_of: datetime | None = None) -> DayFacts:
    """Everything known about one day. `as_of` defaults to its end, or to now while it runs."""
    office = workspace.snapshot.office
    now = workspace.now()
    start = datetime.combine(day, time.min, office.timezone)
    moment = as_of or min(start + timedelta(days=1), now)
    return DayFacts(
        day=day,
        as_of=moment,
        made_at=now,
        office=office.name,
        site_name=office.site_name,
        site_url=office.site_url,
        sample=office.sample,
        snapshot=workspace.snapshot.hash,
        probes=probes(moment),
        columns=columns(workspace, start, moment),
        findings=findings(workspace),
        reprints=reprints(workspace, moment),
        channels=channels(workspace, start, moment),
        sources=sources(workspace, start, moment),
        decisions=decisions(start, moment),
        demoted_rules=demoted_rules(workspace),
        second_checks=second_checks(start, moment),
        takedowns=takedowns(start, moment),
        tasks=tasks(workspace),
        site=site(workspace, moment),
        reasons=_reasons(),
    )


def _reasons() -> dict[str, str]:
    """Why a field is not filled, for the fields no record is kept for."""
    crawl = Message("report.not_kept_site").zh
    return {
        "problems": Message("report.not_kept_problems").zh,
        "interaction": Message("report.not_kept_interaction").zh,
        **{f"site.{one.name}": crawl for one in fields(SiteFacts)},
    }
