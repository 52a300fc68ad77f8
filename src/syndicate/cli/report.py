"""Reports: of a day, a week, a month, a quarter or a year."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from syndicate.cli.opening import opened, operator
from syndicate.cli.options import HERE, Home, Json
from syndicate.cli.output import print_json, print_line
from syndicate.errors import UsageError
from syndicate.model.period import Span, period_of

_FIRST_YEAR = 2000
"""No office has records from before; time arithmetic near year 1 or 9999 fails."""


class ReportFormat(StrEnum):
    """What a report is written as."""

    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(report)


Day = Annotated[
    datetime | None,
    typer.Argument(
        formats=["%Y-%m-%d"], help="日期，默认上一期（昨天、上周、上月……）。A day; the last period that is over."
    ),
]
AsOf = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%dT%H:%M"], help="按当时的情况重算。As things stood at that moment."),
]
Format = Annotated[ReportFormat, typer.Option("--format", help="html、pdf、xlsx 写入 var/reports；json 输出。")]
Length = Annotated[Span, typer.Option("--period", help="日报、周报、月报、季报、年报。For how long a time.")]


def report(
    day: Day = None,
    span: Length = Span.DAY,
    as_of: AsOf = None,
    file_format: Format = ReportFormat.HTML,
    home: Home = HERE,
    as_json: Json = False,
) -> None:
    """日报，以及周报、月报、季报、年报。The report of a day, or of a week, month, quarter or year.

    例 example: syndicate report 2026-11-25
    例 example: syndicate report --period month --format pdf
    """
    with opened(home) as workspace:
        from syndicate.flow.report import make_report, rendered, write_report

        now = workspace.now()
        wanted = day.date() if day else period_of(span, now.date()).before().first
        at = as_of.replace(tzinfo=workspace.snapshot.office.timezone) if as_of else None
        _check_day(wanted, span, at, now)
        if file_format is ReportFormat.JSON:
            print_line(rendered(workspace, make_report(workspace, wanted, at, span), "json").decode())
            return
        written = write_report(workspace, operator("report"), wanted, at, file_format, span)
    if as_json:
        found = {"path": written.path, "sha256": written.sha256, "standing": written.report.standing}
        print_json({**found, "letters": written.letters})
    else:
        print_line(f"{written.report.headline}\n{written.path}")
        if written.letters:
            print_line(
                f"邮件 {written.letters} 封已待发，由 syndicate notify 发出。Letters to be sent: {written.letters}."
            )


def _check_day(day: date, span: Span, at: datetime | None, now: datetime) -> None:
    """Raises UsageError for a day whose period cannot be reported on."""
    if _FIRST_YEAR <= day.year <= now.year and now.tzinfo:
        start = period_of(span, day).start(now.tzinfo)
        if start <= now and (at is None or start < at <= now):
            return
    raise UsageError("cli.report_day", day=day.isoformat())
