"""Documents for sandboxed frames: the text with marks, the channels' versions, and the files they show.

Everything here may hold foreign markup. It was sanitised, and each reply forbids scripts, forms and foreign addresses
by its own policy besides; the frames are sandboxed without scripts, opened alone they are no more powerful.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from syndicate.channels.drawing import draw_slide, find_font
from syndicate.desk.file_reply import file_reply
from syndicate.desk.item_page import places_of
from syndicate.desk.marks import mark_article
from syndicate.desk.previews import pixels
from syndicate.desk.remarks import places_with
from syndicate.desk.request import DeskRequest
from syndicate.errors import NotFound
from syndicate.flow.checking import render_all
from syndicate.model.channel import Channel, ChannelKind, Rendition
from syndicate.records import findings as finding_records
from syndicate.records import items as item_records
from syndicate.records import reviews
from syndicate.render.bundle import shown_body
from syndicate.render.markup import FILE_ADDRESS

# Inline styles carry the look of WeChat articles; without scripts and with pictures of this server only they are harmless.
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'self' 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
_LARGEST_SCREEN = 4096


@require_safe
@xframe_options_sameorigin
def text(request: DeskRequest, number: int) -> HttpResponse:
    """The text as our site shows it, with the findings marked."""
    revision = item_records.latest_revision(number)
    places = places_with(places_of(finding_records.of_revision(revision.id)), reviews.decisions(revision.id))
    in_body = [place for place in places if place.finding.part == "body"]
    marked = mark_article(revision.content.body, in_body, lambda sha256: _file_address(number, sha256))
    # Safe: sanitised by `render.markup.parse`, marks are built as elements, and this document runs no scripts.
    return _document(request, "frames/text.html", {"body": mark_safe(marked.html)})  # noqa: S308


@require_safe
@xframe_options_sameorigin
def preview(request: DeskRequest, number: int, channel: str) -> HttpResponse:
    """The body of one channel's version."""
    rendition, account = _rendition(request, number, channel)
    body = FILE_ADDRESS.sub(lambda found: _file_address(number, found[1]), shown_body(rendition))
    shown = {
        # Safe: rendered from sanitised markup, and this document runs no scripts.
        "body": mark_safe(_without_foreign_pictures(body)),  # noqa: S308
        "fields": rendition.fields,
        "official": [(name[6:], value) for name, value in rendition.fields.items() if name.startswith("field:")],
        "kind": account.kind,
    }
    return _document(request, "frames/preview.html", shown)


_FOREIGN_PICTURE = re.compile(r"""(<img\b[^>]*?)\ssrc=(["'])https?:.*?\2""", re.IGNORECASE)


def _without_foreign_pictures(markup: str) -> str:
    """The policy blocks them anyway; without an address the alternative text stands in their place."""
    return _FOREIGN_PICTURE.sub(r"\1", markup)


@require_safe
def screen(request: DeskRequest, number: int, channel: str) -> HttpResponse:
    """The slide at the screen's own pixels; 404 on a machine without a Chinese font."""
    rendition, account = _rendition(request, number, channel)
    font = find_font()
    if account.kind is not ChannelKind.LED or font is None:
        raise Http404
    width, height = (min(size, _LARGEST_SCREEN) for size in pixels(account))
    fields = rendition.fields
    return HttpResponse(draw_slide(fields["title"], fields["text"], width, height, font), content_type="image/png")


@require_safe
def file(request: DeskRequest, number: int, sha256: str) -> HttpResponse:
    """A file of this item: pictures are shown, everything else is downloaded."""
    revisions = item_records.revisions(number)
    attachments = (one for revision in revisions for one in revision.content.attachments)
    found = next((one for one in attachments if one.sha256 == sha256), None)
    if found is None:
        raise NotFound("records.no_file", sha256=sha256[:64])
    return file_reply(request, found)


def _rendition(request: DeskRequest, number: int, channel: str) -> tuple[Rendition, Channel]:
    """What the channel would carry now, the same that the item page binds an approval to."""
    item = item_records.get(number)
    content = item_records.latest_revision(number).content
    rendered = render_all(request.workspace, item, content)
    found = next((one.rendition for one in rendered if one.rendition.channel == channel), None)
    if found is None:
        raise NotFound("desk.no_rendition")
    return found, request.workspace.channel(channel)


def _file_address(number: int, sha256: str) -> str:
    return reverse("item_file", args=[number, sha256])


def _document(request: DeskRequest, template: str, shown: Mapping[str, object]) -> HttpResponse:
    response = render(request, template, dict(shown))
    response.headers["Content-Security-Policy"] = POLICY
    return response
