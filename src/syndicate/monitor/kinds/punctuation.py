"""Kind `punctuation`: marks of the wrong width, doubled marks, and marks that do not belong together (GB/T 15834-2011).

Parameters: `check` (required): `half_width` (a half-width mark between Chinese characters or behind them at the end of a
line; `swap` maps each mark to its full-width form), `full_width` (letters and digits of full width), `brackets` (half-width round brackets around or next to Chinese), `doubled` (two marks where one
belongs; `order` lists the marks from the strongest to the weakest: the stronger one stays).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from syndicate.errors import Message
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_CHECKS = ("half_width", "full_width", "brackets", "doubled")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_BRACKETS = late(r"\(([^()\n（）]{1,80})\)")
_NUMERAL = late(r"[一二三四五六七八九十0-9]{1,3}")
_WIDE = late("[０-９Ａ-Ｚａ-ｚ]")
_NARROW = late("[0-9A-Za-z]+")
_CHINESE = late(f"[{_HAN}，。；：、《》“”（）！？]")


@dataclass(frozen=True)
class Swap:
    """Single marks that stand between Chinese characters and have a right form, or runs that collapse to one mark."""

    rule: RuleSpec
    pattern: re.Pattern[str]
    swap: Mapping[str, str]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every mark of the wrong width."""
        for match in self.pattern.finditer(view.text):
            if not view.addresses.around(*match.span()):
                yield Hit(self.rule, *match.span(), self.swap[match.group()])


@dataclass(frozen=True)
class FullWidth:
    """Letters and digits of full width, which the plain text no longer shows."""

    rule: RuleSpec

    def hits(self, view: View) -> Iterator[Hit]:
        """Every run of letters or digits with one of them in the source."""
        if not _WIDE.search(view.source):
            return
        for match in _NARROW.finditer(view.text):
            if _WIDE.search(view.source, *view.mapped.span(*match.span())):
                yield Hit(self.rule, *match.span(), match.group())


@dataclass(frozen=True)
class Brackets:
    """Half-width round brackets in Chinese text."""

    rule: RuleSpec

    def hits(self, view: View) -> Iterator[Hit]:
        """Every pair that holds Chinese or is held by it."""
        text = view.text
        for match in _BRACKETS.finditer(text):
            start, end = match.span()
            if _NUMERAL.fullmatch(match[1]) and not text[max(0, start - 20) : start].rpartition("\n")[2].strip():
                continue  # a level marker, which has its own rule
            beside = _CHINESE.match(text[start - 1 : start] or " ") or _CHINESE.match(text[end : end + 1] or " ")
            if beside and _CHINESE.search(match[1]) and not view.addresses.around(start, end):
                yield Hit(self.rule, start, end, f"（{match[1]}）")


@dataclass(frozen=True)
class Doubled:
    """Two marks where one belongs."""

    rule: RuleSpec
    order: str
    pattern: re.Pattern[str]

    @property
    def literals(self) -> Collection[str]:
        """Any two of the marks."""
        return [one + other for one in self.order for other in self.order]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every run of such marks; the strongest is suggested."""
        for match in self.pattern.finditer(view.text):
            run = match.group()
            ellipsis = len(run) >= 3 and set(run) == {"。"}
            yield Hit(self.rule, *match.span(), "……" if ellipsis else min(run, key=self.order.index))


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    if check == "full_width":
        return FullWidth(rule)
    if check == "brackets":
        return Brackets(rule)
    if check == "doubled":
        order = parameters.text("order")
        return Doubled(rule, order, re.compile(f"[{re.escape(order or '。')}]{{2,}}"))
    swap = parameters.pairs("swap", required=True)
    for mark in swap:
        if len(mark) != 1:
            parameters.mistakes.append(Message("monitor.mark", {"rule": rule.id, "value": mark}))
    marks = "".join(mark for mark in swap if len(mark) == 1) or ","
    chinese = f"{_HAN}》〉”’）】〕"
    pattern = re.compile(f"[{re.escape(marks)}](?<=[{chinese}].)(?=[{_HAN}《〈“‘（【〔]|\\s*(?:\n|\\Z))")
    return Swap(rule, pattern, swap)
