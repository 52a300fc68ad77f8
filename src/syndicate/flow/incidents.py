"""故障: what the alarms of the office see becomes incidents, each opened once and closed once, with its rows in the audit.

People hear of it through the notices, which tell what the audit says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from syndicate.flow.watches import Eyes
from syndicate.flow.workspace import Workspace
from syndicate.inspection.incidents import after_look
from syndicate.model.facts import ProblemFact
from syndicate.model.incident import Alarm, Incident, Sighting
from syndicate.model.review import Actor, Role
from syndicate.records import audit, incidents
from syndicate.records.connection import one_transaction

_ALARM = Actor("alarm", Role.SYSTEM, "system")
OPENED, CLOSED = "incident.opened", "incident.closed"
"""The audit's names for the two ends of an incident."""
_LONGEST = 500
"""Characters of a subject; an address may be longer."""


@dataclass(frozen=True)
class Changed:
    """What one look at all alarms changed."""

    opened: int = 0
    closed: int = 0


def watch_over(workspace: Workspace) -> Changed:
    """Look at everything that alarms watch, open what is new and close what is over."""
    alarms = {one.id: one for one in workspace.snapshot.alarms.alarms if one.enabled}
    going_on: dict[str, set[str]] = {}
    for one in incidents.living():
        going_on.setdefault(one.alarm, set()).add(one.subject)
    eyes, seen = Eyes(workspace), dict[str, Mapping[str, Sighting]]()
    for alarm in alarms.values():
        found = eyes.see(alarm.watch, going_on.get(alarm.id, set()))
        if found is not None:
            seen[alarm.id] = {one.subject: one for one in map(_short, found)}
    now = eyes.now
    with one_transaction():
        known = {(one.alarm, one.subject): one for one in incidents.lock_living()}
        changed = [_settle(alarms[name], known, sightings, now) for name, sightings in seen.items()]
        # An alarm that was switched off or deleted watches nothing any more.
        left = [_close(one, now) for (name, _), one in known.items() if name not in alarms]
    return Changed(sum(one.opened for one in changed), sum(one.closed for one in changed) + sum(left))


def _short(sighting: Sighting) -> Sighting:
    return replace(sighting, subject=sighting.subject[:_LONGEST])


def _settle(
    alarm: Alarm, known: Mapping[tuple[str, str], Incident], seen: Mapping[str, Sighting], now: datetime
) -> Changed:
    """One alarm, within the caller's transaction."""
    subjects = dict.fromkeys([*seen, *(subject for name, subject in known if name == alarm.id)])
    opened = closed = 0
    for subject in subjects:
        before = known.get((alarm.id, subject))
        after = after_look(alarm, before, seen.get(subject), now)
        if after is None:
            if before is not None:
                incidents.forget(before.id)
            continue
        if after != before:
            after = replace(after, id=incidents.keep(after))
        begins = after.opened_at is not None and (before is None or before.opened_at is None)
        ends = after.closed_at is not None
        for said, action in ((begins, OPENED), (ends, CLOSED)):
            if said:
                audit.append(_ALARM, action, f"incident:{after.id}", {"alarm": alarm.id, "subject": subject}, now)
        opened, closed = opened + begins, closed + ends
    return Changed(opened, closed)


def _close(incident: Incident, now: datetime) -> bool:
    if incident.opened_at is None:
        incidents.forget(incident.id)
        return False
    incidents.keep(replace(incident, closed_at=max(now, incident.opened_at)))
    data = {"alarm": incident.alarm, "subject": incident.subject}
    audit.append(_ALARM, CLOSED, f"incident:{incident.id}", data, now)
    return True


def problems(start: datetime, moment: datetime) -> tuple[ProblemFact, ...]:
    """整改: the incidents of a span of time as they stood at its end, for the report."""
    return tuple(
        ProblemFact(
            title=one.message.zh,
            opened_at=one.opened_at,
            deadline=one.deadline,
            fixed_at=one.closed_at if one.closed_at is not None and one.closed_at < moment else None,
        )
        for one in incidents.between(start, moment)
        if one.opened_at is not None
    )
