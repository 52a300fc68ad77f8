"""应转载: what is past its deadline and still stands nowhere."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.flow.day_duty import WEEK, reprints, uncompared_reprints
from syndicate.flow.told_titles import told_titles
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import SITES
from syndicate.model.facts import ReprintFact

_LONGEST = timedelta(days=92)
"""So long a reprint that is missing is looked for; afterwards nobody makes it any more."""


@dataclass(frozen=True)
class MissingReprint:
    """One duty that was not fulfilled: under what it is known, and where at the desk it is dealt with."""

    subject: str
    title: str
    deadline: datetime
    place: str


@dataclass(frozen=True)
class Duty:
    """One duty as it stands: when it was fulfilled (None: not yet), whether too late, and whether it is missing."""

    fact: ReprintFact
    done_at: datetime | None
    late: bool

    @property
    def missing(self) -> bool:
        """Past its deadline and nowhere."""
        return self.late and self.done_at is None


def duties(workspace: Workspace) -> tuple[Duty, ...]:
    """What is a duty and was due within a week or is still to come: what is missing first, then by deadline."""
    now = workspace.now()
    sites = {channel.id for channel in workspace.snapshot.channels.values() if channel.kind in SITES}
    found = [_duty(one, sites, now) for one in reprints(workspace, now) if one.required]
    return tuple(sorted(found, key=lambda one: (one.done_at is not None, one.fact.deadline)))


def _duty(fact: ReprintFact, sites: Collection[str], now: datetime) -> Duty:
    times = [at for channel, at in fact.published.items() if not sites or channel in sites]
    done_at = min(times, default=None)
    return Duty(fact, done_at, (done_at or now) > fact.deadline)


def missing_reprints(workspace: Workspace, known: Collection[str] = ()) -> tuple[MissingReprint, ...]:
    """Those whose deadline passed within a week; of those that are `known` to be missing, however old, up to a limit."""
    now = workspace.now()
    sites = {channel.id for channel in workspace.snapshot.channels.values() if channel.kind in SITES}
    found = uncompared_reprints(workspace, now, now - (_LONGEST if known else WEEK))
    gone = [one for one in found if one.required and _duty(one, sites, now).missing]
    gone = [one for one in gone if one.deadline >= now - WEEK or subject_of(one, known) in known]
    titles = told_titles([one.item for one in gone if one.item is not None])
    return tuple(
        MissingReprint(
            subject_of(one, known),
            one.title if one.item is None else titles.get(one.item, ""),
            one.deadline,
            "/reprints" if one.item is None else f"/items/{one.item}",
        )
        for one in gone
    )


def subject_of(reprint: ReprintFact, known: Collection[str] = ()) -> str:
    """Under what a duty is known: by its place on a list, else by its item.

    One that is known stays under the name it has: a draft that somebody begins, or a list that comes later, makes no
    second incident of it.
    """
    listed = [] if reprint.listed is None else [f"listed {reprint.listed}"]
    names = listed if reprint.item is None else [*listed, f"item {reprint.item}"]
    return next((name for name in names if name in known), names[0])
