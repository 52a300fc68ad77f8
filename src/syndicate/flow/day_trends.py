"""The trends in the facts of a period: each figure for every part of it, from what is dated."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.flow.day_duty import uncompared_reprints
from syndicate.flow.day_findings import is_open, overridden_since
from syndicate.flow.workspace import Workspace
from syndicate.inspection.wording import limits
from syndicate.model.channel import SITES
from syndicate.model.period import Period
from syndicate.model.trend import TrendPoint
from syndicate.records import past, work

_RETURNED = ("item.returned", "item.sent_back")
_ENDS_WAITING = ("item.approved_last", "item.emergency", "item.discarded", "item.withdrawn", "item.edited", *_RETURNED)
LONGEST_WAIT = timedelta(days=60)
"""How far before a trend submissions are looked for that may still wait; what waits longer is counted as this long."""


def trends(workspace: Workspace, parts: Sequence[Period], moment: datetime) -> tuple[TrendPoint, ...]:
    """One point for every part that has begun by `moment`."""
    zone = workspace.snapshot.office.timezone
    begun = [part for part in parts if part.start(zone) < moment]
    starts = [part.start(zone) for part in begun]
    ends = [min(part.end(zone), moment) for part in begun]
    divided = _Parts(starts)
    since = starts[0]
    acts = work.acts(("item.submitted", *_ENDS_WAITING), since - LONGEST_WAIT, moment)
    counted = Counter((divided.of(one.at), one.action) for one in acts if one.at >= since)
    published = Counter(map(divided.of, work.first_published(since, moment).values()))
    probes, failed = _probes(divided, since, moment)
    due, on_time = _reprints(workspace, divided, since, moment)
    findings = _open_findings(ends)
    waiting = _oldest_waiting(acts, ends)
    return tuple(
        TrendPoint(
            period=part,
            published=published[number],
            submitted=counted[number, "item.submitted"],
            returned=sum(counted[number, action] for action in _RETURNED),
            probes=probes[number],
            probes_failed=failed[number],
            findings_open=findings[number],
            reprints_due=due[number],
            reprints_on_time=on_time[number],
            oldest_waiting_hours=waiting[number],
        )
        for number, part in enumerate(begun)
    )


@dataclass(frozen=True)
class _Parts:
    """The first moments of the parts, in order."""

    starts: Sequence[datetime]

    def of(self, at: datetime) -> int:
        """The number of the part that a moment lies in."""
        return bisect_right(self.starts, at) - 1


def _probes(divided: _Parts, since: datetime, moment: datetime) -> tuple[Counter[int], Counter[int]]:
    longest = limits()["probe_failure_seconds"] * 1000
    total: Counter[int] = Counter()
    failed: Counter[int] = Counter()
    for at, opened, milliseconds in work.probes(since, moment):
        number = divided.of(at)
        total[number] += 1
        failed[number] += not opened or milliseconds >= longest
    return total, failed


def _reprints(
    workspace: Workspace, divided: _Parts, since: datetime, moment: datetime
) -> tuple[Counter[int], Counter[int]]:
    """Required reprints by the part their deadline lies in, and those that a website (else any channel) held by then."""
    sites = {channel.id for channel in workspace.snapshot.channels.values() if channel.kind in SITES}
    due: Counter[int] = Counter()
    on_time: Counter[int] = Counter()
    for one in uncompared_reprints(workspace, moment, since):
        if one.required and one.deadline < moment:
            number = divided.of(one.deadline)
            times = [at for channel, at in one.published.items() if not sites or channel in sites]
            due[number] += 1
            on_time[number] += bool(times) and min(times) <= one.deadline
    return due, on_time


def _oldest_waiting(acts: Iterable[work.Act], ends: Sequence[datetime]) -> list[float | None]:
    """For how many hours the oldest item had waited for review at each of several moments."""
    spans: list[tuple[datetime, datetime | None]] = []
    open_since: dict[int, datetime] = {}
    for one in acts:
        if one.action == "item.submitted":
            open_since.setdefault(one.item, one.at)
        elif one.item in open_since:
            spans.append((open_since.pop(one.item), one.at))
    spans += [(since, None) for since in open_since.values()]
    found: list[float | None] = []
    for end in ends:
        waiting = [since for since, until in spans if since < end and (until is None or until >= end)]
        found.append((end - min(waiting)) / timedelta(hours=1) if waiting else None)
    return found


def _open_findings(ends: Sequence[datetime]) -> list[int]:
    """How many findings of block and confirm were open at each of several moments, as `day_findings` counts them."""
    counted = list(past.counted_findings(ends[0], ends[-1]))
    replaced = _replaced({one.item for one in counted})
    overridden = overridden_since({one.revision for one in counted})
    ended = past.ended_once(ends[-1]) & {one.item for one in counted}
    history = past.histories(ended, ends[-1])
    totals = [0] * len(ends)
    for one in counted:
        made, gone = replaced[one.revision]
        over = (at for at in (one.gone_at, gone, overridden.get((one.revision, one.rule))) if at is not None)
        stood = range(bisect_right(ends, max(made, one.found_at)), bisect_right(ends, min(over, default=ends[-1])))
        for number in stood:
            if one.item not in ended or _was_open(history, one.item, ends[number]):
                totals[number] += one.count
    return totals


def _was_open(history: past.Histories, item: int, moment: datetime) -> bool:
    return is_open(history.state(item, moment), history.is_held(item, moment))


def _replaced(items: Collection[int]) -> dict[int, tuple[datetime, datetime | None]]:
    """When each revision of several items was made, and when the next one was (None: it is the newest)."""
    found: dict[int, tuple[datetime, datetime | None]] = {}
    last, before = 0, 0
    for item, revision, made in work.revisions_of(items):
        if item == last:
            found[before] = (found[before][0], made)
        found[revision] = (made, None)
        last, before = item, revision
    return found
