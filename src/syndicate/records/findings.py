"""Findings of a revision: replaced as a whole by each check."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from syndicate.model.finding import Finding, Severity
from syndicate.records import models


def replace(revision: int, findings: Iterable[Finding], snapshot: str, now: datetime) -> None:
    """Store what a check found on a revision in place of what the last check found."""
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
            snapshot=snapshot,
            found_at=now,
        )
        for finding in findings
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
