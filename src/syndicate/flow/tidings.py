"""What people are to be told of: one thing that happened, or one end of an incident, before it is known who hears of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Message
from syndicate.flow.workspace import Workspace
from syndicate.model.incident import Alarm, Group, Incident
from syndicate.model.notice import Event
from syndicate.records.values import ItemRecord


@dataclass(frozen=True)
class Tiding:
    """Something to tell; `key` stays the same for as long as it is the same thing."""

    event: Event
    key: str
    place: str
    message: Message
    item: ItemRecord | None = None
    by: str = ""
    """Who did it: he knows."""
    holder: str = ""
    alarm: Alarm | None = None
    incident: Incident | None = None


def goes_to(workspace: Workspace, tiding: Tiding, group: Group) -> bool:
    """Whether a group hears of it: the alarm says so, or of WeCom the office's file for the event."""
    rules = workspace.snapshot.notices
    sent = tiding.alarm is not None and group in tiding.alarm.send
    if group is Group.WEBHOOK:
        return rules.webhook is not None and sent
    return rules.wecom is not None and (sent or tiding.event in rules.wecom.events)


def waits_until(workspace: Workspace, tiding: Tiding) -> datetime | None:
    """The end of the quiet hours, where they hold now and it is about an alarm that is not urgent."""
    quiet = workspace.snapshot.alarms.quiet_hours
    if quiet is None or tiding.alarm is None or tiding.alarm.urgent:
        return None
    return quiet.over_at(workspace.now())
