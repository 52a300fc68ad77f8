"""Findings of a revision: replaced as a whole by each check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from syndicate.model.finding import Finding, Severity
from syndicate.records import models


def replace(revision: int, findings: Iterable[Finding], snapshot: str, now: datetime) -> None:
    """Store what a check found on a revision in place of what the last check found.

    A finding that was there before keeps the configuration and the time that found it first: since which rules it is one.
    """
    rows = models.Finding.objects.filter(revision_id=revision)
    since = {(row.rule, row.part, row.text, row.start): (row.snapshot, row.found_at) for row in rows}
    models.Finding.objects.filter(revision_id=revision).delete()
    models.Finding.objects.bulk_create(
        models.Finding(
            revision_id=revision,
            rule=finding.rule[:128],
            severity=finding.severity,
            part=finding.part[:255],
            start=finding.start,
            end=finding.end,
            text=finding.text,
            message=finding.message,
            message_en=finding.message_en,
            suggestion=finding.suggestion,
            basis=finding.basis,
            place=finding.place[:255],
            snapshot=first[0],
            found_at=first[1],
        )
        for finding in findings
        for first in [since.get((finding.rule[:128], finding.part[:255], finding.text, finding.start), (snapshot, now))]
    )


def of_revision(revision: int) -> tuple[Finding, ...]:
    """The findings of one revision, worst first, then by place in the text."""
    return of_revisions([revision]).get(revision, ())


def of_revisions(revisions: Sequence[int]) -> dict[int, tuple[Finding, ...]]:
    """The findings of several revisions by revision id; a revision without findings is absent."""
    found: dict[int, list[Finding]] = {}
    for row in models.Finding.objects.filter(revision_id__in=revisions).order_by("part", "start", "id"):
        found.setdefault(row.revision_id, []).append(_finding(row))
    return {key: tuple(sorted(rows, key=lambda finding: -finding.severity.weight)) for key, rows in found.items()}


def tallies(revisions: Sequence[int]) -> dict[int, tuple[Severity, int]]:
    """The worst severity on several revisions and how many findings there are; those without findings are absent."""
    found: dict[int, tuple[Severity, int]] = {}
    rows = models.Finding.objects.filter(revision_id__in=revisions).values_list("revision_id", "severity")
    for revision, name, count in rows.annotate(count=Count("id")).order_by():
        severity = Severity(name)
        worst, before = found.get(revision, (severity, 0))
        found[revision] = (max(worst, severity, key=lambda one: one.weight), before + count)
    return found


def revisions_with(rule: str, text: str) -> tuple[int, ...]:
    """The revisions on which this rule found this text."""
    rows = models.Finding.objects.filter(rule=rule[:128], text=text).order_by("revision_id")
    return tuple(rows.values_list("revision_id", flat=True).distinct())


def since(revision: int) -> dict[str, tuple[str, datetime]]:
    """For every rule with findings on a revision: the configuration and the time that found the first of them."""
    rows = models.Finding.objects.filter(revision_id=revision).order_by("-found_at", "-id")
    return {row.rule: (row.snapshot, row.found_at) for row in rows}


def _finding(row: models.Finding) -> Finding:
    return Finding(
        row.rule,
        Severity(row.severity),
        row.start,
        row.end,
        row.text,
        row.message,
        row.suggestion,
        row.basis,
        row.place,
        row.part,
        row.message_en,
    )
