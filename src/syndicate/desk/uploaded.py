"""Uploaded files between upload and save: each is named by a signed token, so that nobody can claim what was not checked."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing
from django.urls import reverse

from syndicate.errors import InputError
from syndicate.model.item import Attachment, FileRole

_SALT = "syndicate.desk.uploaded"


def token_of(file: Attachment) -> str:
    """The token that a form carries for a file."""
    return signing.dumps([file.name, file.sha256, file.media_type, file.size, file.role.value, file.url], salt=_SALT)


def file_of_token(token: str) -> Attachment:
    """The file that a token names. Raises InputError for one that this desk did not give out."""
    try:
        name, sha256, media_type, size, role, url = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        raise InputError("writing.stale_file") from None
    return Attachment(name, sha256, media_type, size, FileRole(role), url)


def files_of_tokens(tokens: Iterable[str]) -> tuple[Attachment, ...]:
    """The files of a form, each once. Raises InputError."""
    return tuple({file.sha256: file for file in map(file_of_token, tokens)}.values())


def listed(file: Attachment) -> dict[str, object]:
    """A file for its line in the form: the token it is sent back with, and where the writer sees it before it is saved."""
    token = token_of(file)
    return {"file": file, "token": token, "address": reverse("written_file", args=[token])}
