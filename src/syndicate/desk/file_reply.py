"""Files of items as replies: pictures are shown, everything else is downloaded, and nothing in them runs."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from syndicate.desk.request import DeskRequest
from syndicate.model.item import Attachment

POLICY = "default-src 'none'; sandbox"
SHOWN_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Pictures that browsers show without running anything; everything else is only offered for download."""


def file_reply(request: DeskRequest, file: Attachment) -> HttpResponse:
    """The bytes of a file. Raises NotFound where they are not in the store any more."""
    shown = file.media_type in SHOWN_TYPES
    response = HttpResponse(
        request.workspace.files.read(file.sha256),
        content_type=file.media_type if shown else "application/octet-stream",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "private, max-age=3600"},
    )
    if not shown:
        response.headers["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    return response
