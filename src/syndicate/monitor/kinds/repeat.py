"""Kind `repeat`: a character, word or phrase written twice in a row.

What is doubled rightly is told by general classes, not by a list of exceptions: a known word holds the doubling (人人,
天天, 绿油油), both characters of a word are doubled (家家户户), two known words only meet there (为了了解, 目的的), a
name (surname in front), numerals (一步一步), a verb of trying (研究研究), a body and the post in it (办公室办公室主任).
A whole clause of four characters or more that stands again behind its comma is told, too.

Parameters: `longest` (characters of the longest phrase looked for, default 8), `particles` (characters that are never
doubled by themselves; any other single character is a hint), `numerals` (characters that may begin a doubled phrase),
`verbs` (list of words that are doubled rightly), `posts` (list: what may stand behind a doubled name of a body).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import compress

from syndicate.model.finding import Severity
from syndicate.model.reference import References, Vocabulary
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late
from syndicate.text.plain import is_han

_LONGEST_WORD = 4
_SHORTEST_BODY = 3
_LINK = "的"
"""的甲的甲 is two attributes in a row (管理的航道的航道保护范围)."""
_DOUBLED = late(r"([\u3400-\u4dbf\u4e00-\u9fff〇])(?=\1)")
_COMMA = "，"
_ENDS = "。；、！\n"
_SHORTEST_CLAUSE = 4
_LONGEST_CLAUSE = 20
_DIGITS = frozenset("〇零一二三四五六七八九十百千万亿")


@dataclass(frozen=True)
class Repeat:
    """The one check of this kind."""

    rule: RuleSpec
    longest: int
    vocabulary: Vocabulary
    particles: frozenset[str]
    numerals: tuple[str, ...]
    verbs: frozenset[str]
    posts: tuple[str, ...]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every doubling; where several readings overlap the longest phrase counts."""
        text = view.text
        taken = 0
        for start, size in sorted(doublings(text, self.longest), key=lambda item: (item[0], -item[1])):
            end = start + 2 * size
            if start < taken or view.mapped.is_joined(start, end) or self._is_right(text, start, size):
                continue
            taken = end
            sure = size > 1 or text[start] in self.particles
            yield Hit(self.rule, start, end, text[start : start + size], None if sure else Severity.HINT)
        for start, size in clauses(text):
            yield Hit(self.rule, start, start + 2 * size + 1, text[start : start + size])

    def _is_right(self, text: str, start: int, size: int) -> bool:
        middle, end = start + size, start + 2 * size
        if size == 1:
            return self._is_right_character(text, start)
        phrase = text[start:middle]
        if len(set(phrase)) == 1 or phrase in self.verbs or phrase.startswith((_LINK, *self.numerals)):
            return True
        if size >= _SHORTEST_BODY and text.startswith(self.posts, end):
            return True
        # One character more makes another word of it: 集装箱装箱, 出租出租车.
        if self._is_word(text, start - 1, middle) or self._is_word(text, middle, end + 1):
            return True
        # Neither begins nor ends with a word: 企业创业创新. The last character begins another word: 申请人申请人民法院.
        if self._is_cut(text, start) and self._is_cut(text, end):
            return phrase not in self.vocabulary.words
        return phrase[:-1] in self.vocabulary.words and self._begins_word(text, end - 1)

    def _is_right_character(self, text: str, start: int) -> bool:
        if text[start] in _DIGITS or _is_doubled(text, start - 2) or _is_doubled(text, start + 2):
            return True
        middle, may_double = start + 1, text[start] not in self.particles
        if self._is_cut(text, middle) or (may_double and text.startswith(text[start] * 3, start)):
            return True
        sizes = range(2, _LONGEST_WORD + 1)
        if self._begins_word(text, middle) or any(self._is_word(text, middle - size, middle) for size in sizes):
            return True
        before = text[max(0, start - 1) : start], text[max(0, start - 2) : start]
        return may_double and not self.vocabulary.surnames.isdisjoint(before)

    def _begins_word(self, text: str, place: int) -> bool:
        return any(self._is_word(text, place, place + size) for size in range(2, _LONGEST_WORD + 1))

    def _is_cut(self, text: str, place: int) -> bool:
        """Whether a known word lies across the place."""
        return any(
            self._is_word(text, place - before, place + behind)
            for before in range(1, 4)
            for behind in range(1, 5 - before)
        )

    def _is_word(self, text: str, start: int, end: int) -> bool:
        return start >= 0 and end <= len(text) and text[start:end] in self.vocabulary.words


def _is_doubled(text: str, start: int) -> bool:
    """Whether a Chinese character stands twice there: both characters of a word doubled (实实在在)."""
    return (
        start >= 0 and text[start : start + 1] == text[start + 1 : start + 2] and is_han(text[start : start + 1] or " ")
    )


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Where a whole clause of Chinese stands again behind the comma that ends it, as (start, size)."""
    marked = text
    for mark in _ENDS:
        marked = marked.replace(mark, _COMMA)
    parts = marked.split(_COMMA)
    repeated = compress(parts[1:], map(str.endswith, parts, parts[1:]))
    if all(len(part) < _SHORTEST_CLAUSE for part in repeated):  # nearly always, and told in no time
        return
    comma = text.find(_COMMA)
    while comma >= 0:
        # Its last characters stand again where it would end: looking for them costs less than looking where it begins.
        again = text.find(text[comma - 2 : comma], comma + _SHORTEST_CLAUSE - 1, comma + _LONGEST_CLAUSE + 1)
        size = again + 1 - comma
        start = comma - size
        if again >= 0 and start >= 0 and text.startswith(text[start:comma], comma + 1):
            around = text[max(0, start - 1) : start], text[comma + size + 1 : comma + size + 2]
            if all(map(is_han, text[start:comma])) and not any(map(is_han, filter(None, around))):
                yield start, size
        comma = text.find(_COMMA, comma + 1)


def doublings(text: str, longest: int) -> Iterator[tuple[int, int]]:
    """Where a phrase of 1 to `longest` Chinese characters stands twice in a row, as (start, size).

    Single characters are found by an expression: blanks and digits are doubled everywhere. For the longer ones, the text
    as one big number, exclusive-or itself moved by `size` characters, is zero exactly where it repeats: one pass at the
    speed of memory, where a regular expression with a back-reference needs a hundred times longer.
    """
    data, wide = text.encode("utf-16-le", "surrogatepass"), 2
    if len(data) != 2 * len(text):
        data, wide = text.encode("utf-32-le", "surrogatepass"), 4
    whole = int.from_bytes(data, "little")
    for match in _DOUBLED.finditer(text):
        yield match.start(), 1
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


def compile_check(rule: RuleSpec, parameters: Parameters, references: References) -> Check:
    """The check of one rule."""
    return Repeat(
        rule,
        int(parameters.number("longest", 8, least=2, most=20)),
        references.vocabulary,
        frozenset(parameters.text("particles", "")),
        tuple(parameters.text("numerals", "")) or ("\0",),
        frozenset(parameters.texts("verbs")),
        parameters.texts("posts") or ("\0",),
    )
