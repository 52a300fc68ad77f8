"""How things stood that no other record dates: a row for every change, so that any past moment can be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Max

from syndicate.records import models
from syndicate.records.connection import one_transaction

Kept = Mapping[str, Mapping[str, object]]
"""What stands, by key."""


def keep(kind: str, standing: Kept, now: datetime) -> None:
    """Remember how all things of a kind stand now: only what changed makes a row, and what is over makes one, too."""
    with one_transaction():
        known = as_of(kind, now) or {}
        changed = {key[:200]: dict(value) for key, value in standing.items() if known.get(key[:200]) != dict(value)}
        over = [key for key in known if key not in {one[:200] for one in standing}]
        rows = [models.KeptFact(kind=kind, key=key, at=now, value=value) for key, value in changed.items()]
        rows += [models.KeptFact(kind=kind, key=key, at=now, value=None) for key in over]
        if not rows and not models.KeptFact.objects.filter(kind=kind).exists():
            rows = [
                models.KeptFact(kind=kind, key="", at=now, value=None)
            ]  # from now on it is known that nothing stands
        models.KeptFact.objects.bulk_create(rows)


def as_of(kind: str, moment: datetime) -> dict[str, dict[str, object]] | None:
    """How all things of a kind stood at a moment; None where nobody had looked by then."""
    rows = models.KeptFact.objects.filter(kind=kind, at__lte=moment)
    newest = rows.values("key").annotate(newest=Max("id")).values_list("newest", flat=True)
    found = list(models.KeptFact.objects.filter(id__in=newest).order_by("key"))
    return {row.key: row.value for row in found if row.value is not None} if found else None
