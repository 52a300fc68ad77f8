"""Bytes and a file name → text with places. The kind is told by the content; the name only decides between txt, md and html."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from syndicate.errors import InputError
from syndicate.text.decode import decode
from syndicate.text.formats import blocks
from syndicate.text.formats.blocks import Extract
from syndicate.text.late import late

LARGEST_FILE = 200 * 1024 * 1024
"""Bytes; a larger file is refused before anything is read from it."""


class FileKind(StrEnum):
    """What a file is, by its content."""

    TXT = "txt"
    MD = "md"
    HTML = "html"
    DOCX = "docx"
    XLSX = "xlsx"
    XLS = "xls"
    PDF = "pdf"
    OFD = "ofd"
    ZIP = "zip"
    """Its listing: the names of its files."""


@dataclass(frozen=True)
class FileText:
    """The text of a file. For txt, md and html it is the source itself, for the others what was extracted from it."""

    name: str
    kind: FileKind
    extract: Extract
    replaced: int = 0
    """How many characters could not be decoded and stand there as U+FFFD."""

    @property
    def text(self) -> str:
        """The text that offsets count in."""
        return self.extract.text

    @property
    def markup(self) -> bool:
        """Whether the text is HTML source."""
        return self.kind is FileKind.HTML

    @property
    def extracted(self) -> bool:
        """Whether the text was extracted, so that a reader needs it to make sense of offsets."""
        return self.kind not in (FileKind.TXT, FileKind.MD, FileKind.HTML)


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEMBERS = (("word/document.xml", FileKind.DOCX), ("xl/workbook.xml", FileKind.XLSX), ("OFD.xml", FileKind.OFD))
_FOREIGN = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"BM",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x1f\x8b",
    b"{\\rtf",
    b"MZ",
    b"\x7fELF",
    b"RIFF",
)
_HTML_START = late(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|div|p|table|span|h[1-6]|article|section|meta|ul|ol)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_TAG = late(r"</?(?:p|div|br|span|table|td|a|html|body|li|strong|b|h[1-6])\b[^>]{0,500}>", re.IGNORECASE)


def read_file(data: bytes, name: str, declared: str = "") -> FileText:
    """Reads one file. `declared` is the encoding that the sender names, if any.

    Raises `InputError` for broken, encrypted, foreign and oversized files; the message names the file.
    """
    if len(data) > LARGEST_FILE:
        raise InputError("text.too_large", name=name, limit=LARGEST_FILE // (1024 * 1024))
    if b"%PDF-" in data[:1024]:
        from syndicate.text.formats.pdf import read_pdf

        return FileText(name, FileKind.PDF, read_pdf(data, name))
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(data, name)
    if data.startswith(_OLE):
        return _compound(data, name)
    if data.startswith(_FOREIGN) and not _looks_like_text(data):
        raise InputError("text.unknown_kind", name=name)
    return _plain(data, name, declared)


def _zipped(data: bytes, name: str) -> FileText:
    from syndicate.text.formats.archive import Archive

    archive = Archive(data, name)
    for member, kind in _MEMBERS:
        if member in archive:
            return FileText(name, kind, _reader(kind)(data, name))
    if any(member.startswith(("META-INF/", "[Content_Types]")) for member in archive.names()):
        raise InputError("text.unknown_kind", name=name)  # a program, or an office file of another kind
    from syndicate.text.formats.listing import read_listing

    return FileText(name, FileKind.ZIP, read_listing(data, name))


def _reader(kind: FileKind) -> Callable[[bytes, str], Extract]:
    """The reader of a kind; imported when needed, because the libraries behind them are slow to load."""
    if kind is FileKind.DOCX:
        from syndicate.text.formats.docx import read_docx

        return read_docx
    if kind is FileKind.XLSX:
        from syndicate.text.formats.sheets import read_xlsx

        return read_xlsx
    from syndicate.text.formats.ofd import read_ofd

    return read_ofd


def _compound(data: bytes, name: str) -> FileText:
    """The old container of Microsoft: xls, doc, or an encrypted new file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise InputError("text.encrypted", name=name)
    if "WordDocument".encode("utf-16-le") in data:
        raise InputError("text.old_word", name=name)
    from syndicate.text.formats.sheets import read_xls

    return FileText(name, FileKind.XLS, read_xls(data, name))


def _looks_like_text(data: bytes) -> bool:
    """Whether a file that begins like `BM…` or `MZ…` is in truth a text."""
    return data[:2] in (b"BM", b"MZ") and b"\0" not in data[:4096]


def _plain(data: bytes, name: str, declared: str) -> FileText:
    wide = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\0" in data[:8192] and not wide and "16" not in declared and "32" not in declared:
        raise InputError("text.unknown_kind", name=name)
    decoded = decode(data, declared)
    if len(decoded.text) > blocks.MOST_CHARACTERS:
        raise InputError("text.too_long", name=name, limit=blocks.MOST_CHARACTERS)
    suffix = name.rpartition(".")[2].lower()
    kind = FileKind.MD if suffix in ("md", "markdown") else FileKind.TXT
    named_markup = suffix in ("html", "htm", "shtml", "xhtml") and _HTML_TAG.search(decoded.text)
    if named_markup or (kind is FileKind.TXT and _HTML_START.match(decoded.text[:4096])):
        kind = FileKind.HTML
    return FileText(name, kind, Extract(decoded.text), decoded.replaced)
