"""Kind `table`: columns whose head says that they hold what must not stand there unmasked.

Parameters: `heads` (list, required: words that the head of such a column contains), `values` (a regular expression that a
whole value, blanks aside, must match; default: anything), `rows` (how many unmasked values make a finding, default 1).
Every column gives one finding, at its first unmasked value, which is shown masked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import regex

from syndicate.model.rule import RuleSpec
from syndicate.monitor.grids import Cell, Row
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_CELL_MARK = late(r"[\t|]|\S(?: {2}|\u3000)")
_MASKED = late(r"[*×某○●]")
_LONGEST_HEAD = 14
_HEAD_ROWS = 3
_NOTHING = frozenset({"", "-", "—", "——", "/", "无"})
_TIMEOUT = 0.2


@dataclass(frozen=True)
class Columns:
    """Columns with one of the heads."""

    rule: RuleSpec
    literals: Collection[str]
    heads: re.Pattern[str]
    values: regex.Pattern[str]
    rows: int

    def hits(self, view: View) -> Iterator[Hit]:
        """One hit for every column with unmasked values."""
        if not _CELL_MARK.search(view.text):
            return
        for grid in view.grids:
            for place, row in enumerate(grid[:_HEAD_ROWS]):
                for column, head in enumerate(row):
                    found = self._unmasked(head, column, grid[place + 1 :])
                    if len(found) >= self.rows:
                        yield self._hit(head, found)

    def _unmasked(self, head: Cell, column: int, rows: Sequence[Row]) -> list[Cell]:
        if len(head.text) > _LONGEST_HEAD or not self.heads.search("".join(head.text.split())):
            return []
        cells = [row[column] for row in rows if column < len(row)]
        return [cell for cell in cells if cell.text not in _NOTHING and self._is_unmasked(cell.text)]

    def _is_unmasked(self, text: str) -> bool:
        if _MASKED.search(text):
            return False
        try:
            return self.values.fullmatch("".join(text.split()), timeout=_TIMEOUT) is not None
        except TimeoutError:
            return True  # what cannot be judged is looked at by a person

    def _hit(self, head: Cell, found: Sequence[Cell]) -> Hit:
        first = found[0]
        shown = first.text[0] + "*" * (len(first.text) - 1)
        values = {"head": head.text, "count": str(len(found))}
        return Hit(self.rule, first.start, first.end, None, masked=shown, values=values)


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    heads = parameters.texts("heads", required=True)
    values = parameters.pattern("values") if "values" in rule.parameters else regex.compile(r"(?s).+")
    rows = int(parameters.number("rows", 1, least=1, most=1000))
    # Short heads are often written with blanks between their characters.
    literals = {blank.join(head) for head in heads for blank in ("", " ", "\u3000")}
    return Columns(rule, literals, re.compile("|".join(map(re.escape, heads)) or r"(?!)"), values, rows)
