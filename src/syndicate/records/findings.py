"""Findings of a revision: replaced as a whole by each check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count

from syndicate.model.finding import Finding, Severity
from syndicate.records import models


def replace(revision: int, findings: Iterable[Finding], snapshot: str, now: datetime) -> None:
    """Store what a check found on a revision in place of what the last check found.

    A finding that was there before keeps the configuration and the time that found it first: since which rules it is
    one. What is no longer found, or with another severity, is kept as a former finding for reports of past days.
    """
    known = {_key(row): row for row in models.Finding.objects.filter(revision_id=revision)}
    made = []
    for finding in findings:
        before = known.pop(_key(finding), None)
        made.append(
            _row(revision, finding, before.snapshot if before else snapshot, before.found_at if before else now)
        )
    models.Finding.objects.filter(revision_id=revision).delete()
    models.Finding.objects.bulk_create(made)
    models.FormerFinding.objects.bulk_create(_former(row, now) for row in known.values())


def _key(finding: Finding | models.Finding) -> tuple[str, str, str, str, int]:
    return finding.rule[:128], finding.severity, finding.part[:255], finding.text, finding.start


def _row(revision: int, finding: Finding, snapshot: str, found_at: datetime) -> models.Finding:
    return models.Finding(
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
        snapshot=snapshot,
        found_at=found_at,
    )


def _former(row: models.Finding, now: datetime) -> models.FormerFinding:
    return models.FormerFinding(
        revision_id=row.revision_id,
        rule=row.rule,
        severity=row.severity,
        part=row.part,
        start=row.start,
        end=row.end,
        text=row.text,
        message=row.message,
        suggestion=row.suggestion,
        found_at=row.found_at,
        gone_at=now,
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
