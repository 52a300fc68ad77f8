"""Kind `level_markers`: 结构层次序数 一、 （一） 1. （1） in front of a line.

Parameters: `check` (required): `form` (（一）、 1、 一. 一） and the like; `forms` maps each wrong form to the right one,
`N` standing for Chinese numerals and `1` for digits), `sequence` (a number left out or used twice among neighbours of one
level, no higher level between them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.calendar import chinese_number
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_CHECKS = ("form", "sequence")
# Searched in "\n" + text: a pattern that begins with a line break is found at the speed of finding line breaks.
_LINE = r"[\n\t][ \u3000\xa0]*"
_MARKER = late(
    rf"{_LINE}(?P<marker>(?P<han>[一二三四五六七八九十]{{1,3}})[、.．](?!\d)"
    r"|[（(](?P<round>[一二三四五六七八九十]{1,3})[）)]"
    r"|(?P<digit>\d{1,2})(?:[.．](?![\d年月日])|、(?!\d))"
    r"|[（(](?P<small>\d{1,2})[）)])"
)
_LEVELS = ("han", "round", "digit", "small")
_SURE = 2
"""So many siblings in order make a list: where less stand, its beginning may be elsewhere."""
_REACH = 200
_TABLE_ROW = late(r"[\t|]")


@dataclass(frozen=True)
class Forms:
    """Markers of a wrong form."""

    rule: RuleSpec
    pattern: re.Pattern[str]
    rights: tuple[str, ...]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every line that begins with one of the wrong forms."""
        for match in self.pattern.finditer("\n" + view.text):
            index = next(number for number in range(len(self.rights)) if match[f"m{number}"] is not None)
            suggestion = self.rights[index].replace("N", match[f"n{index}"]).replace("1", match[f"n{index}"])
            start, end = match.span(f"m{index}")
            yield Hit(self.rule, start - 1, end - 1, suggestion)


@dataclass(frozen=True)
class Sequence:
    """Numbers that do not follow each other."""

    rule: RuleSpec

    def hits(self, view: View) -> Iterator[Hit]:
        """Every marker that neither continues its list nor begins one; behind a single sibling it is a hint."""
        lists: dict[str, int] = {}
        runs: dict[str, int] = {}
        highest: dict[str, int] = {}
        for match in _MARKER.finditer("\n" + view.text):
            level = next(name for name in _LEVELS if match[name] is not None)
            number = chinese_number(match[level]) if level in ("han", "round") else int(match[level])
            before = lists.get(level)
            continued = before is None or number in (1, before + 1) or number == highest.get(level, 0) + 1
            if number and not continued and not _is_in_table(view.text, match):
                expected = _numbered(match["marker"], match[level], (before or 0) + 1, level)
                start, end = match.span("marker")
                severity = None if runs[level] >= _SURE else Severity.HINT
                yield Hit(self.rule, start - 1, end - 1, expected, severity, values={"expected": expected})
            runs[level] = runs.get(level, 0) + 1 if number == (before or 0) + 1 else 1
            lists[level] = number
            highest[level] = max(number, highest.get(level, 0))
            for lower in _LEVELS[_LEVELS.index(level) + 1 :]:
                lists.pop(lower, None)


def _is_in_table(text: str, match: re.Match[str]) -> bool:
    position = match.start("marker") - 1
    end = text.find("\n", position, position + _REACH)
    start = text.rfind("\n", max(0, position - _REACH), position) + 1
    return _TABLE_ROW.search(text, max(start, position - _REACH), end if end >= 0 else position + _REACH) is not None


def _numbered(marker: str, written: str, number: int, level: str) -> str:
    return marker.replace(written, _in_chinese(number) if level in ("han", "round") else str(number))


def _in_chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    head = "" if tens == 0 else ("十" if tens == 1 else digits[tens] + "十")
    return head + (digits[ones] if ones else "")


def _form(wrong: str, index: int) -> str:
    """The regular expression of one wrong form; `N` and `1` become the numeral."""
    body = re.escape(wrong).replace("N", f"(?P<n{index}>[一二三四五六七八九十]{{1,3}})", 1)
    return f"(?P<m{index}>{body.replace('1', f'(?P<n{index}>[0-9]{{1,2}})', 1) if 'N' not in wrong else body})"


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    if parameters.choice("check", _CHECKS) == "sequence":
        return Sequence(rule)
    forms: Mapping[str, str] = parameters.pairs("forms", required=True)
    alternatives = "|".join(_form(wrong, index) for index, wrong in enumerate(forms)) or "(?!)"
    return Forms(rule, re.compile(rf"{_LINE}(?:{alternatives})(?=[^\d\s])"), tuple(forms.values()))
