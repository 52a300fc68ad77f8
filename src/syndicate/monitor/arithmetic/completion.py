"""Completion rates and shares: what was done of what was planned, a part of a total, in percent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from syndicate.monitor.arithmetic.contradiction import Contradiction, bounds, fits_ratio, percent
from syndicate.monitor.quantities import PERCENT, POINTS, Quantity, Sentence
from syndicate.text.late import late

_PLANNED = late(r"(?:预算|计划|任务|目标|应|额定|总|核定|下达|申报|登记|抽检|检查|受理)[^，,。：:]{0,16}$")
_DONE = late(
    r"^[，,；（(\s]{0,2}[^，,。\d]{0,10}(?:实际|实有|实到|完成|决算|支出|到位|执行|已|办结|合格|通过|达标|回收|发放|拨付)[^，,。\d]{0,8}$"
)
_RATE = late(
    r"^[，,（(\s]{0,2}(?:(?:完成|占|达到?|为)[^，,。\d增降升减]{0,12}|[^，,。\d增降升减]{0,8}(?:率|比例|比重|占比|进度))(?:为|达到?|是|的)?$"
)
_SHARE_OF = late(r"^[，,（(\s]{0,2}(?:占|为|完成|达到)[^，,。\d]{0,14}$")
_OF = late(r"^的$")
_PART = late(r"其中")
_SHARE = late(r"^[，,（(\s]{0,2}占(?:比|总数|总量|总人数|总额|总户数)?的?(?:为|达到?)?$")


def completion(found: Iterable[Sentence]) -> Iterator[Contradiction]:
    """Every percentage that does not belong to the two amounts before it."""
    for sentence in found:
        for index in range(len(sentence.quantities) - 2):
            first, second, third = sentence.quantities[index : index + 3]
            if third.unit != PERCENT or first.unit != second.unit or first.unit in (PERCENT, POINTS):
                continue
            order = _part_and_whole(first, second, sentence.links[index : index + 3])
            if order is None or fits_ratio(bounds(order[0]), bounds(order[1]), third):
                continue
            right = percent(order[0].value, order[1].value, third)
            yield Contradiction(first.start, third.end, f"{right}%", f"{right}%")


def _part_and_whole(first: Quantity, second: Quantity, links: tuple[str, ...]) -> tuple[Quantity, Quantity] | None:
    before, between, last = links
    if _OF.match(last):
        return (first, second) if _SHARE_OF.match(between) else None
    if _PART.search(between):
        return (second, first) if _SHARE.match(last) else None
    if _PLANNED.search(before) and _DONE.match(between) and _RATE.match(last):
        return second, first
    return None
