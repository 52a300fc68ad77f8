"""Pasting: a Word or HTML file, or what somebody copied from a page that no program may fetch, as an item."""

from __future__ import annotations

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from syndicate.desk.request import DeskRequest, actor_of, asked, posted
from syndicate.desk.views.writing import saved
from syndicate.desk.wording import status_of, told
from syndicate.errors import InputError, SyndicateError
from syndicate.flow.pasting import Origin, paste
from syndicate.ingest.addresses import absolute

LARGEST = 30_000_000
"""Bytes of a file; a Word file with its pictures stays below."""
_TYPED = ("title", "column", "organ", "url", "published", "body")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: DeskRequest) -> HttpResponse:
    """A pasted item, kept as a draft or sent to review at once. The address may fill in title and address."""
    if request.method != "POST":
        return _form(request, {name: asked(request, name) for name in ("title", "url")})
    typed = {name: posted(request, name) for name in _TYPED}
    try:
        file, origin = _file(request, typed["body"]), _origin(request, typed)
        number = paste(request.workspace, actor_of(request), typed["column"], typed["title"], file, origin)
    except SyndicateError as error:
        return _form(request, typed, error)
    return saved(request, number)


def _file(request: DeskRequest, body: str) -> tuple[bytes, str]:
    """The uploaded file, else the pasted text. Raises InputError."""
    uploaded = request.FILES.get("file")
    if not isinstance(uploaded, UploadedFile):
        return body.encode(), "paste.html"
    name = (uploaded.name or "file")[:120]
    if (uploaded.size or 0) > LARGEST:
        raise InputError("text.too_large", name=name, limit=LARGEST // 1_000_000)
    return uploaded.read(), name


def _origin(request: DeskRequest, typed: dict[str, str]) -> Origin | None:
    """Where a reprint comes from; None for the office's own text. Raises InputError for half of it."""
    organ, url = typed["organ"].strip(), typed["url"].strip()
    if not organ and not url:
        return None
    address = absolute(url, "") if url else ""
    if not organ or len(organ) > 255 or (url and not address):
        raise InputError("desk.bad_origin")
    return Origin(organ, address, _moment(request, typed["published"]))


def _moment(request: DeskRequest, text: str) -> datetime | None:
    """What a browser sends for a time, in the office's zone. Raises InputError."""
    if not text:
        return None
    try:
        written = datetime.fromisoformat(text[:30])
    except ValueError:
        raise InputError("desk.bad_origin") from None
    return written.replace(tzinfo=request.workspace.snapshot.office.timezone)


def _form(request: DeskRequest, typed: dict[str, str], problem: SyndicateError | None = None) -> HttpResponse:
    shown = {
        "typed": typed,
        "columns": request.workspace.snapshot.columns.values(),
        "problem": told(problem.message) if problem else None,
    }
    return render(request, "paste.html", shown, status=status_of(problem) if problem else 200)
