"""上传: a picture or an attachment from somebody's disk, known by its content and never by its name."""

from __future__ import annotations

from syndicate.errors import InputError
from syndicate.flow.pictures import cleaned_picture
from syndicate.flow.room import check_room
from syndicate.flow.upload_limits import refused_in_zip, upload_limit
from syndicate.flow.workspace import Workspace
from syndicate.ingest.files import file_name, media_type
from syndicate.model.item import Attachment, FileRole
from syndicate.render.media import extension
from syndicate.text.formats.archive import Archive

_ZIPS = frozenset({"docx", "xlsx", "ofd", "zip"})


def receive(workspace: Workspace, data: bytes, name: str, role: FileRole) -> Attachment:
    """Check a file, keep its bytes and say what it is.

    Refused, with InputError: what is empty or too large, programs, macros, SVG and HTML whatever they are called,
    archives that unpack without end or hold such things, a picture that cannot be decoded, no picture where one is wanted.
    StorageError where the disk is nearly full.
    """
    check_room(workspace.home)
    safe = file_name(name, "")
    most = upload_limit("image_bytes" if role is FileRole.IMAGE else "file_bytes")
    if not data:
        raise InputError("writing.empty_file", name=safe)
    if len(data) > most:
        raise InputError("writing.file_too_large", name=safe, limit=most // 1_048_576)
    kind = media_type(data, safe, role)
    if kind.startswith("image/"):
        data, kind = cleaned_picture(data, safe)
    ending = extension(kind)
    if ending is None:
        raise InputError("ingest.file_refused", name=safe)
    if ending in _ZIPS:
        _check_archive(data, safe, strictly=ending == "zip")
    named = file_name(name, f"https://upload.invalid/file.{ending}")
    return Attachment(named, workspace.files.put(data), kind, len(data), role)


def _check_archive(data: bytes, name: str, *, strictly: bool) -> None:
    """Limits on ratio, count, size and depth; of a plain archive also on what is in it."""
    members = Archive(data, name).names()
    if not strictly:
        return
    for member in members:
        if member.rpartition(".")[2].lower() in refused_in_zip():
            raise InputError("writing.unsafe_member", name=name, member=file_name(member.rpartition("/")[2], ""))
