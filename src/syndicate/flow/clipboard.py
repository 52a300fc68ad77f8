"""从 Word 粘贴: a clipboard's text for the editor, with the pictures that came along kept like uploads."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from syndicate.errors import InputError
from syndicate.flow.upload_limits import upload_limit
from syndicate.flow.uploads import receive
from syndicate.flow.workspace import Workspace
from syndicate.ingest.clipboard import clean_clipboard
from syndicate.model.item import Attachment, FileRole


@dataclass(frozen=True)
class Brought:
    """The fragment, which names its pictures by hash, the pictures, and how many could not come along."""

    html: str
    pictures: tuple[Attachment, ...]
    missed: int


def bring(workspace: Workspace, markup: str) -> Brought:
    """Clean what was pasted and keep its pictures. Raises InputError for markup that cannot be read."""
    cleaned = clean_clipboard(markup)
    text, missed = cleaned.html, cleaned.missed
    pictures: list[Attachment] = []
    for number, address in enumerate(cleaned.pictures):
        placeholder = f"file:{number:064x}"
        picture = _kept(workspace, address, number) if len(pictures) < upload_limit("files") else None
        if picture is None:
            missed += 1
            text = text.replace(placeholder, "")
        else:
            pictures.append(picture)
            text = text.replace(placeholder, f"file:{picture.sha256}")
    return Brought(text, tuple(pictures), missed)


def _kept(workspace: Workspace, address: str, number: int) -> Attachment | None:
    head, _, coded = address.partition(",")
    if not head.endswith(";base64"):
        return None
    try:
        data = base64.b64decode(coded, validate=True)
        return receive(workspace, data, f"粘贴的图片{number + 1}", FileRole.IMAGE)
    except (binascii.Error, InputError):
        return None
