"""合计 rows of tables: the total of a column against the rows it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from syndicate.monitor.arithmetic.contradiction import Contradiction, is_slip
from syndicate.monitor.grids import Cell, Row
from syndicate.text.late import late

_TOTAL = late(r"[合总共]\s*[计和][：:]?")
_TOTAL_CELL = late(r"[合总共](?<![^\s|].)[ \u3000\xa0]{0,4}[计和][：:]?\s*[\t|\u3000 ]", re.DOTALL)
_PART_OF_ROWS = late(r"小\s*计|其\s*中")
_NUMBER = late(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_NOTHING = frozenset({"", "-", "—", "——", "/", "0", "无"})
_NO_SUM = late(r"率|%|占比|比例|比重|增|降|均|单价|序号|编号|代码|年份|电话|号码|名次|排名|面积/|/")
_FEWEST = 2


def has_total(text: str) -> bool:
    """Whether a row of totals may stand in the text; spares taking most texts apart."""
    return _TOTAL_CELL.search(text) is not None


def table_sums(tables: Iterable[Sequence[Row]]) -> Iterator[Contradiction]:
    """Totals that the rows above (or, with the total on top, below) do not make. Sure where one slip explains it."""
    for rows in tables:
        for place, row in enumerate(rows):
            if not _is_total(row):
                continue
            above = _body(rows[:place])
            parts = above or _body(rows[place + 1 :])
            if any(_PART_OF_ROWS.match(cell.text) for part in parts for cell in part[:2]) or any(map(_is_total, parts)):
                break
            yield from _columns(row, parts, rows[0])


def _is_total(row: Row) -> bool:
    return any(_TOTAL.fullmatch(cell.text) for cell in row[:2])


def _body(rows: Sequence[Row]) -> list[Row]:
    """The rows that hold numbers in their last cells: no head, no caption."""
    return [row for row in rows if any(_NUMBER.fullmatch(cell.text) for cell in row[1:])]


def _columns(total: Row, parts: Sequence[Row], head: Row) -> Iterator[Contradiction]:
    """Columns are counted from the end, because the label of a total often spans several."""
    for back in range(1, len(total)):
        said = total[-back]
        if not _NUMBER.fullmatch(said.text) or (back <= len(head) and _NO_SUM.search(head[-back].text)):
            continue
        cells = [row[-back] for row in parts if back < len(row)]
        numbers = [cell for cell in cells if _NUMBER.fullmatch(cell.text)]
        if len(cells) != len(parts) or len(numbers) < _FEWEST:
            continue
        if all(_NUMBER.fullmatch(cell.text) or cell.text in _NOTHING for cell in cells):
            one = _judge(said, numbers)
            if one:
                yield one


def _judge(said: Cell, numbers: Sequence[Cell]) -> Contradiction | None:
    values = [_value(cell) for cell in numbers]
    made, total = sum(values, Decimal(0)), _value(said)
    step = max(Decimal(1).scaleb(-_decimals(cell)) for cell in (said, *numbers))
    whole = all(_decimals(cell) == 0 for cell in (said, *numbers))
    if abs(made - total) <= (0 if whole else step * (len(values) + 1) / 2):
        return None
    sure = is_slip(total, made) or any(is_slip(value, value + total - made) for value in values)
    decimals = max(_decimals(cell) for cell in numbers)
    right = f"{made:,.{decimals}f}" if "," in said.text else f"{made:.{decimals}f}"
    return Contradiction(said.start, said.end, right, right, sure)


def _value(cell: Cell) -> Decimal:
    return Decimal(cell.text.replace(",", ""))


def _decimals(cell: Cell) -> int:
    return len(cell.text.partition(".")[2])
