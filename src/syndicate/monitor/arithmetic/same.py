"""The same quantity given twice with different values in one text: a doubt, because both may be right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from syndicate.monitor.arithmetic.contradiction import Contradiction, is_slip
from syndicate.monitor.quantities import PERCENT, POINTS, Quantity

_LABEL = re.compile(r"(?:^|[，,。；;：:、（(\s“》])([\u4e00-\u9fff]{3,14})$")
_FILLING = re.compile(r"(?:为|达到?|共|约|是|合计|总计|共计|有)+$")
_OPEN_LABEL = re.compile(
    r"其中|分别|每|各|一次|最[高低长短大小]|同比|上年|增长|下降|不得|超过|限额|标准|处|以上$|以下$|至$|到$"
)
_FACT = re.compile(r"总|全长|全年|金额|资金|收入|支出|产量|产值|人口|面积|合同价|中标|决算|预算|概算")
_LONGEST_CLAUSE = 40
_SHORTEST = 3


def same(text: str, found: Sequence[Quantity]) -> Iterator[Contradiction]:
    """Every figure that an earlier one with the same words before it differs from by a slip of the pen or a magnitude."""
    known: dict[tuple[str, str], Quantity] = {}
    for quantity in found:
        if quantity.unit in ("", PERCENT, POINTS):
            continue
        label = _label(text, quantity.start)
        if not label:
            continue
        earlier = known.setdefault((label, quantity.unit), quantity)
        if abs(earlier.value - quantity.value) <= (earlier.step + quantity.step) / 2:
            continue
        if is_slip(quantity.value, earlier.value):
            expected = text[earlier.start : earlier.end]
            yield Contradiction(quantity.start, quantity.end, expected, sure=False)


def _label(text: str, end: int) -> str:
    """The words directly before a figure, from the last mark on; empty where they do not name one thing."""
    match = _LABEL.search(text[max(0, end - _LONGEST_CLAUSE) : end])
    if match is None:
        return ""
    label = _FILLING.sub("", match[1])
    return label if len(label) >= _SHORTEST and _FACT.search(label) and not _OPEN_LABEL.search(label) else ""
