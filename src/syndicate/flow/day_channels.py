"""The channels in the facts of a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from syndicate.flow.day_standing import OfficeStanding
from syndicate.flow.drift import DRIFT, UNREAD, drift_target
from syndicate.flow.screens import screen_share
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.facts import ChannelFact
from syndicate.records import figures
from syndicate.records import office as office_records
from syndicate.records.values import AuditRecord

_FAILED = ("delivery.refused", "delivery.expired")


def channels(
    workspace: Workspace, standing: OfficeStanding, events: Sequence[AuditRecord], start: datetime, moment: datetime
) -> tuple[ChannelFact, ...]:
    """Every channel: what it did between `start` and `moment`, and how it stood then."""
    failed = _failures(events)
    looks = office_records.probes_between(start, moment, DRIFT, UNREAD)
    return tuple(
        _channel(workspace.home, one, standing, failed.get(one.id, 0), _last_looks(one.id, looks), start, moment)
        for one in workspace.snapshot.channels.values()
    )


def _channel(
    home: Path,
    channel: Channel,
    standing: OfficeStanding,
    failed: int,
    looks: Sequence[office_records.ProbeRecord],
    start: datetime,
    moment: datetime,
) -> ChannelFact:
    arrived = figures.arrivals(channel.id, start, moment)
    stood = standing.channel(channel.id)
    return ChannelFact(
        id=channel.id,
        title=channel.title,
        kind=channel.kind,
        sent=arrived.sent,
        failed=failed,
        retrying=stood.retrying if stood else None,
        waiting=stood.waiting if stood else None,
        needs_person=stood.needs_person if stood else None,
        last_success=arrived.last,
        oldest_overdue=stood.oldest_overdue if stood else None,
        drift=_drift(looks),
        unverified=sum(look.kind == UNREAD and look.ok for look in looks),
        running_share=screen_share(home, channel, start, moment) if channel.kind is ChannelKind.LED else None,
    )


def _failures(events: Sequence[AuditRecord]) -> Mapping[str, int]:
    """How many deliveries of each channel were refused or expired and still were so after the last of these events."""
    last = {row.subject: row for row in events if row.action.startswith("delivery.")}
    counted: defaultdict[str, int] = defaultdict(int)
    for row in last.values():
        counted[str(row.data.get("channel", ""))] += row.action in _FAILED
    return counted


def _last_looks(channel: str, looks: Sequence[office_records.ProbeRecord]) -> tuple[office_records.ProbeRecord, ...]:
    """The day's last look at each receipt of a channel, those that could not be made included."""
    return tuple({row.target: row for row in looks if row.target.startswith(drift_target(channel))}.values())


def _drift(looks: Sequence[office_records.ProbeRecord]) -> int | None:
    """Receipts whose public form had changed or gone at the last look; None when nothing could be looked at."""
    made = [row for row in looks if row.kind == DRIFT]
    return sum(not row.ok for row in made) if made else None
