"""Tables as rows of cells with their place in the text: tab, bar or wide blanks in plain text, `<td>` in markup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from syndicate.text.late import late

_SEPARATOR = late(r"\t|\|| ?(?<=\S)(?:\u3000+|[ \xa0]{2,})(?=\S)")
_LINE = late(r"[^\n]+")
_CELL = late(r"\t([^\t]*)\t")
_FEWEST_CELLS = 2
_RULED = frozenset("|-+: \t")
"""A line of nothing else only rules off the head of a table."""


class Cell(NamedTuple):
    """The text of a cell without blanks around it, and where it stands."""

    start: int
    end: int
    text: str


Row = tuple[Cell, ...]


def grids(text: str, *, markup: bool) -> Iterator[tuple[Row, ...]]:
    """Every table with at least two rows."""
    found = _markup_rows(text) if markup else _plain_rows(text)
    rows: list[Row] = []
    for row in found:
        if row is not None:
            rows.append(row)
            continue
        if len(rows) > 1:
            yield tuple(rows)
        rows = []
    if len(rows) > 1:
        yield tuple(rows)


def _plain_rows(text: str) -> Iterator[Row | None]:
    """Rows line by line; None where a table ends."""
    for line in _LINE.finditer(text):
        content = line.group()
        if not content.strip():
            continue
        if content[0] in _RULED and _RULED.issuperset(content):
            continue
        if not _SEPARATOR.search(content):
            yield None
            continue
        cells = _cells(text, line.start(), line.end())
        yield cells if len(cells) >= _FEWEST_CELLS else None


def _cells(text: str, start: int, end: int) -> Row:
    while start < end and text[start] in " |\u3000":
        start += 1
    while start < end and text[end - 1] in " |\u3000":
        end -= 1
    cells, position = [], start
    for match in _SEPARATOR.finditer(text, start, end):
        cells.append(_cell(text, position, match.start()))
        position = match.end()
    return (*cells, _cell(text, position, end))


def _markup_rows(text: str) -> Iterator[Row | None]:
    """Rows of `<td>` cells: each stands between two tabs; a block break between two cells begins a new row."""
    row: list[Cell] = []
    last = 0
    for match in _CELL.finditer(text):
        gap = text[last : match.start()]
        if row and "\n" in gap:
            yield tuple(row)
            row = []
        if gap.strip():
            yield None
        row.append(_cell(text, match.start(1), match.end(1)))
        last = match.end()
    if row:
        yield tuple(row)


def _cell(text: str, start: int, end: int) -> Cell:
    content = text[start:end]
    stripped = content.strip()
    begin = start + len(content) - len(content.lstrip())
    return Cell(begin, begin + len(stripped), stripped)
