"""近日数字: what was published, returned and withdrawn on each of the last days, and how long publishing took."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from syndicate.flow.workspace import Workspace
from syndicate.records import watch

_COUNTED = {
    "item.created": "created",
    "item.returned": "returned",
    "item.sent_back": "returned",
    "item.withdrawn": "withdrawn",
}


@dataclass
class DayFigures:
    """One day. `taken`: the median time from submitting to the first publication; None where nothing was published."""

    day: date
    created: int = 0
    published: int = 0
    returned: int = 0
    withdrawn: int = 0
    taken: timedelta | None = None


def recent(workspace: Workspace, days: int) -> tuple[DayFigures, ...]:
    """The last days up to today, the oldest first, in two queries."""
    now = workspace.now()
    first = now.date() - timedelta(days=days - 1)
    since = datetime.combine(first, time(), now.tzinfo)
    found = {first + timedelta(days=number): DayFigures(first + timedelta(days=number)) for number in range(days)}
    waits: dict[date, list[float]] = {}
    for published, submitted in watch.published_since(since):
        day = published.astimezone(now.tzinfo).date()
        if day in found:
            found[day].published += 1
            # Submitted again after it was out, for a correction: that says nothing of the first time.
            if submitted is not None and submitted <= published:
                waits.setdefault(day, []).append((published - submitted).total_seconds())
    for action, at in watch.audited_since(tuple(_COUNTED), since):
        day = at.astimezone(now.tzinfo).date()
        if day in found:
            name = _COUNTED[action]
            setattr(found[day], name, getattr(found[day], name) + 1)
    for day, seconds in waits.items():
        found[day].taken = timedelta(seconds=median(seconds))
    return tuple(found.values())
