"""Files that articles refer to: what they really are, what they may be called, and where bodies name them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote, urlsplit

from syndicate.errors import InputError
from syndicate.ingest.documents import one_line
from syndicate.ingest.tables import table
from syndicate.model.item import FileRole

_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument".encode("utf-16-le"), "doc"), ("Workbook".encode("utf-16-le"), "xls"))
_OLE_OLD_BOOK = "Book".encode("utf-16-le")
_PDF_MARK_WITHIN = 1_024
"""Readers accept a few bytes before `%PDF-`."""
_MOST_MEMBERS = 10_000
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
_LONGEST_NAME = 120
_TAG = re.compile(r'<(?:a|img)(?:\s[\w-]+="[^"]*")*>')
_ADDRESS = re.compile(r'(\s(?:href|src)=")([^"]*)"')


def extension(name: str) -> str:
    """The known extension of a file name or an address's path in small letters, empty where it is none we carry."""
    ending = name.rpartition(".")[2].lower()
    return ending if ending in _TYPES else ""


def role_of(url: str) -> FileRole | None:
    """What an address promises to be by its ending: image, attachment, or neither."""
    known = extension(urlsplit(url).path)
    return FileRole(_TYPES[known]["role"]) if known else None


def media_type(data: bytes, name: str, role: FileRole) -> str:
    """What the bytes are, by their content alone. Raises `InputError` for anything a body must not carry.

    Refused: SVG, HTML, programs, macros, archives other than zip, and an attachment where an image was wanted.
    """
    found = _kind(data)
    if not found:
        raise InputError("ingest.file_refused", name=one_line(name, _LONGEST_NAME))
    row = _TYPES[found]
    if role is FileRole.IMAGE and row["role"] != role:
        raise InputError("ingest.no_image", name=one_line(name, _LONGEST_NAME))
    return row["media_type"]


def file_name(title: str, url: str) -> str:
    """A harmless name for a file: what its link says, else the last part of its address, with the right ending."""
    last = unquote(urlsplit(url).path.rpartition("/")[2], errors="replace")
    ending = extension(last)
    name = one_line(_UNSAFE_IN_NAME.sub(" ", title or last), 500).strip(". ")
    if ending and name.lower().endswith(f".{ending}"):
        name = name[: -len(ending) - 1]
    name = name[:_LONGEST_NAME].strip(". ") or "file"
    return f"{name}.{ending}" if ending else name


def with_files(body: str, replacements: Mapping[str, str]) -> str:
    """A sanitised body in which each address of `replacements` (address → SHA-256) has become `file:<sha256>`."""

    def swap_address(match: re.Match[str]) -> str:
        sha256 = replacements.get(unescape(match[2]))
        return f'{match[1]}{escape(f"file:{sha256}")}"' if sha256 else match[0]

    return _TAG.sub(lambda tag: _ADDRESS.sub(swap_address, tag[0]), body)


def _kind(data: bytes) -> str:
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    if data.startswith(b"PK\x03\x04"):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        return _kind_of_ole(data)
    return "pdf" if b"%PDF-" in data[:_PDF_MARK_WITHIN] and not data.lstrip().startswith((b"<", b"MZ", b"#!")) else ""


def _kind_of_zip(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError("ingest.broken_file") from error
    if len(names) > _MOST_MEMBERS or any(name.endswith("vbaproject.bin") for name in names):
        return ""
    if "ofd.xml" in names:
        return "ofd"
    if "[content_types].xml" not in names:
        return "" if "meta-inf/manifest.mf" in names else "zip"
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else ""


def _kind_of_ole(data: bytes) -> str:
    if "_VBA_PROJECT".encode("utf-16-le") in data:
        return ""
    for stream, kind in _OLE_STREAMS:
        if stream in data:
            return kind
    return "xls" if _OLE_OLD_BOOK in data else ""


_TYPES = {row["extension"]: row for row in table("file_types")}
