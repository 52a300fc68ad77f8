"""ofd (GB/T 33190-2016) → the text of every page. Text objects in the order of the file; a new height is a new line."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from syndicate.errors import InputError, Message
from syndicate.text.formats.archive import Archive
from syndicate.text.formats.blocks import Blocks, Extract

MOST_PAGES = 3_000
_ENTRY = "OFD.xml"


def read_ofd(data: bytes, name: str) -> Extract:
    """The text of an ofd file; places are 第 n 页. Raises `InputError`."""
    archive = Archive(data, name)
    if _ENTRY not in archive:
        raise InputError("text.broken", name=name, kind="ofd")
    blocks = Blocks(name)
    textless: list[str] = []
    for number, page in enumerate(_pages(archive), 1):
        if number > MOST_PAGES:
            raise InputError("text.too_long", name=name, limit=MOST_PAGES)
        place = Message("text.place_page", {"number": number}).zh
        text = "\n".join(_lines(archive.xml(page)))
        if text.strip():
            blocks.add(text, place)
        else:
            textless.append(place)
    if not blocks.extract().text and not textless:
        raise InputError("text.broken", name=name, kind="ofd")
    return blocks.extract(tuple(textless))


def _pages(archive: Archive) -> Iterator[str]:
    """The paths of all pages, document by document."""
    for root in _named(archive.xml(_ENTRY), "DocRoot"):
        document = _resolve("", root.text or "")
        if document not in archive:
            raise InputError("text.broken", name=archive.name, kind=_ENTRY)
        for page in _named(archive.xml(document), "Page"):
            path = _resolve(posixpath.dirname(document), page.get("BaseLoc") or "")
            if path in archive:
                yield path


def _resolve(folder: str, path: str) -> str:
    """A path inside the archive; an absolute one counts from its root."""
    path = path.strip().replace("\\", "/")
    joined = path if path.startswith("/") else posixpath.join(folder, path)
    return posixpath.normpath(joined).lstrip("/")


def _lines(page: Any) -> Iterator[str]:
    line: list[str] = []
    height: float | None = None
    for text_object in _named(page, "TextObject"):
        top, size = _top(text_object), _number(text_object.get("Size")) or 5.0
        text = "".join(code.text or "" for code in _named(text_object, "TextCode"))
        if height is not None and abs(top - height) > size / 2:
            yield "".join(line)
            line = []
        line.append(text)
        height = top
    yield "".join(line)


def _top(text_object: Any) -> float:
    """The height of a text object: the y of its `Boundary` (x y width height, millimetres)."""
    parts = (text_object.get("Boundary") or "").split()
    return _number(parts[1]) if len(parts) == 4 else 0.0


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _named(element: Any, name: str) -> Iterator[Any]:
    """Descendants by local name: producers use different prefixes."""
    return (child for child in element.iter() if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == name)
