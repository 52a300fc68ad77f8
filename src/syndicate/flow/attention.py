"""值班: what needs a person now, gathered for the overview page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.flow.channel_accounts import troubled
from syndicate.flow.following import open_alarms
from syndicate.flow.workspace import Workspace
from syndicate.model.item import ItemState
from syndicate.model.site import Column
from syndicate.model.source import Source, SyncResult
from syndicate.records import failed_rows, figures, queues, reviews, sources
from syndicate.records.accounts import AccountRecord
from syndicate.records.failed_rows import FailedRow
from syndicate.records.originals import Original
from syndicate.records.sources import Health
from syndicate.records.values import ItemRecord, WithdrawalRecord

QUIET = (None, SyncResult.NEW, SyncResult.NOTHING_NEW)
_NEAR = 0.8
"""A column is shown once this share of its longest time without a new item has passed."""


@dataclass(frozen=True)
class LateReprint:
    """A reprint that is not out yet though its deadline has passed or is near."""

    item: ItemRecord
    title: str


@dataclass(frozen=True)
class UnconfirmedWithdrawal:
    """A withdrawal that no second person has looked at."""

    withdrawal: WithdrawalRecord
    title: str


@dataclass(frozen=True)
class QuietColumn:
    """A column whose longest time without a new item has passed or is near; `last` None: nothing was ever published."""

    column: Column
    last: datetime | None
    due_at: datetime


@dataclass(frozen=True)
class Attention:
    """Everything that somebody has to look at, most urgent first within each part."""

    reprints: tuple[LateReprint, ...]
    stopped: int
    accounts: tuple[AccountRecord, ...]
    withdrawals: tuple[UnconfirmedWithdrawal, ...]
    sources: tuple[tuple[Source, Health], ...]
    columns: tuple[QuietColumn, ...]
    gone: Sequence[Original]
    """Originals that their source has taken down while we still show or prepare their text."""
    dead_links: tuple[FailedRow, ...]
    """Articles that a list names and nobody could read for a day."""


def attention(workspace: Workspace) -> Attention:
    """What needs a person at this moment."""
    return Attention(
        reprints=late_reprints(workspace),
        accounts=troubled(workspace),
        stopped=queues.counted(queues.Wanted(stopped=True)),
        withdrawals=_withdrawals(),
        sources=troubled_sources(workspace),
        columns=quiet_columns(workspace),
        gone=open_alarms(),
        dead_links=failed_rows.dead(),
    )


def late_reprints(workspace: Workspace) -> tuple[LateReprint, ...]:
    """Overdue or due within four hours and still in work; a week back, older ones are the report's."""
    now = workspace.now()
    open_states = (ItemState.DRAFT, ItemState.SUBMITTED, ItemState.RETURNED)
    rows = [row for row in figures.reprints(now - timedelta(days=7)) if row.state in open_states and row.deadline_at]
    late = [row for row in rows if row.deadline_at and row.deadline_at <= now + timedelta(hours=4)]
    titles = queues.titles([row.id for row in late])
    return tuple(LateReprint(row, titles.get(row.id, "")) for row in late)


def _withdrawals() -> tuple[UnconfirmedWithdrawal, ...]:
    rows = reviews.open_withdrawals()
    titles = queues.titles([row.item for row in rows])
    return tuple(UnconfirmedWithdrawal(row, titles.get(row.item, "")) for row in rows)


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
        elif now - last >= column.update_within * _NEAR:
            quiet.append(QuietColumn(column, last, last + column.update_within))
    return tuple(sorted(quiet, key=lambda one: one.due_at))
