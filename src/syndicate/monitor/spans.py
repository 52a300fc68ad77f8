"""Recognised spans of a text, which rules may require or exclude: numbers of documents, dates, money, people with titles …"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from types import MappingProxyType

from syndicate.text.late import late


class Spans:
    """Sorted spans that do not overlap, asked again and again whether something lies in them."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        pairs = list(spans)
        self._starts = [start for start, _ in pairs]
        self._ends = [end for _, end in pairs]

    def all(self) -> Iterable[tuple[int, int]]:
        """Every span, in order."""
        return zip(self._starts, self._ends, strict=True)

    def around(self, start: int, end: int) -> tuple[int, int] | None:
        """The span that holds `start … end` whole, or None."""
        index = bisect_right(self._starts, start) - 1
        if index >= 0 and end <= self._ends[index]:
            return self._starts[index], self._ends[index]
        return None


_NUMBER = r"[0-9](?<![0-9.].)[0-9,]*(?:\.[0-9]+)?"
PATTERNS = MappingProxyType(
    {
        "title": late(r"《[^《》\n]{1,120}(?:《[^《》\n]{1,120}》[^《》\n]{0,120})*》"),
        "address": late(r"(?:https?://|www\.)[!-~]{3,}|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{3,255}", re.IGNORECASE),
        "document_number": late(r"[\u4e00-\u9fff]{2,20}[〔\[（(【﹝](?:19|20)?\d\d年?[〕\]）)】﹞]第?\d{1,5}号"),
        "date": late(
            r"(?:(?:19|20)\d\d年\s?)?\d{1,2}月(?:\s?\d{1,2}[日号])?|(?:19|20)\d\d(?:年|-\d{1,2}-\d{1,2})|"
            r"二[〇○零][〇○零一二三四五六七八九]{2}年(?:[一二三四五六七八九十]{1,3}月)?(?:[一二三四五六七八九十]{1,3}日)?"
        ),
        "money": late(rf"[¥￥]?{_NUMBER}\s?(?:万亿|千亿|百亿|亿|千万|百万|万|千)?(?:元|美元|欧元|港元)"),
        "percentage": late(rf"{_NUMBER}\s?(?:[%％‰]|个?百分点)"),
        "phone": late(
            r"(?<![0-9])(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}[-—– ]?\d{7,8}|[48]00[-—–]?\d{3,4}[-—–]?\d{3,4})(?!\d)"
        ),
        "id_number": late(r"(?<![0-9A-Za-z])\d{6}[ -]?(?:19|20)\d{6}[ -]?\d{3}[\dXx](?![0-9A-Za-z])"),
        "quotation": late(r"“[^“”\n]{1,300}”|‘[^‘’\n]{1,300}’"),
        "person": late(
            r"(?:书记|主任|县长|市长|省长|区长|镇长|乡长|局长|厅长|部长|处长|科长|院长|校长|主席|会长|秘书长|检察长|同志)"
            r"[\u4e00-\u9fff]{2,3}(?=[，,、。：:\s（(出主参讲强指表要说])|[\u4e00-\u9fff]{2,3}(?:同志|先生|女士)"
        ),
    }
)
"""Name of a sort of span → how it is recognised. Every pattern is linear."""


_ADDRESS_MARKS = ("://", "w.", "W.", "@")
"""Without one of these there is no address; most texts have none, and looking for one takes long."""


def spans_of(name: str, text: str) -> Spans:
    """All spans of one sort."""
    if name == "address" and not any(mark in text for mark in _ADDRESS_MARKS):
        return Spans(())
    return Spans(match.span() for match in PATTERNS[name].finditer(text))
