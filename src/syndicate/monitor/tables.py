"""Rows and cells in plain text: which lines look like rows of a table, and what the head above them says."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from syndicate.text.late import late

_CELL_BREAK = late(r"[\t|]|(?<=\S)(?:\u3000+|[ \xa0]{2,})(?=\S)")
_LINE = late(r"[^\n]+")
_HEAD = 300
"""So many characters from the first row on may name the columns."""


@dataclass(frozen=True)
class Table:
    """Neighbouring lines that have cells; `head` is the line before them and their beginning."""

    start: int
    end: int
    head: str


class Tables:
    """All tables of a text, found in one pass. A row is a line with at least two cells; blank lines do not part rows."""

    def __init__(self, text: str) -> None:
        self._tables: list[Table] = []
        start: int | None = None
        end = before = 0
        for line in _LINE.finditer(text):
            content = line.group().strip()
            if not content:
                continue
            if _CELL_BREAK.search(content) or (start is not None and line.group()[:1] == "\t"):
                if start is None:
                    start = line.start()
                end = line.end()
            else:
                self._close(text, before, start, end)
                start, before = None, line.start()
        self._close(text, before, start, end)
        self._starts = [table.start for table in self._tables]

    def _close(self, text: str, before: int, start: int | None, end: int) -> None:
        if start is not None:
            first = max(before, start - _HEAD)
            self._tables.append(Table(start, end, text[first : min(end, start + _HEAD)]))

    def around(self, position: int) -> Table | None:
        """The table that a position lies in."""
        index = bisect_right(self._starts, position) - 1
        if index >= 0 and position < self._tables[index].end:
            return self._tables[index]
        return None
