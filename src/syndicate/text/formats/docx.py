"""docx → paragraphs and table cells in document order, with headers, footers, notes and text boxes.

Read from the XML itself: the archive's limits hold, and text in boxes and content controls is not missed.
Deleted text of tracked changes is left out, inserted text is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from syndicate.errors import InputError, Message
from syndicate.text.formats.archive import Archive
from syndicate.text.formats.blocks import Blocks, Extract

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FURTHER = re.compile(r"word/(?:header|footer)\d*\.xml|word/(?:footnotes|endnotes|comments)\.xml")
_NO_TEXT = frozenset({"del", "moveFrom", "instrText", "delText", "txbxContent", "pPr"})
_BODY = "word/document.xml"


def read_docx(data: bytes, name: str) -> Extract:
    """The text of a docx file; places are 第 n 段 and 表 n 第 r 行第 c 列. Raises `InputError`."""
    archive = Archive(data, name)
    if _BODY not in archive:
        raise InputError("text.broken", name=name, kind="docx")
    blocks = Blocks(name)
    _Part(blocks, archive.xml(_BODY), "").read()
    for member in sorted(filter(_FURTHER.fullmatch, archive.names())):
        label = member.removeprefix("word/").removesuffix(".xml")
        _Part(blocks, archive.xml(member), f"{label} ").read()
    return blocks.extract()


class _Part:
    """One XML part being read: counts its paragraphs and tables for the places."""

    def __init__(self, blocks: Blocks, root: Any, label: str) -> None:
        self.blocks = blocks
        self.root = root
        self.label = label
        self.paragraph = 0
        self.table = 0

    def read(self) -> None:
        for element in _outer(self.root):
            if _local(element) == "p":
                self._paragraph(element)
            else:
                self._table(element)

    def _paragraph(self, element: Any) -> None:
        self.paragraph += 1
        text = "".join(_runs(element))
        if text.strip():
            self.blocks.add(text, self.label + Message("text.place_paragraph", {"number": self.paragraph}).zh)
        for box in _boxes(element):
            _Part(self.blocks, box, self.label + Message("text.place_box", {"number": self.paragraph}).zh).read()

    def _table(self, element: Any) -> None:
        self.table += 1
        for row_number, row in enumerate(_children(element, "tr"), 1):
            cells = list(_children(row, "tc"))
            for column, cell in enumerate(cells, 1):
                values = {"table": self.table, "row": row_number, "column": column}
                place = self.label + Message("text.place_table", values).zh
                text = "\n".join("".join(_runs(paragraph)) for paragraph in _inner(cell))
                self.blocks.add(text, place, separator="\t" if column < len(cells) else "\n\n")


def _local(element: Any) -> str:
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    return tag.removeprefix(_W).removeprefix(_STRICT)


def _outer(element: Any) -> Iterator[Any]:
    """Paragraphs and tables below an element, not those inside other paragraphs or tables."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        name = _local(child)
        if name in ("p", "tbl"):
            yield child
        elif name not in ("del", "moveFrom"):
            stack.extend(reversed(child))


def _inner(cell: Any) -> Iterator[Any]:
    """Every paragraph of a cell, those of inner tables included."""
    for child in _outer(cell):
        if _local(child) == "p":
            yield child
        else:
            yield from (paragraph for paragraph in child.iter() if _local(paragraph) == "p")


def _children(element: Any, name: str) -> Iterator[Any]:
    """Direct children with that name, content controls (sdt) and custom XML looked through."""
    for child in element:
        if _local(child) == name:
            yield child
        elif _local(child) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(child, name)


def _runs(paragraph: Any) -> Iterator[str]:
    """The text of a paragraph's own runs: no text boxes, no deleted text, no field codes."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = _local(element)
        if name == "t":
            yield element.text or ""
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name in ("br", "cr"):
            yield "\n"
        elif name == "noBreakHyphen":
            yield "-"
        elif name not in _NO_TEXT and not name.endswith("}Fallback"):
            stack.extend(reversed(element))


def _boxes(paragraph: Any) -> Iterator[Any]:
    """Text boxes anchored in a paragraph; the fallback copy for older programs is left out."""
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = _local(element)
        if name == "txbxContent":
            yield element
        elif not name.endswith("}Fallback"):
            stack.extend(reversed(element))
