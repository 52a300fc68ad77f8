"""The sources in the facts of a day: how each stood, and what it had brought."""

from __future__ import annotations

from datetime import datetime

from syndicate.flow.workspace import Workspace
from syndicate.model.facts import SourceFact
from syndicate.records import sources as source_records


def sources(workspace: Workspace, start: datetime, moment: datetime) -> tuple[SourceFact, ...]:
    """Every source that is followed: how it stood at `moment`, and what it had brought since `start`."""
    looks = source_records.looks_between(start, moment)
    last = source_records.last_looks(workspace.snapshot.sources, moment)
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
