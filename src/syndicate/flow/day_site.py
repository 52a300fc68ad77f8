"""The website in the facts of a day: how reachable it was and how fresh its columns are."""

from __future__ import annotations

from datetime import datetime, timedelta

from syndicate.flow.workspace import Workspace
from syndicate.model.facts import ColumnFact, ProbeFact
from syndicate.records import figures
from syndicate.records import office as office_records

WEEK = timedelta(days=7)


def probes(moment: datetime) -> tuple[ProbeFact, ...] | None:
    """The probes of the home page of the seven days before `moment`."""
    rows = office_records.probes_between(moment - WEEK, moment, "site")
    facts = (
        ProbeFact(row.at, row.ok, row.milliseconds / 1000 if row.ok else None, row.target, row.detail) for row in rows
    )
    return tuple(facts) or None


def columns(workspace: Workspace, start: datetime, moment: datetime) -> tuple[ColumnFact, ...] | None:
    """Every column of the website; None where there is no website."""
    website = workspace.website()
    if website is None:
        return None
    found = figures.columns(website.id, start, moment)
    empty = figures.ColumnFigures(0, None, 0)
    site = workspace.snapshot.office.site_url
    return tuple(
        ColumnFact(
            name=column.name,
            title=column.title,
            owner=column.owner,
            last_published=found.get(column.name, empty).last_published,
            limit=column.update_within,
            count=found.get(column.name, empty).count,
            new_today=found.get(column.name, empty).new,
            on_home=column.home,
            url=f"{site}/{column.name}/",
        )
        for column in workspace.snapshot.columns.values()
    )
