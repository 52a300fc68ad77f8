"""Kind `document_number`: 发文字号 in another form than GB/T 9704-2012, 7.2.5 asks: 〔2024〕5号.

Looked at: the marks around the year (also look-alikes such as ﹝﹞), a year that is cut short or followed by 年, 第 before
the number, and a number filled up with zeros. Parameters: `not_behind` (list: a number behind one of these words is of
another sort, such as 公告 or 案例).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_OPEN = "〔[［【（(﹝〈《<{「"
_CLOSE = "〕]］】）)﹞〉》>}」"
# Begins with a set of characters, so that the search runs at the speed of finding one; the look-behind comes second.
_NUMBER = late(
    rf"(?P<open>[{re.escape(_OPEN)}])(?<=[\u4e00-\u9fff）)A-Za-z].)\s?(?P<year>(?:19|20)?\d{{2}})\s?(?P<suffix>年?)\s?"
    rf"(?P<close>[{re.escape(_CLOSE)}])\s?(?P<ordinal>第?)\s?(?P<zeros>0*)(?P<number>[1-9]\d{{0,4}})\s?号"
)
_LONGEST_WORD = 8


@dataclass(frozen=True)
class DocumentNumber:
    """The one check of this kind."""

    rule: RuleSpec
    not_behind: tuple[str, ...]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every number whose form is not the standard one."""
        if "号" not in view.text:
            return
        for match in _NUMBER.finditer(view.text):
            before = view.text[max(0, match.start() - _LONGEST_WORD) : match.start()]
            if _is_standard(match) or before.endswith(self.not_behind):
                continue
            suggestion = f"〔{_year(match['year'], view)}〕{match['number']}号"
            yield Hit(self.rule, *match.span(), suggestion)


def _is_standard(match: re.Match[str]) -> bool:
    return (
        match["open"] == "〔"
        and match["close"] == "〕"
        and len(match["year"]) == 4
        and not (match["suffix"] or match["ordinal"] or match["zeros"])
    )


def _year(year: str, view: View) -> str:
    """The year in full: a short one is of this century unless that lies ahead of the item."""
    if len(year) == 4:
        return year
    latest = view.day.year % 100 if view.day else 50
    return ("20" if int(year) <= latest else "19") + year


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    return DocumentNumber(rule, parameters.texts("not_behind"))
