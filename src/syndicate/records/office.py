"""Configuration snapshots, probes and reports."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from syndicate.model.period import Span
from syndicate.records import models
from syndicate.records.plain import plain_text


@dataclass(frozen=True)
class ProbeRecord:
    """One look at what is ours. `kind` (at most 16 characters) is what was looked at; `target` is where."""

    at: datetime
    kind: str
    target: str
    ok: bool
    status: int
    milliseconds: int
    detail: str


_LOOK = ("at", "kind", "target", "ok", "status", "milliseconds", "detail")


@dataclass(frozen=True)
class ReportRecord:
    """A report as it was written. `day` is the first of its period."""

    day: date
    made_at: datetime
    standing: str
    path: str
    sha256: str
    span: Span = Span.DAY


@dataclass(frozen=True)
class Ruling:
    """What a configuration checks texts with: its hash, and marks that tell what it consists of."""

    hash: str
    marks: Mapping[str, Mapping[str, str]]


def remember_snapshot(hash_: str, now: datetime, rules: Callable[[], Ruling] | None = None) -> int:
    """Number a configuration; the same files keep their number. `rules` tells what checks texts, when it is new."""
    row, _ = models.Snapshot.objects.get_or_create(hash=hash_, defaults={"loaded_at": now})
    if rules and not row.marks:
        ruling = rules()
        row.monitor, row.marks = ruling.hash, ruling.marks
        row.save(update_fields=["monitor", "marks"])
    return row.id


def rule_marks(snapshot: str) -> Mapping[str, Mapping[str, str]]:
    """The marks of the rules of a configuration; empty for one that left none."""
    row = models.Snapshot.objects.filter(hash=snapshot).first()
    return row.marks if row else {}


def snapshots_with_rules(rules: str) -> frozenset[str]:
    """The hashes of all configurations that check texts exactly as these rules do."""
    return frozenset(models.Snapshot.objects.filter(monitor=rules).values_list("hash", flat=True))


def add_probe(probe: ProbeRecord) -> None:
    """Keep one look."""
    models.Probe.objects.create(
        at=probe.at,
        kind=probe.kind,
        target=plain_text(probe.target)[:2048],
        ok=probe.ok,
        status=probe.status,
        milliseconds=probe.milliseconds,
        detail=plain_text(probe.detail),
    )


def probes_between(start: datetime, end: datetime, *kinds: str) -> tuple[ProbeRecord, ...]:
    """Looks from `start` (inclusive) to `end` (exclusive), oldest first; of some kinds only where they are named."""
    rows = models.Probe.objects.filter(at__gte=start, at__lt=end).order_by("at", "id")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return tuple(ProbeRecord(*row) for row in rows.values_list(*_LOOK))


def newest_look_at() -> datetime | None:
    """When anything was looked at last; None: never."""
    return models.Probe.objects.order_by("-at").values_list("at", flat=True).first()


def newest_looks(kind: str, targets: Collection[str], since: datetime | None = None) -> Mapping[str, ProbeRecord]:
    """The newest look of one kind at each of these targets, from `since` on; those without one are left out."""
    rows = models.Probe.objects.filter(kind=kind, target__in=list(targets)).order_by("at", "id")
    rows = rows.filter(at__gte=since) if since else rows
    return {one.target: one for one in (ProbeRecord(*row) for row in rows.values_list(*_LOOK))}


def add_report(report: ReportRecord) -> None:
    """Remember a written report."""
    models.DailyReport.objects.create(
        kind=report.span,
        day=report.day,
        made_at=report.made_at,
        standing=report.standing,
        path=report.path,
        sha256=report.sha256,
    )


def reports_between(first: date, last: date) -> tuple[ReportRecord, ...]:
    """The reports whose period begins within these days, by period, the newest of each first."""
    rows = models.DailyReport.objects.filter(day__gte=first, day__lte=last).order_by("day", "kind", "-made_at", "-id")
    return tuple(_report(row) for row in rows)


def report_at(path: str) -> ReportRecord | None:
    """The report that was written to this file, if any."""
    row = models.DailyReport.objects.filter(path=path).order_by("-made_at").first()
    return _report(row) if row else None


def _report(row: models.DailyReport) -> ReportRecord:
    return ReportRecord(row.day, row.made_at, row.standing, row.path, row.sha256, Span(row.kind))
