"""What may end: rows of these tables and of no others are removed when they are older than the office keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.contrib.sessions.models import Session
from django.db.models import Max, Model, QuerySet, TextField
from django.db.models.functions import Cast

from syndicate.errors import NotAllowed
from syndicate.records import models
from syndicate.records.connection import one_transaction

TIDIED = "office.tidied"
"""The audit's word for what was removed."""
AT_ONCE = 500
"""Rows of one transaction: writers wait for no more than these."""

Ended = Callable[[datetime], QuerySet[Model]]

ENDED: Mapping[str, Ended] = MappingProxyType(
    {
        "attempts": lambda before: models.Attempt.objects.filter(
            started_at__lt=before, delivery__finished_at__lt=before
        ),
        "probes": lambda before: models.Probe.objects.filter(at__lt=before),
        "source_looks": lambda before: models.SourceLook.objects.filter(at__lt=before),
        "site_problems": lambda before: models.SiteProblem.objects.filter(ended_at__lt=before),
        "site_rounds": lambda before: models.SiteRound.objects.filter(at__lt=before),
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
    """Those of the files that no item, no rendition and nobody's unsaved writing refers to."""
    left = set(hashes)
    left -= set(models.Attachment.objects.filter(sha256__in=left).values_list("sha256", flat=True))
    return frozenset(one for one in left if not _is_named(one))


def _is_named(sha256: str) -> bool:
    """Whether any text that may refer to a file names it."""
    places = (
        (models.Rendition, "files"),
        (models.Rendition, "body"),
        (models.Revision, "body"),
        (models.Revision, "fields"),
        (models.Revision, "adaptations"),
        (models.KeptWriting, "typed"),
    )
    return any(
        model._default_manager.annotate(told=Cast(field, TextField())).filter(told__contains=sha256).exists()
        for model, field in places
    )
