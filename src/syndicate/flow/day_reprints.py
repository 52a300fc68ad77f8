"""The reprints in the facts of a day, and the sources that they come from."""

from __future__ import annotations

from datetime import datetime, timedelta

from syndicate.flow.workspace import Workspace
from syndicate.ingest.dates import to_the_minute
from syndicate.model.facts import ReprintFact, SourceFact
from syndicate.model.item import ItemState
from syndicate.records import figures, items, past
from syndicate.records import sources as source_records
from syndicate.records.values import ItemSourceRecord

WEEK = timedelta(days=7)


def reprints(workspace: Workspace, moment: datetime) -> tuple[ReprintFact, ...]:
    """Those that were known at `moment` and not set aside: what somebody decided against is no duty any more."""
    known = [row for row in figures.reprints(moment - WEEK) if row.created_at < moment]
    states = past.item_states([row.id for row in known], moment)
    rows = [row for row in known if states[row.id] is not ItemState.DISCARDED]
    numbers = [row.id for row in rows]
    latest = items.latest_revisions(numbers, before=moment)
    published = figures.first_receipts(numbers, moment)
    facts = []
    for row in rows:
        content = latest[row.id].content
        known_at = items.sources(row.id)
        title = (
            workspace.snapshot.sources[known_at[0].source].title if _known(workspace, known_at) else content.source_name
        )
        exact = to_the_minute(content.published_at, workspace.snapshot.office.timezone)
        facts.append(
            ReprintFact(
                title=content.title,
                source_title=title,
                source_time=exact or row.created_at,
                deadline=row.deadline_at or moment,
                published=published.get(row.id, {}),
                by_first_seen=exact is None,
                item=row.id,
                source_url=content.source_url,
            )
        )
    return tuple(facts)


def _known(workspace: Workspace, found: tuple[ItemSourceRecord, ...]) -> bool:
    return bool(found) and found[0].source in workspace.snapshot.sources


def sources(workspace: Workspace, start: datetime, moment: datetime) -> tuple[SourceFact, ...]:
    """Every source that is followed: how it stood at `moment`, and what it had brought since `start`."""
    looks = source_records.looks_between(start, moment)
    last = source_records.last_looks(moment)
    return tuple(
        SourceFact(
            name=source.name,
            title=source.title,
            result=look.result if look else None,
            last_success=look.last_success_at if look else None,
            last_new=look.last_new_at if look else None,
            next_due=look.next_look_at if look else None,
            new_today=sum(one.new for one in looks if one.source == source.name),
            note=look.message.zh if look and look.message else "",
        )
        for source in workspace.snapshot.sources.values()
        for look in [last.get(source.name)]
    )
