"""Rows of a list whose article cannot be read: tried at every look, then a task for a person, then seldom, then seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from syndicate.ingest.tables import table


@dataclass(frozen=True)
class Failing:
    """Where the tries to read one article stand. `dead_at`: since when it is a task for a person."""

    failures: int
    first_at: datetime
    last_at: datetime
    dead_at: datetime | None = None


@cache
def _limits() -> Mapping[str, int]:
    return {row["key"]: int(row["value"]) for row in table("dead_links")}


def failed_again(before: Failing | None, now: datetime) -> Failing:
    """After one more look that could not read it; the one that makes it a task sets `dead_at` to `now`."""
    if before is None:
        return Failing(1, now, now)
    limits = _limits()
    failures, dead_at = before.failures + 1, before.dead_at
    if (
        dead_at is None
        and failures >= limits["looks"]
        and now - before.first_at >= timedelta(hours=limits["confirmed"])
    ):
        dead_at = now
    return Failing(failures, before.first_at, now, dead_at)


def is_due(failing: Failing, now: datetime) -> bool:
    """Whether it is to be tried at this look."""
    return failing.dead_at is None or now - failing.last_at >= timedelta(hours=_limits()["again"])


def is_given_up(failing: Failing, now: datetime) -> bool:
    """Whether it has been a task for so long that it counts as seen."""
    return failing.dead_at is not None and now - failing.dead_at >= timedelta(days=_limits()["given_up"])
