"""Kind `roster`: lists that name people together with welfare or illness, even without any number.

Parameters: `words` (required; list: what the head, the line above or a column of such a list says), `names` (required; list
of heads of columns with names), `rows` (how many unmasked names make a list, default 5).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from syndicate.model.rule import RuleSpec
from syndicate.monitor.grids import Cell, Row
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_NAME = late(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2,12}·[\u4e00-\u9fff]{2,12}")
_MASKED = late(r"[某*×Xx○]")
_CELL_ENDS = frozenset("\t|\u3000 ")
_ABOVE = 80
"""So many characters above a table may say what it lists."""


@dataclass(frozen=True)
class Roster:
    """Lists of people."""

    rule: RuleSpec
    words: re.Pattern[str]
    names: frozenset[str]
    rows: int

    @property
    def literals(self) -> Collection[str]:
        """The heads of columns with names."""
        return self.names

    def hits(self, view: View) -> Iterator[Hit]:
        """One hit for every list, at its first name, which is shown masked."""
        if not self._has_head(view) or not self.words.search(view.text):
            return
        for grid in view.grids:
            found = self._names(grid)
            if len(found) < self.rows or not self._is_sensitive(view.text, grid):
                continue
            first = found[0]
            masked = first.text[0] + "*" * (len(first.text) - 1)
            yield Hit(self.rule, first.start, first.end, None, masked=masked, values={"count": str(len(found))})

    def _has_head(self, view: View) -> bool:
        """Whether one of the heads stands as a cell does; spares taking most texts apart."""
        words, text = view.scan.words, view.text
        for index, start, end in view.matches:
            if words[index] in self.names:
                before, after = text[max(0, start - 1) : start], text[end : end + 1]
                if after in _CELL_ENDS or (
                    after.isspace() and not _CELL_ENDS.isdisjoint((before, text[end + 1 : end + 2]))
                ):
                    return True
        return False

    def _names(self, grid: Sequence[Row]) -> list[Cell]:
        """The unmasked names in the column whose head says that it holds names."""
        for place, head in enumerate(grid[:3]):
            for column, cell in enumerate(head):
                if "".join(cell.text.split()) in self.names:
                    cells = [row[column] for row in grid[place + 1 :] if column < len(row)]
                    return [one for one in cells if _NAME.fullmatch(one.text) and not _MASKED.search(one.text)]
        return []

    def _is_sensitive(self, text: str, grid: Sequence[Row]) -> bool:
        start = grid[0][0].start
        above = text[max(0, start - _ABOVE) : start]
        cells = (cell.text for row in grid[:4] for cell in row)
        return bool(self.words.search(above)) or any(self.words.search(cell) for cell in cells)


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    words, names = parameters.texts("words", required=True), parameters.texts("names", required=True)
    rows = int(parameters.number("rows", 5, least=1, most=1000))
    return Roster(rule, re.compile("|".join(map(re.escape, words)) or r"(?!)"), frozenset(names), rows)
