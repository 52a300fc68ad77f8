"""Files of the writing form: uploaded one by one while somebody writes, or with the whole form without JavaScript."""

from __future__ import annotations

from html import escape

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_POST, require_safe

from syndicate.desk.file_reply import file_reply
from syndicate.desk.request import DeskRequest, actor_of, posted
from syndicate.desk.uploaded import file_of_token, listed, token_of
from syndicate.desk.wording import status_of, told
from syndicate.desk.writing_form import MARKUP, Typed, markup_of
from syndicate.errors import InputError, SyndicateError
from syndicate.flow import items
from syndicate.flow.clipboard import bring
from syndicate.flow.upload_limits import upload_limit
from syndicate.flow.uploads import receive
from syndicate.model.item import Attachment, FileRole


@require_POST
def upload(request: DeskRequest) -> JsonResponse:
    """One file or several; answers with what was taken and, for each refused one, why."""
    items.require_writer(actor_of(request))
    role = FileRole.IMAGE if posted(request, "role") == "image" else FileRole.ATTACHMENT
    taken: list[Attachment] = []
    problems: list[str] = []
    for sent in _sent(request, "file"):
        try:
            taken.append(_received(request, sent, role))
        except SyndicateError as error:
            problem = told(error.message)
            problems.append(f"{problem.what}{problem.action}")
    return JsonResponse({"files": [_told(one) for one in taken], "problems": problems})


@require_POST
def clipboard(request: DeskRequest) -> JsonResponse:
    """What was pasted, without everything that only Word understands."""
    items.require_writer(actor_of(request))
    try:
        brought = bring(request.workspace, posted(request, "markup"))
    except SyndicateError as error:
        return JsonResponse({"problem": told(error.message).what}, status=status_of(error))
    return JsonResponse(
        {"html": brought.html, "files": [_told(one) for one in brought.pictures], "missed": brought.missed}
    )


@require_safe
def written_file(request: DeskRequest, token: str) -> HttpResponse:
    """A file that belongs to no item yet: pictures are shown, everything else is downloaded."""
    return file_reply(request, file_of_token(token))


def take_plain_uploads(request: DeskRequest, typed: Typed) -> dict[str, list[str]]:
    """The form with the files that were sent along with it: attachments, and one picture that follows the text."""
    changed = {name: list(texts) for name, texts in typed.items()}
    tokens = changed.setdefault("files", [])
    tokens += [token_of(_received(request, sent, FileRole.ATTACHMENT)) for sent in _sent(request, "attachment")]
    for sent in _sent(request, "picture")[:1]:
        picture = _received(request, sent, FileRole.IMAGE)
        tokens.append(token_of(picture))
        shown = f'<img src="file:{picture.sha256}" alt="{escape(posted(request, "picture_alt"))}">'
        changed["body"] = [_with_picture(typed, shown)]
        changed["form"] = [MARKUP]
    return changed


def _with_picture(typed: Typed, shown: str) -> str:
    return f"{markup_of(typed)}<p>{shown}</p>"


def _sent(request: DeskRequest, name: str) -> list[UploadedFile[bytes]]:
    return [one for one in request.FILES.getlist(name) if isinstance(one, UploadedFile)][: upload_limit("files")]


def _received(request: DeskRequest, sent: UploadedFile[bytes], role: FileRole) -> Attachment:
    name = (sent.name or "")[:200]
    most = upload_limit("file_bytes")
    if (sent.size or 0) > most:
        raise InputError("writing.file_too_large", name=name, limit=most // 1_048_576)
    return receive(request.workspace, sent.read(), name, role)


def _told(file: Attachment) -> dict[str, str]:
    """A file for the page's script: its line in the list of files as markup, and what the editor shows."""
    shown = listed(file)
    line = render_to_string("parts/written_file.html", shown)
    return {"line": line, "sha256": file.sha256, "address": str(shown["address"]), "name": file.name}
