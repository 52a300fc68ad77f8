"""The same quantity given twice with different values in one text: a doubt, because both may be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from syndicate.monitor.arithmetic.contradiction import Contradiction, is_slip
from syndicate.monitor.grids import Row
from syndicate.monitor.quantities import PERCENT, POINTS, Quantity, quantities
from syndicate.text.late import late

_LABEL = late(r"(?:^|[，,。；;：:、（(\s“》])([\u4e00-\u9fff]{3,14})$")
_FILLING = late(r"(?:为|达到?|共|约|是|合计|总计|共计|有)+$")
_OPEN_LABEL = late(
    r"其中|分别|每|各|一次|最[高低长短大小]|同比|上年|增长|下降|不得|超过|限额|标准|处|以上$|以下$|至$|到$"
)
_FACT = late(r"总|全长|全年|金额|资金|收入|支出|产量|产值|人口|面积|合同价|中标|决算|预算|概算")
_UNIT = late(r"[（(](?:单位[：:])?(?P<unit>[\u4e00-\u9fff]{1,5})[）)]$")
_LONGEST_CLAUSE = 40
_SHORTEST = 3


def same(text: str, found: Sequence[Quantity], tables: Iterable[Sequence[Row]]) -> Iterator[Contradiction]:
    """Every figure that an earlier one of the same name differs from by a slip of the pen or a magnitude.

    Sure where a table is one of the two: what stands there under one name is meant to be the same.
    """
    known: dict[tuple[str, str], _Named] = {}
    named = [_Named(_label(text, one.start), one) for one in found]
    for one in sorted([*named, *_in_tables(tables)], key=lambda one: one.quantity.start):
        quantity = one.quantity
        if not one.label or quantity.unit in ("", PERCENT, POINTS):
            continue
        earlier = known.setdefault((one.label, quantity.unit), one)
        if abs(earlier.quantity.value - quantity.value) <= (earlier.quantity.step + quantity.step) / 2:
            continue
        if is_slip(quantity.value, earlier.quantity.value):
            expected = text[earlier.quantity.start : earlier.quantity.end]
            yield Contradiction(quantity.start, quantity.end, expected, sure=one.in_table != earlier.in_table)


@dataclass(frozen=True)
class _Named:
    """A figure and the name it is given; an empty one names no single thing."""

    label: str
    quantity: Quantity
    in_table: bool = False


def _in_tables(tables: Iterable[Sequence[Row]]) -> Iterator[_Named]:
    """The figures of rows that hold a name and one figure; the unit may stand behind the name: 总投资（万元）."""
    for table in tables:
        for row in table:
            cells = row[1:] if row[0].text.isdecimal() else row
            if len(cells) != 2:
                continue
            head, value = cells
            unit = _UNIT.search(head.text)
            written = value.text + (unit["unit"] if unit and value.text[-1:].isdecimal() else "")
            parsed = list(quantities(written))
            if len(parsed) == 1 and (parsed[0].start, parsed[0].end) == (0, len(written)):
                name = _name(head.text[: unit.start()] if unit else head.text)
                yield _Named(name, replace(parsed[0], start=value.start, end=value.end), in_table=True)


def _label(text: str, end: int) -> str:
    """The words directly before a figure, from the last mark on; empty where they do not name one thing."""
    match = _LABEL.search(text[max(0, end - _LONGEST_CLAUSE) : end])
    if match is None:
        return ""
    return _name(match[1])


def _name(words: str) -> str:
    label = _FILLING.sub("", words)
    return label if len(label) >= _SHORTEST and _FACT.search(label) and not _OPEN_LABEL.search(label) else ""
