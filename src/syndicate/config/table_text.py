"""The text of a TSV file as people edit it: rows change in place; remarks, order and line ends stay as they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_BREAK = re.compile("(\r\n|[\n\r\x85\u2028\u2029])")
"""The line ends that count in every configuration file (`places.ConfigFile`)."""


@dataclass(frozen=True)
class TableLine:
    """One row. `number` is its line in the file, from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class TableText:
    """A table as it stands in its file. `remark` is the first remark, which says what the table is for."""

    heading: tuple[str, ...]
    rows: tuple[TableLine, ...]
    remark: str


@dataclass(frozen=True)
class Changes:
    """What a person did to a table: cells by line number, lines taken out, rows to come at the end."""

    cells: Mapping[int, tuple[str, ...]]
    removed: frozenset[int]
    added: Sequence[tuple[str, ...]]

    def __bool__(self) -> bool:
        return bool(self.cells or self.removed or self.added)


def read_table_text(text: str) -> TableText:
    """The rows of a table with their line numbers; a row with too few or too many cells is filled up or kept long."""
    heading: tuple[str, ...] = ()
    rows: list[TableLine] = []
    remark = ""
    for number, line in enumerate(_BREAK.split(text)[::2], 1):
        if line.startswith("#"):
            remark = remark or line.lstrip("# ").strip()
        elif line.strip():
            cells = tuple(line.split("\t"))
            if not heading:
                heading = cells
            else:
                rows.append(TableLine(number, cells + ("",) * (len(heading) - len(cells))))
    return TableText(heading, tuple(rows), remark)


def changed_text(text: str, changes: Changes) -> str:
    """The file's text after the changes. Line numbers are those of `text`."""
    parts = _BREAK.split(text)
    lines, ends = parts[::2], [*parts[1::2], ""]
    end = ends[0] or "\n"
    kept = [
        ("\t".join(changes.cells[number]) if number in changes.cells else line) + ends[number - 1]
        for number, line in enumerate(lines, 1)
        if number not in changes.removed
    ]
    whole = "".join(kept)
    if changes.added and whole and not _BREAK.fullmatch(whole[-1]):
        whole += end
    return whole + "".join("\t".join(row) + end for row in changes.added)
