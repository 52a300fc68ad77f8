"""日报、周报、月报、季报、年报: a period's report, judged against the inspection index, written once and kept with its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from syndicate.errors import Conflict, NotFound, disk_refusal
from syndicate.flow.day_facts import period_facts
from syndicate.flow.day_standing import keep_standing
from syndicate.flow.printing import make_pdf
from syndicate.flow.report_mail import send_report
from syndicate.flow.retention import check_kept
from syndicate.flow.workspace import Workspace
from syndicate.inspection.html import to_html, to_json
from syndicate.inspection.judge import judge
from syndicate.inspection.measure import measure
from syndicate.inspection.report import compose
from syndicate.inspection.workbook import to_xlsx
from syndicate.model.inspection import Report
from syndicate.model.period import Period, Span, period_of
from syndicate.model.review import Actor
from syndicate.records import audit
from syndicate.records import office as office_records
from syndicate.records.connection import one_transaction
from syndicate.records.office import ReportRecord
from syndicate.site.atomic import write_atomic

TEMPLATE = "report/daily.html"
FOLDER = "var/reports"
MAILED_FOR = timedelta(days=7)
"""After the end of its period a report is no news any more: one that is written later goes to nobody by mail."""


@dataclass(frozen=True)
class Written:
    """A report, the file it stands in, and how many letters with it were put into the outbox."""

    report: Report
    path: Path
    sha256: str
    letters: int = 0


def make_report(workspace: Workspace, day: date, as_of: datetime | None = None, span: Span = Span.DAY) -> Report:
    """The report of a day, or of the week, month, quarter or year around it, as a value; nothing is written.

    Raises NotAllowed where a part of what it would be made of has been tidied away.
    """
    period = period_of(span, day)
    check_kept(period.end(workspace.snapshot.office.timezone))
    facts = period_facts(workspace, period, as_of)
    indicators = workspace.snapshot.indicators
    return compose(facts, judge(measure(facts, indicators), indicators))


def rendered(workspace: Workspace, report: Report, file_format: str) -> bytes:
    """A report as `html`, `pdf`, `xlsx` or `json`. A PDF raises what `flow.printing.make_pdf` does."""
    if file_format == "json":
        return to_json(report).encode()
    if file_format == "xlsx":
        return to_xlsx(report)
    template = workspace.snapshot.templates[TEMPLATE]
    return (
        make_pdf(to_html(report, template, printed=True))
        if file_format == "pdf"
        else to_html(report, template).encode()
    )


def write_report(
    workspace: Workspace,
    actor: Actor,
    day: date,
    as_of: datetime | None = None,
    file_format: str = "html",
    span: Span = Span.DAY,
) -> Written:
    """Write a report to `var/reports`; an earlier one of the same period stays beside it.

    The page of a period that has just ended goes by mail to those who are to get it, once.
    """
    period, now = period_of(span, day), workspace.now()
    keep_standing(workspace)
    report = make_report(workspace, day, as_of, span)
    data = rendered(workspace, report, file_format)
    sha256 = hashlib.sha256(data).hexdigest()
    path = workspace.home / FOLDER / f"{period.name}-{now:%Y%m%dT%H%M%S}-{sha256[:8]}.{file_format}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_refusal(path, error) from error
    write_atomic(path, data)
    name = str(path.relative_to(workspace.home))
    record = ReportRecord(period.first, now, report.standing, name, sha256, span)
    with one_transaction():
        office_records.add_report(record)
        audit.append(actor, "report.written", f"report:{period.name}", {"path": name, "sha256": sha256}, now)
        is_news = file_format == "html" and as_of is None and _has_just_ended(workspace, period)
        letters = send_report(workspace, period, report, record) if is_news else 0
    return Written(report, path, sha256, letters)


def _has_just_ended(workspace: Workspace, period: Period) -> bool:
    end = period.end(workspace.snapshot.office.timezone)
    return end <= workspace.now() < end + MAILED_FOR


@dataclass(frozen=True)
class KeptReport:
    """A report that was written, and the name of its file, under which it is asked for."""

    record: ReportRecord
    name: str

    @property
    def suffix(self) -> str:
        """Its format: `html`, `pdf` or `xlsx`."""
        return self.name.rpartition(".")[2]

    @property
    def period(self) -> Period:
        """What it is about."""
        return period_of(self.record.span, self.record.day)


def kept_reports_between(first: date, last: date) -> tuple[KeptReport, ...]:
    """The reports whose period begins within these days, by period, the newest of each first."""
    found = office_records.reports_between(first, last)
    return tuple(KeptReport(record, Path(record.path).name) for record in found)


def read_kept_report(workspace: Workspace, name: str) -> tuple[KeptReport, bytes]:
    """One written report by the name of its file, as it was written. Raises NotFound, or Conflict when it was changed."""
    record = office_records.report_at(f"{FOLDER}/{name}")
    path = workspace.home / FOLDER / name
    if record is None or not path.is_file():
        raise NotFound("desk.no_report")
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != record.sha256:
        raise Conflict("desk.report_changed")
    return KeptReport(record, name), data
