"""What may end: rows of these tables and of no others are removed when they are older than the office keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from django.contrib.sessions.models import Session
from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast

from syndicate.errors import NotAllowed
from syndicate.records import models
from syndicate.records.connection import one_transaction

TIDIED = "office.tidied"
"""The audit's word for what was removed."""
AT_ONCE = 500
"""Rows of one transaction: writers wait for no more than these."""
_READ_AT_ONCE = 100
"""Rows whose texts are in memory together."""
_HASH = 64
_DIGITS = re.compile(rf"[0-9a-f]{{{_HASH},}}")
_TEXTS: Mapping[type[Model], tuple[str, ...]] = MappingProxyType(
    {
        models.KeptWriting: ("typed",),
        models.Revision: ("body", "fields", "adaptations"),
        models.Attachment: ("sha256",),
        models.Rendition: ("files", "body"),
    }
)
"""What may refer to a file, in the order in which a reference wanders on, so that none is passed by meanwhile."""

Ended = Callable[[datetime], QuerySet[Model]]


def _replaced(before: datetime) -> QuerySet[Model]:
    """Rows that no moment from then on asks for: a later one had replaced them, or told something else of what was over.

    The newest row of a kind stays: it says that somebody had looked.
    """
    later = models.KeptFact.objects.filter(kind=OuterRef("kind"), id__gt=OuterRef("id"), at__lt=before)
    over = Q(value__isnull=True) & Exists(later)
    return models.KeptFact.objects.filter(Exists(later.filter(key=OuterRef("key"))) | over, at__lt=before)


ENDED: Mapping[str, Ended] = MappingProxyType(
    {
        "attempts": lambda before: models.Attempt.objects.filter(
            started_at__lt=before, delivery__finished_at__lt=before
        ),
        "probes": lambda before: models.Probe.objects.filter(at__lt=before),
        "source_looks": lambda before: models.SourceLook.objects.filter(at__lt=before),
        "site_problems": lambda before: models.SiteProblem.objects.filter(ended_at__lt=before),
        "site_rounds": lambda before: models.SiteRound.objects.filter(at__lt=before),
        "kept_facts": _replaced,
        "former_findings": lambda before: models.FormerFinding.objects.filter(gone_at__lt=before),
        "page_ratings": lambda before: models.PageRating.objects.filter(day__lt=before.date()),
        "letters": lambda before: models.Letter.objects.filter(due_at=None, created_at__lt=before),
        "one_time_links": lambda before: models.OneTimeLink.objects.filter(expires_at__lt=before),
        "sessions": lambda before: Session.objects.filter(expire_date__lt=before),
    }
)
"""By the key of `flow/retention.tsv`: the rows that have ended before a moment."""


def remove(kind: str, before: datetime) -> int:
    """Remove what of a kind ended before then; how many rows. Raises NotAllowed for what is never purged."""
    if kind not in ENDED:
        raise NotAllowed("retention.never", kind=kind)
    removed = 0
    while True:
        with one_transaction():
            numbers = list(ENDED[kind](before).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
            ENDED[kind](before).filter(pk__in=numbers).delete()
        removed += len(numbers)
        if len(numbers) < AT_ONCE:
            return removed


def last_tidied() -> datetime | None:
    """When something was removed last; None: never."""
    newest: datetime | None = models.AuditEvent.objects.filter(action=TIDIED).aggregate(newest=Max("at"))["newest"]
    return newest


def unused(hashes: Iterable[str]) -> frozenset[str]:
    """Those of the files that no item, no rendition and nobody's unsaved writing refers to; every text is read once."""
    left = set(hashes)
    for model, fields in _TEXTS.items():
        texts = (Cast(field, TextField()) for field in fields)
        rows, last = model._default_manager.order_by("pk").values_list("pk", *texts), 0
        while left and (page := list(rows.filter(pk__gt=last)[:_READ_AT_ONCE])):
            last = page[-1][0]
            left.difference_update(*(_named(text or "") for row in page for text in row[1:]))
    return frozenset(left)


def _named(text: str) -> Iterator[str]:
    """Every hash in a text; in a longer row of digits each place may begin one."""
    for row in _DIGITS.findall(text):
        yield from (row[start : start + _HASH] for start in range(len(row) - _HASH + 1))
