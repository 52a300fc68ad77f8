"""When the original of a reprint is read again, and when a page that is not there counts as gone. Schedules are data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from syndicate.ingest.tables import table

_LEAST_ABSENCES = 3
"""Looks that must agree before a page counts as gone."""


@dataclass(frozen=True)
class Following:
    """Where the following of one original stands. `step` looks found it; `absences` looks in a row did not."""

    step: int
    next_look_at: datetime | None
    absences: int = 0
    absent_since: datetime | None = None
    gone_at: datetime | None = None


@cache
def schedule() -> tuple[timedelta, ...]:
    """The ages at which an original is read again, counted from when its present text was taken over."""
    return tuple(timedelta(hours=int(row["hours"])) for row in table("following"))


@cache
def _absence() -> Mapping[str, timedelta]:
    return {row["key"]: timedelta(hours=int(row["hours"])) for row in table("absence")}


def first_look(now: datetime) -> datetime:
    """When a text that was just taken over is read again."""
    return now + schedule()[0]


def found(before: Following, now: datetime) -> Following:
    """After a look that found the text as it was: the next one comes later, the last one ends it."""
    ages = schedule()
    step = before.step + 1
    wait = ages[step] - ages[step - 1] if step < len(ages) else None
    return Following(step, now + wait if wait else None)


def absent(before: Following, now: datetime) -> Following:
    """After a look that was told that the page is gone: three looks over a day confirm it."""
    since = before.absent_since or now
    absences = before.absences + 1
    waits = _absence()
    gone_at = before.gone_at
    if gone_at is None and absences >= _LEAST_ABSENCES and now - since >= waits["confirmed"]:
        gone_at = now
    wait = waits["look"] if gone_at is None else waits["back"]
    ended = gone_at is not None and now - gone_at >= schedule()[-1]
    return Following(before.step, None if ended else now + wait, absences, since, gone_at)


def unanswered(before: Following, now: datetime) -> Following:
    """After a look that said nothing about the page: the same look once more, a little later."""
    wait = _absence()["retry"]
    return Following(before.step, now + wait, before.absences, before.absent_since, before.gone_at)
