"""Quantities as they are written: number, magnitude and unit, with the step of their last digit, grouped by sentence."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from syndicate.text.late import late

PERCENT = "%"
POINTS = "百分点"
# Measure words that official figures use; two quantities are only compared when they have the same one.
_UNITS = (
    "个月 个工作日 元 美元 欧元 港元 日元 人 人次 人口 户 户次 户籍 吨 公吨 公斤 千克 克 斤 亩 公顷 平方米 平方公里 平方千米 立方米 方 公里 千米 "
    "米 千瓦时 千瓦 兆瓦 度 家 个 件 件次 项 项次 起 宗 辆 台 台套 套 所 间 座 条 处 批 批次 份 份额 名 位 次 场 场次 头 只 羽 株 "
    "册 册次 张 栋 幢 天 小时 支 艘 架 部 篇 例 张次 车次 班次 班 期 片 块 盏 根 眼 口 孔 箱 标准箱 盒 瓶 袋 枚 门 课时 学时 票 单 "
    "床 张床 老人 对 轮 步 级 类 种 款 家次 村 乡 镇 县 市 省 社区 村民小组"
)
_SCALES = {
    "": 1, "百": 10**2, "千": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8,
    "十亿": 10**9, "百亿": 10**10, "千亿": 10**11, "万亿": 10**12,
}  # fmt: skip
_ALTERNATIVES = "|".join(sorted(_UNITS.split(), key=len, reverse=True))
# Begins with a digit, so that the search runs at the speed of finding digits; the look-behind comes second.
_QUANTITY = late(
    r"[0-9](?<![0-9A-Za-z_.,:：∶/〔\[*第-].)(?:[0-9]{0,2}(?:,[0-9]{3})+|[0-9]*)(?:\.[0-9]+)?(?![0-9*A-Za-z/]|\.[0-9])"
    r"\s?(?:(?P<points>个?百分点)|(?P<percent>[%％])"
    r"|(?P<scale>万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千(?!瓦|克|米)|百)?"
    rf"(?P<unit>{_ALTERNATIVES})?)"
)
_CALENDAR = late(r"\s?(?:年(?!级)|月|日|号|时(?!尚)|点|分(?!别)|周|届|条|款第|旬|季度|岁|[:∶：][0-9]|[-—～~至][0-9])")
_VAGUE_AFTER = late(r"[多余几]|左右|以上|以下|上下|以内")
_VAGUE_BEFORE = late(r"(?:近|约|超|超过|逾|达到约|不足|不少于|至少|大约|突破|不低于|最多)$")
_END_OF_SENTENCE = late(r"[。！？；;\n\t|]")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity. `value` is in the base unit (元, not 万元); `step` is what one of its last digit is worth there."""

    start: int
    end: int
    value: Decimal
    step: Decimal
    unit: str
    scale: int
    digits: str

    def written(self, value: Decimal) -> str:
        """Another value in the form of this one: as many decimals, separators alike, without magnitude and unit."""
        shown = (value / self.scale).quantize(self.step / self.scale)
        return f"{shown:,f}" if "," in self.digits else f"{shown:f}"


@dataclass(frozen=True)
class Sentence:
    """The quantities of one sentence and the text before each: `links[0]` from its beginning, `links[-1]` to its end."""

    quantities: tuple[Quantity, ...]
    links: tuple[str, ...]


def quantities(text: str) -> Iterator[Quantity]:
    """Every exact quantity; dates, ordinals, ranges and vague figures (300多, 近百, 约5万) are none."""
    for match in _QUANTITY.finditer(text):
        number = match.group().partition("%")[0]
        digits = re.match(r"[0-9.,]+", number)
        assert digits is not None, "the pattern begins with a digit"
        if not (match["unit"] or match["percent"] or match["points"]) and _CALENDAR.match(text, match.end()):
            continue
        if _VAGUE_AFTER.match(text, match.end()) or _VAGUE_BEFORE.search(
            text[max(0, match.start() - 4) : match.start()]
        ):
            continue
        yield _quantity(match, digits.group())


def _quantity(match: re.Match[str], digits: str) -> Quantity:
    scale = _SCALES[match["scale"] or ""]
    plain = digits.replace(",", "")
    decimals = len(plain.partition(".")[2])
    unit = PERCENT if match["percent"] else POINTS if match["points"] else match["unit"] or ""
    step = Decimal(scale).scaleb(-decimals)
    return Quantity(match.start(), match.end(), Decimal(plain) * scale, step, unit, scale, digits)


def sentences(text: str, found: Sequence[Quantity]) -> Iterator[Sentence]:
    """The quantities sentence by sentence; sentences without two of them are left out."""
    if len(found) < 2:
        return
    breaks = [-1, *(match.start() for match in _END_OF_SENTENCE.finditer(text)), len(text)]
    group: list[Quantity] = []
    place = -1
    for quantity in [*found, None]:
        here = bisect_right(breaks, quantity.start) if quantity else -1
        if here != place and len(group) > 1:
            yield _sentence(text, group, breaks[place - 1] + 1, breaks[place])
        if here != place:
            group, place = [], here
        if quantity:
            group.append(quantity)


def _sentence(text: str, group: list[Quantity], start: int, end: int) -> Sentence:
    inner = [text[one.end : other.start] for one, other in pairwise(group)]
    first = text[max(start, group[0].start - 60) : group[0].start]
    return Sentence(tuple(group), (first, *inner, text[group[-1].end : min(end, group[-1].end + 60)]))
