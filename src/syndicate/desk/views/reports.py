"""Reports: the calendar of a month, and one of them in a sandboxed frame."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from syndicate.desk.report_calendar import report_month
from syndicate.desk.request import DeskRequest, asked
from syndicate.flow.report import read_kept_report
from syndicate.model.period import Period, Span, period_of

WEEKDAYS = (
    gettext_noop("周一"),
    gettext_noop("周二"),
    gettext_noop("周三"),
    gettext_noop("周四"),
    gettext_noop("周五"),
    gettext_noop("周六"),
    gettext_noop("周日"),
)

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""A report carries its own styles, so that its file can be handed on alone; nothing else in it can do anything."""

_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def reports(request: DeskRequest) -> HttpResponse:
    """A month of reports, the present one unless another is asked for, and the longer reports of its year."""
    today = request.workspace.now().date()
    month = _month(asked(request, "month"), today)
    following = period_of(Span.MONTH, month.last + timedelta(days=1))
    shown = {
        "shown": report_month(month, today),
        "before": month.before().name,
        "after": following.name if following.first <= today else "",
        "weekdays": [gettext(name) for name in WEEKDAYS],
    }
    return render(request, "reports.html", shown)


def _month(text: str, today: date) -> Period:
    """The month that was asked for as `2026-11`; nonsense, and what is still to come, is the present one."""
    if re.fullmatch(r"20[0-9]{2}-(0[1-9]|1[0-2])", text):
        asked_for = period_of(Span.MONTH, date(int(text[:4]), int(text[5:]), 1))
        if asked_for.first <= today:
            return asked_for
    return period_of(Span.MONTH, today)


@require_safe
def report(request: DeskRequest, name: str) -> HttpResponse:
    """One report with the frame around it."""
    kept, _ = read_kept_report(request.workspace, name)
    return render(request, "report.html", {"report": kept})


@require_safe
@xframe_options_sameorigin
def sheet(request: DeskRequest, name: str) -> HttpResponse:
    """The report itself: a page is shown, every other format is handed over as a file."""
    kept, data = read_kept_report(request.workspace, name)
    headers = {"Content-Security-Policy": POLICY}
    if kept.suffix != "html":
        headers["Content-Disposition"] = f'attachment; filename="{kept.name}"'
    return HttpResponse(data, headers=headers, content_type=_TYPES[kept.suffix])
