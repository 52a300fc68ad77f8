"""Kind `pairs`: quotation marks and brackets that lack their other half, or have the half of another pair.

Parameters: `marks` (list of two-character texts such as “”, required), `across_paragraphs` (list of pairs that may run
over several paragraphs, as quotations do), `inner` (mapping of a pair to the pair that stands inside it: 《》 in 《》 is
〈〉). A list number in front of a line such as “1）” is no bracket.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from syndicate.errors import Message
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_NUMERALS = frozenset(
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz一二三四五六七八九十①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
)
_LONGEST_NUMBER = 4
_BEFORE_NUMBER = "\n\t|；;。：:，"
_BLANKS = " \u3000\xa0"
_INDENT = 20
_DEEPEST = 50
"""More marks are never open at once; it keeps a text of nothing but brackets from costing the square."""
_EVER = "*+" if sys.version_info >= (3, 11, 5) else "*"
"""Earlier Pythons, Debian 12's among them, forget how far a possessive group had come (python/cpython#106052)."""
# A paragraph ends behind a full stop or before a blank line; a wrapped line goes on.
_PARAGRAPH = late(r"[。！？；：…]\n|\n\n")


@dataclass
class _State:
    """What is open while a text is read: kind of pair and place of each opening mark, outermost first."""

    open: list[tuple[str, int]] = field(default_factory=list)

    def last(self, pair: str) -> int | None:
        """The index of the innermost open mark of a pair."""
        return next((index for index in range(len(self.open) - 1, -1, -1) if self.open[index][0] == pair), None)


@dataclass(frozen=True)
class Pairs:
    """One rule over one or several pairs."""

    rule: RuleSpec
    pairs: tuple[str, ...]
    across: frozenset[str]
    inner: Mapping[str, str]
    whole: re.Pattern[str]
    """Everything up to a mark that is not at once followed by its other half."""
    mark: re.Pattern[str]
    openers: Mapping[str, str]
    closers: Mapping[str, str]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every half without its other half, every unlike half, and every pair that stands inside its like."""
        state, text, before, place = _State(), view.text, 0, 0
        while True:
            if not state.open:
                found = self.whole.match(text, place)
                place = found.end() if found else place
            match = self.mark.search(text, place)
            if match is None:
                break
            position, place = match.start(), match.end()
            yield from self._paragraphs(state, text, before, position)
            before, mark = position, text[position]
            if mark in self.openers:
                yield from self._opening(state, text, mark, position)
            elif state.last(self.closers[mark]) is not None or not _is_list_number(text, position):
                yield from self._closing(state, text, mark, position)
        yield from self._paragraphs(state, text, before, len(text))
        yield from (self._hit(position) for _, position in state.open)

    def _paragraphs(self, state: _State, text: str, start: int, end: int) -> Iterator[Hit]:
        """Ends the paragraph where one ends between two marks and something is open that may not run on."""
        if state.open and _PARAGRAPH.search(text, start, end):
            yield from self._paragraph(state)

    def _paragraph(self, state: _State) -> Iterator[Hit]:
        """At the end of a paragraph only the pairs that may run on stay open."""
        for pair, position in state.open:
            if pair not in self.across:
                yield self._hit(position)
        state.open = [(pair, position) for pair, position in state.open if pair in self.across]

    def _opening(self, state: _State, text: str, mark: str, position: int) -> Iterator[Hit]:
        pair = self.openers[mark]
        before = state.last(pair)
        if before is not None and pair in self.inner:
            close = text.find(pair[1], position, position + 120)
            if close > 0 and text.find(pair[1], close + 1, close + 120) > 0:
                inner = self.inner[pair]
                yield self._hit(position, close + 1, f"{inner[0]}{text[position + 1 : close]}{inner[1]}")
        elif before is not None and pair in self.across:
            # Each paragraph of a long quotation begins with an opening mark; only then may a second one follow.
            if not (_begins_line(text, position) and _begins_quotation(text, state.open[before][1])):
                yield self._hit(state.open[before][1])
            del state.open[before]
        state.open.append((pair, position))
        if len(state.open) > _DEEPEST:
            yield self._hit(state.open.pop(0)[1])

    def _closing(self, state: _State, text: str, mark: str, position: int) -> Iterator[Hit]:
        pair = self.closers[mark]
        index = state.last(pair)
        if index is not None:
            yield from (self._hit(start) for other, start in state.open[index + 1 :] if other not in self.across)
            kept = [entry for entry in state.open[index + 1 :] if entry[0] in self.across]
            state.open[index:] = kept
        elif state.open and _is_other_half(state.open[-1][0], pair) and position - state.open[-1][1] <= 60:
            other, start = state.open.pop()
            yield self._hit(start, position + 1, f"{text[start:position]}{other[1]}")
        else:
            yield self._hit(position)

    def _hit(self, start: int, end: int | None = None, suggestion: str | None = None) -> Hit:
        return Hit(self.rule, start, start + 1 if end is None else end, suggestion)


def _is_other_half(opened: str, closed: str) -> bool:
    """Whether the two are brackets that are mixed up with each other; a quotation mark is no bracket."""
    return (opened in _QUOTES) == (closed in _QUOTES)


def _is_list_number(text: str, position: int) -> bool:
    """Whether the bracket there only ends a number that begins a line or stands behind a mark."""
    start = position
    while start and text[start - 1] in _NUMERALS and position - start < _LONGEST_NUMBER:
        start -= 1
    if start == position or text[position] not in "）)":
        return False
    while start and text[start - 1] in _BLANKS:
        start -= 1
    return start == 0 or text[start - 1] in _BEFORE_NUMBER


def _begins_line(text: str, position: int) -> bool:
    indent = text[max(0, position - _INDENT) : position].rpartition("\n")
    return (bool(indent[1]) or position <= _INDENT) and not indent[2].strip()


def _begins_quotation(text: str, position: int) -> bool:
    """Whether an opening mark may begin a quotation of several paragraphs: at a line's start or behind a colon."""
    return _begins_line(text, position) or text[max(0, position - 1) : position] in "：:"


_QUOTES = frozenset({"“”", "‘’", "「」", "『』"})


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    pairs = parameters.texts("marks", required=True)
    across = parameters.texts("across_paragraphs")
    inner = parameters.pairs("inner")
    for pair in (*pairs, *across, *inner, *inner.values()):
        if len(pair) != 2:
            parameters.mistakes.append(Message("monitor.pair", {"rule": rule.id, "value": pair}))
    marks = re.escape("".join(pair for pair in pairs if len(pair) == 2))
    whole = "".join(f"|{re.escape(pair[0])}[^{marks}\n]*+{re.escape(pair[1])}" for pair in pairs if len(pair) == 2)
    return Pairs(
        rule,
        pairs,
        frozenset(across),
        inner,
        late(rf"(?:[^{marks}]++{whole}){_EVER}" if marks else "(?:)"),
        late(f"[{marks}]" if marks else "(?!)"),
        {pair[0]: pair for pair in pairs if len(pair) == 2},
        {pair[1]: pair for pair in pairs if len(pair) == 2},
    )
