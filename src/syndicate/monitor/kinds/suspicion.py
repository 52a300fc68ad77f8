"""Kind `suspicion`: what is no known word and nearly a known one.

Parameters: `check` (required): `typo` (two characters from the table of likely misspellings, where no known word covers
one of them together with its neighbours; in front of one of `suffixes`, which make new words, or beginning with
a surname where a name may stand, or again and again in one text, a suspicion is a hint), `idiom` and `name` (phrases that one character parts from a known one).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.model.finding import Severity
from syndicate.model.reference import References, Vocabulary
from syndicate.model.rule import RuleSpec
from syndicate.monitor.near import Near, Slip
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.plain import is_han

_CHECKS = ("typo", "idiom", "name")
_LONGEST_WORD = 4
_ENDING = 3
_MAGNITUDES = frozenset("十百千万亿")


@dataclass(frozen=True)
class Typos:
    """Likely misspellings of words of two characters."""

    rule: RuleSpec
    vocabulary: Vocabulary
    suffixes: frozenset[str]
    codes: frozenset[int]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every misspelling that no known word explains."""
        text = view.text
        for wrong in self._present(text):
            start = text.find(wrong)
            while start >= 0:
                if not self._is_explained(text, start):
                    right, sure = self.vocabulary.meant(wrong)
                    sure = sure and not self._may_be_name(text, start) and not _is_term(text, wrong, right)
                    yield Hit(self.rule, start, start + 2, right, None if sure else Severity.HINT)
                start = text.find(wrong, start + 1)

    def _present(self, text: str) -> Iterator[str]:
        """The misspellings that stand somewhere in the text.

        All neighbouring pairs of characters as numbers, in two passes at the speed of memory: an automaton over 80,000
        patterns would cost every start more than it saves.
        """
        data = text.encode("utf-16-le", "surrogatepass")
        even = memoryview(data)[: len(data) // 4 * 4].cast("I")
        odd = memoryview(data)[2 : 2 + max(0, len(data) - 2) // 4 * 4].cast("I")
        for code in self.codes.intersection(even) | self.codes.intersection(odd):
            yield code.to_bytes(4, sys.byteorder).decode("utf-16-le", "surrogatepass")

    def _may_be_name(self, text: str, start: int) -> bool:
        """Whether it may be a new word (a suffix follows) or a person (a surname where a name may begin)."""
        if text[start + 2 : start + 3] in self.suffixes:
            return True
        return text[start] in self.vocabulary.surnames and not (start and is_han(text[start - 1]))

    def _is_explained(self, text: str, start: int) -> bool:
        """Whether a known word holds one of the two characters with a neighbour, or it is a figure with its unit."""
        end, words = start + 2, self.vocabulary.words
        if text[start] in _MAGNITUDES and text[max(0, start - 1) : start].isdecimal():
            return True
        for first in range(max(0, start - _LONGEST_WORD + 1), end):
            for last in range(max(first + 2, start + 1), first + _LONGEST_WORD + 1):
                if (first, last) != (start, end) and text[first:last] in words:
                    return True
        return False


def _is_term(text: str, wrong: str, right: str) -> bool:
    """Whether it is rather a term of this text: it stands there again, and no less often than the word it is taken for."""
    return (count := text.count(wrong)) > 1 and count >= text.count(right)


@dataclass(frozen=True)
class Phrases:
    """Phrases that are nearly a known one."""

    rule: RuleSpec
    near: Near
    vocabulary: Vocabulary

    def hits(self, view: View) -> Iterator[Hit]:
        """Every near miss that is no known word itself."""
        for slip in self.near.slips(view.text):
            if not self._is_explained(view.text, slip):
                yield Hit(self.rule, slip.start, slip.end, slip.right)

    def _is_explained(self, text: str, slip: Slip) -> bool:
        """Whether it is a known word, or the odd character at its edge begins or ends a word outside it."""
        words = self.vocabulary.words
        if text[slip.start : slip.end] in words:
            return True
        if text[slip.end - 1] != slip.right[-1]:
            return any(text[slip.end - 1 : slip.end + more] in words for more in range(1, _LONGEST_WORD))
        if text[slip.start] != slip.right[0]:
            return any(text[slip.start - more : slip.start + 1] in words for more in range(1, _LONGEST_WORD))
        return False


def _codes(words: frozenset[str]) -> frozenset[int]:
    """Words of two characters as numbers."""
    joined = "".join(words)
    if len(joined) != 2 * len(words):
        joined = "".join(word for word in words if len(word) == 2)
    data = joined.encode("utf-16-le", "surrogatepass")
    return frozenset(memoryview(data).cast("I"))


def compile_check(rule: RuleSpec, parameters: Parameters, references: References) -> Check:
    """The check of one rule."""
    check, vocabulary = parameters.choice("check", _CHECKS), references.vocabulary
    if check == "typo":
        return Typos(
            rule,
            vocabulary,
            frozenset(parameters.texts("suffixes")),
            _codes(vocabulary.wrong),
        )
    # Idioms are made of rare halves; a name may begin or end with any ordinary word (委员会), which stands everywhere.
    if check == "idiom":
        return Phrases(rule, Near(vocabulary.idioms, references.alike, vocabulary.common), vocabulary)
    ordinary = vocabulary.common | {word for word in vocabulary.words if len(word) == _ENDING}
    return Phrases(rule, Near(vocabulary.names, references.alike, ordinary), vocabulary)
