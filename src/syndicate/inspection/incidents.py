"""What becomes of one incident at one look: seen, opened, seen no more, closed. Pure; the records are flow's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from syndicate.inspection.judge import OPERATORS
from syndicate.model.incident import Alarm, Incident, Sighting


def counts(alarm: Alarm, sighting: Sighting) -> bool:
    """Whether a value is one that the alarm is about."""
    return OPERATORS[alarm.operator](sighting.value, alarm.threshold)


def after_look(alarm: Alarm, known: Incident | None, sighting: Sighting | None, now: datetime) -> Incident | None:
    """The incident as it is after a look at `now`; None: there is none, or it went before it was one.

    `known` is the one that goes on, `sighting` what was seen of its subject (None: nothing, and the look could tell).
    A closed incident never comes back: trouble that returns is a new one. A clock that was set back delays, no more.
    """
    if sighting is not None and counts(alarm, sighting):
        return _seen(alarm, known, sighting, now)
    if known is None or known.opened_at is None:
        return None
    gone_at = known.gone_at or max(now, known.opened_at)
    over = now - gone_at >= alarm.calm
    return replace(known, gone_at=gone_at, closed_at=gone_at if over else None)


def _seen(alarm: Alarm, known: Incident | None, sighting: Sighting, now: datetime) -> Incident:
    """What an incident says is what was seen when it opened: a report of that day says the same ever after."""
    if known is not None and known.opened_at is not None:
        return replace(known, gone_at=None)
    seen_at = known.seen_at if known is not None else now
    found = Incident(alarm.id, sighting.subject, sighting.message, sighting.place, seen_at, id=known.id if known else 0)
    lasted = now - seen_at >= alarm.lasting
    return replace(found, opened_at=now, deadline=now + alarm.repair_within) if lasted else found
