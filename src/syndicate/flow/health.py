"""健康: in a few questions, whether the office can work at this moment; for load balancers and monitoring systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.errors import StorageError
from syndicate.flow.room import free_megabytes, upkeep_limits
from syndicate.records import pulses, upkeep
from syndicate.records.connection import database_refusals, schema_ready


@dataclass(frozen=True)
class Health:
    """What works. Says nothing that a stranger could use."""

    database: bool
    """It answers and holds an office."""
    worker: bool
    """One was alive lately, and nothing that is due lies untouched."""
    disk: bool
    """There is room to take new things in."""

    @property
    def well(self) -> bool:
        """Whether all of it works."""
        return self.database and self.worker and self.disk


def health(home: Path, now: datetime) -> Health:
    """How the office at `home`, whose records are open, is at `now`. Raises nothing."""
    try:
        with database_refusals():
            database = schema_ready()
            worker = database and _worker(now)
    except StorageError:
        database = worker = False
    return Health(database, worker, _disk(home))


def _worker(now: datetime) -> bool:
    limits = upkeep_limits()
    seen = pulses.last().get(pulses.WORKER)
    if seen is None or now - seen > timedelta(minutes=limits["work"]):
        return False
    return not upkeep.overdue(now - timedelta(minutes=limits["overdue"])).count


def _disk(home: Path) -> bool:
    try:
        return free_megabytes(home) >= upkeep_limits()["disk_stop"]
    except StorageError:
        return False
