"""Signs of life: when each regular verb, and a worker, last said that it runs."""

from __future__ import annotations

from datetime import datetime

from syndicate.records import models

WORKER = "work"
"""Under this name every worker says that it is alive, whether it drains or stays."""


def beat(verb: str, now: datetime) -> None:
    """This verb runs at this moment."""
    models.Pulse.objects.update_or_create(verb=verb, defaults={"at": now})


def last() -> dict[str, datetime]:
    """When each verb ran last; one that never ran is absent."""
    return dict(models.Pulse.objects.values_list("verb", "at"))
