"""信息发布审核表 of one item: as a page to print, and as PDF."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from syndicate.desk.approval_sheet import approval_sheet
from syndicate.desk.request import DeskRequest
from syndicate.flow.printing import PrintedFile, make_pdf

STYLE = Path(__file__).parents[1] / "static" / "desk" / "sheet.css"


@require_safe
def sheet(request: DeskRequest, number: int) -> HttpResponse:
    """The page, to be printed from the browser."""
    return render(request, "approval_sheet.html", _shown(request, number, static("desk/sheet.css")))


@require_safe
def sheet_pdf(request: DeskRequest, number: int) -> HttpResponse:
    """The same as PDF; where this machine cannot make one, it says what is missing."""
    html = render_to_string("approval_sheet.html", _shown(request, number, "own:sheet.css"))
    pdf = make_pdf(html, {"sheet.css": PrintedFile("text/css", STYLE.read_bytes())})
    name = content_disposition_header(True, f"信息发布审核表-{number}.pdf") or "attachment"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": name})


def _shown(request: DeskRequest, number: int, style: str) -> dict[str, object]:
    return {
        "sheet": approval_sheet(request.workspace, number),
        "office": request.workspace.snapshot.office,
        "style": style,
        "now": request.now,
        "printed": style.startswith("own:"),
    }
