"""值班: what needs a person now, gathered for the overview page."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from syndicate.flow.channel_accounts import troubled
from syndicate.flow.following import open_alarms
from syndicate.flow.personal_tokens import limits
from syndicate.flow.room import free_megabytes, upkeep_limits
from syndicate.flow.workspace import Workspace
from syndicate.model.incident import Incident
from syndicate.model.item import ItemState
from syndicate.model.review import Actor
from syndicate.model.site import Column
from syndicate.model.source import Source, SyncResult
from syndicate.records import failed_rows, figures, incidents, sources, watch
from syndicate.records.accounts import AccountRecord
from syndicate.records.failed_rows import FailedRow
from syndicate.records.originals import Original
from syndicate.records.sources import Health
from syndicate.records.values import ItemRecord
from syndicate.records.watch import Counts, SecondLook

QUIET = (None, SyncResult.NEW, SyncResult.NOTHING_NEW)
_OPEN = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED)


@cache
def _limits() -> dict[str, int]:
    """From when on something is shown: `attention_limits.tsv`."""
    text = files("syndicate.flow").joinpath("attention_limits.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: int(row["value"]) for row in rows}


@dataclass(frozen=True)
class QuietColumn:
    """A column whose longest time without a new item has passed or is near; `last` None: nothing was ever published."""

    column: Column
    last: datetime | None
    due_at: datetime


@dataclass(frozen=True)
class Attention:
    """Everything that somebody has to look at, most urgent first within each part."""

    incidents: tuple[Incident, ...]
    """Incidents that go on, the nearest deadline of a repair first."""
    reprints: tuple[ItemRecord, ...]
    """Reprints that are not out yet though their deadline has passed or is near."""
    accounts: tuple[AccountRecord, ...]
    second_looks: tuple[SecondLook, ...]
    """Withdrawals to confirm and emergency publications to check."""
    sources: tuple[tuple[Source, Health], ...]
    columns: tuple[QuietColumn, ...]
    gone: Sequence[Original]
    """Originals that their source has taken down while we still show or prepare their text."""
    dead_links: tuple[FailedRow, ...]
    """Articles that a list names and nobody could read for a day."""
    counts: Counts
    little_room: int | None
    """Megabytes left on the disk, where that is little."""


def attention(workspace: Workspace, actor: Actor) -> Attention:
    """What needs a person at this moment; of tokens only those of this person."""
    now = workspace.now()
    warned = now + timedelta(days=limits()["warn_days"])
    free = free_megabytes(workspace.home)
    return Attention(
        incidents=incidents.open_ones(),
        reprints=late_reprints(workspace),
        accounts=troubled(workspace),
        second_looks=watch.second_looks(),
        sources=troubled_sources(workspace),
        columns=quiet_columns(workspace),
        gone=open_alarms(),
        dead_links=failed_rows.dead(),
        counts=watch.counts(actor.name, now, warned, now - workspace.snapshot.notices.give_up),
        little_room=free if free < upkeep_limits()["disk_warn"] else None,
    )


def late_reprints(workspace: Workspace) -> tuple[ItemRecord, ...]:
    """Overdue or due soon and still in work; older ones than a week are the report's."""
    now = workspace.now()
    soon = timedelta(hours=_limits()["deadline_hours"])
    return watch.open_reprints(now - timedelta(days=7), now + soon, _OPEN)


def troubled_sources(workspace: Workspace) -> tuple[tuple[Source, Health], ...]:
    """Sources whose last look was no good, or left articles out."""
    known = sources.all_health()
    followed = ((source, known.get(name)) for name, source in workspace.snapshot.sources.items())
    # A message beside a good result tells of articles that failed.
    return tuple(
        (source, health) for source, health in followed if health and (health.result not in QUIET or health.message)
    )


def quiet_columns(workspace: Workspace) -> tuple[QuietColumn, ...]:
    """Columns whose longest time without a new item has passed or is near, the first to end first."""
    website = workspace.website()
    if website is None:
        return ()
    now = workspace.now()
    found = figures.columns(website.id, now, now)
    quiet = []
    for column in workspace.snapshot.columns.values():
        last = found[column.name].last_published if column.name in found else None
        if last is None:
            quiet.append(QuietColumn(column, None, now))
        elif now - last >= column.update_within * _limits()["column_percent"] / 100:
            quiet.append(QuietColumn(column, last, last + column.update_within))
    return tuple(sorted(quiet, key=lambda one: one.due_at))
