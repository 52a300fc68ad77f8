"""The channels in the facts of a day."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from syndicate.flow.drift import DRIFT, drift_target
from syndicate.flow.screens import screen_share
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.facts import ChannelFact
from syndicate.records import figures
from syndicate.records import office as office_records


def channels(workspace: Workspace, start: datetime, moment: datetime) -> tuple[ChannelFact, ...]:
    """Every channel: what it did between `start` and `moment`, and how it stands then."""
    return tuple(_channel(workspace.home, one, start, moment) for one in workspace.snapshot.channels.values())


def _channel(home: Path, channel: Channel, start: datetime, moment: datetime) -> ChannelFact:
    found = figures.channel(channel.id, start, moment, moment)
    return ChannelFact(
        id=channel.id,
        title=channel.title,
        kind=channel.kind,
        sent=found.sent,
        failed=found.failed,
        retrying=found.retrying,
        waiting=found.waiting,
        needs_person=found.needs_person,
        last_success=found.last_success,
        oldest_overdue=found.oldest_overdue,
        drift=_drift(channel.id, start, moment),
        running_share=screen_share(home, channel, start, moment) if channel.kind is ChannelKind.LED else None,
    )


def _drift(channel: str, start: datetime, moment: datetime) -> int | None:
    """Receipts whose public form had changed or gone at the last look of the day; None when nothing was looked at."""
    looks = [
        row
        for row in office_records.probes_between(start, moment)
        if row.kind == DRIFT and row.target.startswith(drift_target(channel))
    ]
    last = {row.target: row for row in looks}
    return sum(not row.ok for row in last.values()) if looks else None
