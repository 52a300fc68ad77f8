"""Amounts of money in Chinese numerals 大写 beside the same amount in digits 小写."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from syndicate.monitor.arithmetic.contradiction import Contradiction
from syndicate.text.late import late

_DIGITS = {
    character: value
    for value, pair in enumerate(("零〇", "壹", "贰貳", "叁", "肆", "伍", "陆陸", "柒", "捌", "玖"))
    for character in pair
}
_TENS = {"拾": 10, "佰": 100, "仟": 1000}
_CAPITALS = r"[壹贰貳叁肆伍陆陸柒捌玖拾][零〇壹贰貳叁肆伍陆陸柒捌玖拾佰仟万萬亿億]*[元圆圓](?:[零〇壹贰貳叁肆伍陆陸柒捌玖角分]*)(?:整|正)?"
_NUMBER = (
    r"(?<![\d.,])(?P<{name}>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d.,]*\d)\s?(?P<{name}_scale>万|亿)?"
)
_BETWEEN = r"[（()）\[\]，,：:¥￥\s\u3000即计合为人民币大小写]{0,20}"
_AMOUNTS = late(
    rf"(?P<capitals>{_CAPITALS}){_BETWEEN}{_NUMBER.format(name='after')}|"
    rf"{_NUMBER.format(name='before')}元?整?{_BETWEEN}(?P<behind>{_CAPITALS})"
)
_ANY = late(r"[壹贰叁肆伍陆柒捌玖]")
_REACH = 60


def amounts(text: str) -> Iterator[Contradiction]:
    """Every amount whose two forms differ."""
    position = 0
    while (first := _ANY.search(text, position)) is not None:
        begin = max(position, text.rfind("\n", 0, first.start()) + 1, first.start() - _REACH)
        match = _AMOUNTS.search(text, begin, first.start() + 2 * _REACH)
        if match is None:
            position = _end_of_run(text, first.start())
            continue
        position = max(match.end(), first.end())
        one = _judge(match)
        if one:
            yield one


def _end_of_run(text: str, start: int) -> int:
    run = re.compile(r"[零〇壹贰貳叁肆伍陆陸柒捌玖拾佰仟万萬亿億元圆圓角分]+").match(text, start)
    return run.end() if run else start + 1


def _judge(match: re.Match[str]) -> Contradiction | None:
    name = "after" if match["after"] else "before"
    capitals = match["capitals"] or match["behind"]
    said = amount_of(capitals)
    scale = {"万": 10**4, "亿": 10**8}.get(match[f"{name}_scale"] or "", 1)
    digits = match[name].replace(",", "")
    step = Decimal(scale).scaleb(-len(digits.partition(".")[2]))
    if said is None or abs(said - Decimal(digits) * scale) <= (step / 2 if scale > 1 else 0):
        return None
    return Contradiction(match.start(), match.end(), f"{said:,.2f}元")


def amount_of(capitals: str) -> Decimal | None:
    """The amount that 大写 says, in 元; None where it is not written by the rules."""
    whole, mark, rest = re.sub("[圆圓]", "元", capitals).rstrip("整正").partition("元")
    yuan = _whole_number(whole)
    if not mark or yuan is None:
        return None
    match = re.fullmatch(
        r"[零〇]?(?:(?P<jiao>[壹贰貳叁肆伍陆陸柒捌玖])角)?[零〇]?(?:(?P<fen>[壹贰貳叁肆伍陆陸柒捌玖])分)?", rest
    )
    if match is None:
        return None
    jiao, fen = (_DIGITS[match[name]] if match[name] else 0 for name in ("jiao", "fen"))
    return Decimal(yuan) + Decimal(jiao) / 10 + Decimal(fen) / 100


def _whole_number(text: str) -> int | None:
    """A whole number up to 仟亿 in capital numerals."""
    total = section = digit = 0
    for character in text.replace("萬", "万").replace("億", "亿"):
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            section += (digit or 1) * _TENS[character]
            digit = 0
        elif character == "万":
            total, section, digit = total + (section + digit) * 10**4, 0, 0
        elif character == "亿":
            total, section, digit = (total + section + digit) * 10**8, 0, 0
        else:
            return None
    return total + section + digit or None
