"""Daily reports: the list, and one of them in a sandboxed frame."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from syndicate.desk.request import DeskRequest
from syndicate.flow.report import kept_reports, read_kept_report

MOST = 400
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""A report carries its own styles, so that its file can be handed on alone; nothing else in it can do anything."""

_TYPES = {
    "html": "text/html; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_safe
def reports(request: DeskRequest) -> HttpResponse:
    """The reports that were written, newest first."""
    return render(request, "reports.html", {"reports": kept_reports(MOST)})


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
