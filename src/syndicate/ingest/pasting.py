"""What people paste, Word or HTML → a body: paragraphs, headings, alignment, links, pictures, tables with merged cells."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from posixpath import basename, join, normpath
from typing import Any

from syndicate.errors import InputError
from syndicate.ingest.bodies import clean_body
from syndicate.ingest.documents import plain
from syndicate.ingest.files import file_name, media_type
from syndicate.model.item import Attachment, FileRole
from syndicate.text.decode import decode
from syndicate.text.formats.archive import Archive
from syndicate.text.sanitise import sanitise

_WORD = "word/document.xml"
_RELATIONS = "word/_rels/document.xml.rels"
_ALIGNED = {"center": "center", "right": "right", "end": "right", "both": "justify"}
_HEADINGS = {"1": "h2", "2": "h3", "3": "h4", "title": "h2", "heading1": "h2", "heading2": "h3", "heading3": "h4"}
_LEFT_OUT = frozenset({"del", "moveFrom", "instrText", "delText", "Fallback", "pPr", "rPr", "txbxContent"})


@dataclass(frozen=True)
class Pasted:
    """A body that refers to its pictures by hash, the pictures with their bytes, and the rules that fired."""

    body: str
    pictures: tuple[tuple[Attachment, bytes], ...] = ()
    warnings: tuple[str, ...] = ()


def read_paste(data: bytes, name: str) -> Pasted:
    """Read a .docx or an HTML file. Raises `InputError` where it is neither, or holds no text."""
    pasted = _Word(data, name).read() if data.startswith(b"PK\x03\x04") else _html(data, name)
    if not plain(pasted.body) and not pasted.pictures:
        raise InputError("item.no_text")
    return pasted


def _html(data: bytes, name: str) -> Pasted:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError("text.old_word", name=name)
    if b"\x00" in data[:1_000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("text.unknown_kind", name=name)
    read = decode(data)
    text = (
        read.text
        if "<" in read.text
        else "".join(f"<p>{escape(line)}</p>" for line in read.text.splitlines() if line.strip())
    )
    body = clean_body(text, "")
    return Pasted(body.html, (), (*body.warnings, *(("ingest.replaced",) if read.replaced else ())))


class _Word:
    """One docx being read."""

    def __init__(self, data: bytes, name: str) -> None:
        self._archive = Archive(data, name)
        if _WORD not in self._archive:
            raise InputError("text.unknown_kind", name=name)
        self._targets = self._relations()
        self._pictures: dict[str, tuple[Attachment, bytes]] = {}
        self._warnings: dict[str, None] = {}

    def read(self) -> Pasted:
        body = next((part for part in self._archive.xml(_WORD) if _local(part) == "body"), None)
        html = "".join(self._blocks(body)) if body is not None else ""
        return Pasted(sanitise(html), tuple(self._pictures.values()), tuple(self._warnings))

    def _relations(self) -> Mapping[str, str]:
        if _RELATIONS not in self._archive:
            return {}
        return {str(one.get("Id")): str(one.get("Target") or "") for one in self._archive.xml(_RELATIONS)}

    def _blocks(self, parent: Any) -> Iterator[str]:
        for element in parent:
            name = _local(element)
            if name == "p":
                yield self._paragraph(element)
            elif name == "tbl":
                yield self._table(element)
            elif name in ("sdt", "sdtContent", "customXml", "ins"):
                yield from self._blocks(element)

    def _paragraph(self, element: Any) -> str:
        inner = "".join(self._runs(element))
        if not inner.strip():
            return ""
        style = (_value(element, "pPr", "pStyle") or "").lower().replace(" ", "")
        tag = _HEADINGS.get(style, "p")
        aligned = _ALIGNED.get(_value(element, "pPr", "jc") or "")
        return f'<{tag} style="text-align: {aligned}">{inner}</{tag}>' if aligned else f"<{tag}>{inner}</{tag}>"

    def _runs(self, parent: Any) -> Iterator[str]:
        for element in parent:
            name = _local(element)
            if name == "t":
                yield escape(element.text or "", quote=False)
            elif name in ("br", "cr"):
                yield "<br>"
            elif name in ("tab", "ptab"):
                yield "\u3000"
            elif name == "hyperlink":
                yield self._link(element)
            elif name == "blip":
                yield self._picture(self._targets.get(_attribute(element, "embed"), ""))
            elif name == "r" and _is_bold(element):
                yield f"<strong>{''.join(self._runs(element))}</strong>"
            elif name == "object":
                self._warnings["ingest.embedded_dropped"] = None
            elif name not in _LEFT_OUT:
                yield from self._runs(element)

    def _link(self, element: Any) -> str:
        inner, target = "".join(self._runs(element)), self._targets.get(_attribute(element, "id"), "")
        return f'<a href="{escape(target)}">{inner}</a>' if target.startswith(("http://", "https://")) else inner

    def _picture(self, target: str) -> str:
        """A picture of a kind that may be published; another one is missed aloud."""
        member = normpath(join("word", target)) if not target.startswith("/") else target[1:]
        try:
            data = self._archive.read(member)
            kind = media_type(data, target, FileRole.IMAGE)
        except InputError:
            self._warnings["ingest.inline_image_dropped"] = None
            return ""
        digest = hashlib.sha256(data).hexdigest()
        name = file_name(basename(target), f"https://x/{basename(target)}")
        self._pictures[digest] = (Attachment(name, digest, kind, len(data), FileRole.IMAGE), data)
        return f'<img src="file:{digest}" alt="">'

    def _table(self, table: Any) -> str:
        """Rows of cells; a cell that continues the one above it only makes that one higher."""
        rows: list[list[_Cell]] = []
        above: dict[int, _Cell] = {}
        for row in (child for child in table if _local(child) == "tr"):
            rows.append([])
            column = 0
            for cell in (child for child in row if _local(child) == "tc"):
                span = _value(cell, "tcPr", "gridSpan") or ""
                width = int(span) if span.isascii() and span.isdigit() and len(span) < 4 else 1
                merge = _value(cell, "tcPr", "vMerge")
                if merge is not None and merge != "restart" and column in above:
                    above[column].height += 1
                else:
                    above[column] = _Cell("".join(self._blocks(cell)), width)
                    rows[-1].append(above[column])
                column += max(width, 1)
        lines = ("".join(cell.html() for cell in row) for row in rows)
        return f"<table><tbody>{''.join(f'<tr>{line}</tr>' for line in lines)}</tbody></table>"


@dataclass
class _Cell:
    """One cell of a table, as many columns wide and rows high as Word merged."""

    inner: str
    width: int
    height: int = 1

    def html(self) -> str:
        width = f' colspan="{self.width}"' if self.width > 1 else ""
        height = f' rowspan="{self.height}"' if self.height > 1 else ""
        return f"<td{width}{height}>{self.inner}</td>"


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def _value(element: Any, properties: str, name: str) -> str | None:
    """The `val` of a property, empty where it has none; None where the property is missing."""
    for group in element:
        if _local(group) == properties:
            return next((_attribute(one, "val") for one in group if _local(one) == name), None)
    return None


def _is_bold(run: Any) -> bool:
    value = _value(run, "rPr", "b")
    return value is not None and value not in ("0", "false")
