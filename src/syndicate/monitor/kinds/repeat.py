"""Kind `repeat`: a word or phrase written twice in a row.

Parameters: `longest` (characters of the longest phrase looked for, default 8), `single` (the single characters that are
never doubled rightly), `doubled_words` (list of words that are doubled rightly: 研究研究), `starts` (list: phrases that
begin so are doubled rightly: 一步一步), `within` (list of right words that hold a doubling by chance: 为了了解, 目的的).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.plain import is_han


@dataclass(frozen=True)
class Repeat:
    """The one check of this kind."""

    rule: RuleSpec
    longest: int
    single: re.Pattern[str]
    doubled_words: frozenset[str]
    starts: tuple[str, ...]
    within: tuple[str, ...]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every doubled word; where several readings overlap the longest phrase counts."""
        text = view.text
        taken = 0
        for start, size in sorted(self._found(text), key=lambda item: (item[0], -item[1])):
            end = start + 2 * size
            if start < taken or view.mapped.is_joined(start, end) or self._is_right(text, start, size):
                continue
            taken = end
            yield Hit(self.rule, start, end, text[start : start + size])

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        for match in self.single.finditer(text):
            yield match.start(), 1
        yield from doublings(text, self.longest)

    def _is_right(self, text: str, start: int, size: int) -> bool:
        phrase = text[start : start + size]
        if size == 1 and (_is_doubled(text, start - 2) or _is_doubled(text, start + 2)):
            return True  # 实实在在: both characters of a word doubled
        if size > 1 and (len(set(phrase)) == 1 or phrase in self.doubled_words or phrase.startswith(self.starts)):
            return True
        middle, reach = start + size, 6
        around = text[max(0, middle - reach) : middle + reach]
        at = middle - max(0, middle - reach)
        return any(_covers(around, word, at, size) for word in self.within)


def _is_doubled(text: str, start: int) -> bool:
    return (
        start >= 0 and text[start : start + 1] == text[start + 1 : start + 2] and is_han(text[start : start + 1] or " ")
    )


def _covers(around: str, word: str, middle: int, size: int) -> bool:
    """Whether `word` stands in `around` across `middle`, so that the doubling is part of it."""
    position = around.find(word)
    while position >= 0:
        if position < middle < position + len(word):
            return True
        position = around.find(word, position + 1)
    return False


def doublings(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Where a phrase of 2 to `longest` Chinese characters stands twice in a row, as (start, size).

    The text as one big number, exclusive-or itself moved by `size` characters, is zero exactly where it repeats: one
    pass at the speed of memory, where a regular expression with a back-reference needs a hundred times longer.
    """
    data, wide = text.encode("utf-16-le", "surrogatepass"), 2
    if len(data) != 2 * len(text):
        data, wide = text.encode("utf-32-le", "surrogatepass"), 4
    whole = int.from_bytes(data, "little")
    for size in range(2, longest + 1):
        difference = (whole ^ (whole >> (8 * wide * size))).to_bytes(len(data), "little")
        zeros = bytes(wide * size)
        position = difference.find(zeros)
        while position >= 0:
            start = -(-position // wide)
            phrase = text[start : start + size]
            if len(phrase) == size and text.startswith(phrase, start + size) and all(map(is_han, phrase)):
                yield start, size
                position = start * wide + len(zeros) - 1
            position = difference.find(zeros, position + 1)


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    single = parameters.text("single", "")
    return Repeat(
        rule,
        int(parameters.number("longest", 8, least=2, most=20)),
        re.compile(rf"([{re.escape(single)}])\1" if single else r"(?!)"),
        frozenset(parameters.texts("doubled_words")),
        parameters.texts("starts") or ("\0",),
        parameters.texts("within"),
    )
