"""What departments and people did, in the facts of a period: the department is the owner of the item's column."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

from syndicate.errors import Message
from syndicate.flow.workspace import Workspace
from syndicate.model.trend import WorkFact
from syndicate.records import past, work

_SUBMITTED, _APPROVED = "item.submitted", "item.approved_last"
_RETURNED = ("item.returned", "item.sent_back")


@dataclass
class _Tally:
    submitted: int = 0
    approved: int = 0
    returned: int = 0
    findings: int = 0
    hours: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class WorkFacts:
    """The same work by department and by person."""

    departments: tuple[WorkFact, ...]
    people: tuple[WorkFact, ...]


def work_facts(workspace: Workspace, start: datetime, moment: datetime) -> WorkFacts:
    """What was submitted between the two, by whom and for whose column."""
    acts = work.acts((_SUBMITTED, _APPROVED, *_RETURNED), start, moment)
    published = work.first_published(start, moment)
    first = work.first_submissions({*published, *(one.item for one in acts)}, moment)
    columns = work.columns_of(first)
    owners = {name: column.owner for name, column in workspace.snapshot.columns.items()}

    def department(item: int) -> str:
        column = columns.get(item, "")
        return owners.get(column, column)

    machine = Message("report.machine").zh

    def person(item: int) -> str:
        return machine if first[item].by_system else first[item].actor

    made = _findings_when_submitted(acts, moment)
    known = [one for one in acts if one.item in first]
    return WorkFacts(*(_tallied(known, made, published, first, by) for by in (department, person)))


def _tallied(
    acts: list[work.Act],
    made: Mapping[work.Act, int],
    published: Mapping[int, datetime],
    first: Mapping[int, work.Act],
    by: Callable[[int], str],
) -> tuple[WorkFact, ...]:
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    for one in acts:
        mine = tallies[by(one.item)]
        mine.submitted += one.action == _SUBMITTED
        mine.approved += one.action == _APPROVED
        mine.returned += one.action in _RETURNED
        mine.findings += made.get(one, 0)
    for item, at in published.items():
        if item in first:
            tallies[by(item)].hours.append((at - first[item].at) / timedelta(hours=1))
    return tuple(
        WorkFact(
            name=name,
            submitted=one.submitted,
            approved=one.approved,
            returned=one.returned,
            findings=one.findings,
            published=len(one.hours),
            median_hours=median(one.hours) if one.hours else None,
        )
        for name, one in sorted(tallies.items(), key=lambda pair: (-pair[1].submitted, pair[0]))
    )


def _findings_when_submitted(acts: tuple[work.Act, ...], moment: datetime) -> dict[work.Act, int]:
    """How many findings of block and confirm stood on what was submitted, at each submission."""
    submitted = [one for one in acts if one.action == _SUBMITTED]
    if not submitted:
        return {}
    items = {one.item for one in submitted}
    found: defaultdict[int, list[past.CountedFindings]] = defaultdict(list)
    for finding in past.counted_findings(submitted[0].at, moment, items):
        found[finding.revision].append(finding)
    revisions: defaultdict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for item, revision, at in work.revisions_of(items):
        revisions[item].append((at, revision))
    counted = {}
    for one in submitted:
        rows = revisions[one.item]
        place = bisect_right(rows, one.at, key=lambda row: row[0])
        revision = rows[place - 1][1] if place else 0
        counted[one] = sum(finding.count for finding in found.get(revision, ()) if _stood(finding, one.at))
    return counted


def _stood(finding: past.CountedFindings, at: datetime) -> bool:
    """Whether findings stood right after a submission, which checks at that very moment."""
    return finding.found_at <= at and (finding.gone_at is None or finding.gone_at > at)
