"""Changes: amount, difference and percentage; from … to …; percentage points; growth that is said to be a fall."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from syndicate.monitor.arithmetic.contradiction import Contradiction, bounds, fits_ratio, percent
from syndicate.monitor.quantities import PERCENT, POINTS, Quantity, Sentence
from syndicate.text.late import late

_UP = "增加|增长|提高|上升|提升|上涨|扩大|净增|增收|增支|增|升|涨|多"
_DOWN = "减少|下降|降低|回落|下跌|缩减|压减|减支|缩小|减|降|跌|少"
_VERB = f"(?:(?P<up>{_UP})|(?P<down>{_DOWN}))"
_YEAR = r"(?:(?:19|20)\d\d年)?"
_COMPARED = rf"(?:[同环]比|(?:比|较|与){_YEAR}[^，,。\d]{{0,8}}?(?:相比)?)?[，,]?"
_DELTA = late(rf"^[，,、（(\s]{{0,2}}{_COMPARED}(?:净|约)?{_VERB}了?$")
_RATE = late(
    rf"^[，,、（(\s]{{0,2}}(?:其中)?{_COMPARED}(?:(?P<up>增长|增加|提高|上升|提升|上涨|增幅|增速|增长率|涨幅|升幅|增)"
    r"|(?P<down>下降|减少|降低|回落|下跌|缩减|压减|降幅|跌幅|下降率|减幅|降))(?:了|为|达|达到|是)?$"
)
_TO = late(rf"^(?:的)?{_VERB}(?:到了?|至|为)[^，,。\d]{{0,6}}$")
_FROM = late(r"(?:由|从)[^，,。；：:]{0,20}$")
_BEFORE = late(
    rf"^[，,（(\s]{{0,2}}(?:[比较与])?(?:上年同期|去年同期|上年度?|去年|上一年度?|上期|上月|{_YEAR}同期|(?:19|20)\d\d年)(?:数|值|完成|实现|决算数?|的)?(?:为|是)?$"
)
_NOW = late(r"^[，,（(\s]{0,2}(?:今年|本年度?|本期|本月|(?:19|20)\d\d年)[^，,。\d]{0,8}?(?:为|是|达到?|完成|实现)?$")
_LAST = late(r"(?:上年|去年|上年同期|去年同期|上一年度?|上期|上月)[^，,。\d]{0,10}$")
_RANK = "位"
"""A rank rises to a smaller number."""
_BASE = late(r"(?:比|较)[^，,。]{0,16}$")
"""比上年的 A 增加 B: A is what the change starts from; the new amount stands elsewhere."""
_OTHER_BASE = late(r"实际|可比|不变价|名义|扣除|年均|累计|翻|剔除|口径|预算|计划|目标")


@dataclass(frozen=True)
class ConstantPrices:
    """Growth of what `names` matches is told at constant prices: it may differ from the amounts by `leeway` points."""

    names: re.Pattern[str]
    leeway: Decimal


def changes(found: Iterable[Sentence], prices: ConstantPrices) -> Iterator[Contradiction]:
    """Every contradiction about a change."""
    for sentence in found:
        for index in range(len(sentence.quantities) - 1):
            one = _direction(sentence, index) or _difference(sentence, index) or _rate(sentence, index, prices)
            if one:
                yield one


def _direction(sentence: Sentence, index: int) -> Contradiction | None:
    """从 A 增加到 B where B is less."""
    first, second = sentence.quantities[index : index + 2]
    to = _TO.match(sentence.links[index + 1])
    if to is None or first.unit != second.unit or not _FROM.search(sentence.links[index]):
        return None
    if first.unit == _RANK:
        return None
    grows = second.value > first.value
    if second.value == first.value or grows == bool(to["up"]):
        return None
    return Contradiction(first.start, second.end, _direction_words(grows))


def _difference(sentence: Sentence, index: int) -> Contradiction | None:
    """从 A 增加到 B，增加 C where C is another difference; with percentages C is in percentage points."""
    if index + 2 >= len(sentence.quantities):
        return None
    first, second, third = sentence.quantities[index : index + 3]
    wanted = POINTS if first.unit == PERCENT else first.unit
    to, delta = _TO.match(sentence.links[index + 1]), _DELTA.match(sentence.links[index + 2])
    if to is None or delta is None or first.unit != second.unit or third.unit != wanted:
        return None
    if not _FROM.search(sentence.links[index]):
        return None
    grows, difference = second.value > first.value, abs(second.value - first.value)
    if difference and grows != bool(delta["up"]):
        return Contradiction(first.start, third.end, _direction_words(grows))
    if abs(difference - third.value) <= (first.step + second.step + third.step) / 2:
        return None
    right = third.written(difference)
    return Contradiction(first.start, third.end, right, right)


def _rate(sentence: Sentence, index: int, prices: ConstantPrices) -> Contradiction | None:
    """Two amounts and the percentage of the change between them."""
    if index + 2 >= len(sentence.quantities):
        return None
    first, second, third = sentence.quantities[index : index + 3]
    rate = _RATE.match(sentence.links[index + 2])
    if rate is None or third.unit != PERCENT or first.unit != second.unit or first.unit in (PERCENT, POINTS):
        return None
    links = sentence.links[index : index + 3]
    if any(_OTHER_BASE.search(link) for link in links[1:]):
        return None
    growth = _growth(first, second, links)
    if growth is None:
        return None
    return _judge(growth, (first, third), bool(rate["up"]), _leeway(links, prices))


def _leeway(links: tuple[str, ...], prices: ConstantPrices) -> Decimal:
    """What growth at constant prices may differ by; nothing where the writer himself puts both amounts side by side."""
    if _BEFORE.match(links[1]) or not prices.names.search(links[0]):
        return Decimal(0)
    return prices.leeway


Bounds = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class _Growth:
    """Present and former amount and the difference, each with its rounding; a fall is a negative difference."""

    now: Bounds
    before: Bounds
    change: Bounds


def _growth(first: Quantity, second: Quantity, links: tuple[str, ...]) -> _Growth | None:
    """What the words between the two figures tell about them."""
    one, other = bounds(first), bounds(second)
    delta = _DELTA.match(links[1])
    if _TO.match(links[1]):
        return _between(other, one) if _FROM.search(links[0]) else None
    if delta:
        change = other if delta["up"] else (-other[1], -other[0])
        before = one[0] - change[1], one[1] - change[0]
        return None if _BASE.search(links[0]) else _Growth(one, before, change)
    if _BEFORE.match(links[1]):
        return _between(one, other)
    if _NOW.match(links[1]) and _LAST.search(links[0]):
        return _between(other, one)
    return None


def _between(now: Bounds, before: Bounds) -> _Growth:
    return _Growth(now, before, (now[0] - before[1], now[1] - before[0]))


def _judge(growth: _Growth, span: tuple[Quantity, Quantity], says_up: bool, leeway: Decimal) -> Contradiction | None:
    first, said = span
    low, high = growth.change
    if (high if says_up else -low) <= 0:
        return Contradiction(first.start, said.end, _direction_words(high > 0))
    change = (low, high) if says_up else (-high, -low)
    if growth.before[0] <= 0 or fits_ratio(change, growth.before, said):
        return None
    right = percent((change[0] + change[1]) / 2, (growth.before[0] + growth.before[1]) / 2, said)
    if abs(Decimal(right) - said.value) <= leeway:
        return None
    return Contradiction(first.start, said.end, f"{right}%", f"{right}%")


def _direction_words(grows: bool) -> str:
    return "增长（增加）" if grows else "下降（减少）"
