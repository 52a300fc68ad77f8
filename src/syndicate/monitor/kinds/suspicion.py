"""Kind `suspicion`: what is no known word and nearly a known one.

Parameters: `check` (required): `typo` (two characters from the table of likely misspellings, where no known word covers
one of them together with its neighbours; in front of one of `suffixes`, before which new names are made, ending with one of
`complements`, which any verb takes, beginning with a surname where a name may stand, or again and again in one text, a
suspicion is a hint), `idiom` and `name` (phrases that one character parts from a known one).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from syndicate.model.finding import Severity
from syndicate.model.reference import References, Vocabulary
from syndicate.model.rule import RuleSpec
from syndicate.monitor.near import Near, Slip
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.scan import pair_codes
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
    complements: frozenset[str]
    codes: frozenset[int]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every misspelling that no known word explains."""
        text = view.text
        for starts in (view.pairs[code] for code in self.codes.intersection(view.pairs)):
            wrong = text[starts[0] : starts[0] + 2]
            unexplained = [start for start in starts if not self._is_explained(text, start)]
            if unexplained:
                right, sure = self.vocabulary.meant(wrong)
                sure = sure and not _is_term(text, wrong, right) and not self._may_be_verb(wrong, right)
                for start in unexplained:
                    severity = None if sure and not self._may_be_name(text, start) else Severity.HINT
                    yield Hit(self.rule, start, start + 2, right, severity)

    def _may_be_name(self, text: str, start: int) -> bool:
        """Whether it may be a new word (a suffix follows) or a person (a surname where a name may begin)."""
        if text[start + 2 : start + 3] in self.suffixes:
            return True
        return text[start] in self.vocabulary.surnames and not (start and is_han(text[start - 1]))

    def _may_be_verb(self, wrong: str, right: str) -> bool:
        """Whether it may be another verb with the same complement, which any may take: 筑牢 beside 铸牢."""
        return wrong[1] in self.complements and wrong[1] == right[1]

    def _is_explained(self, text: str, start: int) -> bool:
        """Whether a known word holds one of the two characters with a neighbour, or it is a figure with its unit."""
        end, words = start + 2, self.vocabulary.words
        if text[start] in _MAGNITUDES and text[max(0, start - 1) : start].isdecimal():
            return True
        # Nearly always it is a word of two characters.
        if text[start + 1 : end + 1] in words or (start and text[start - 1 : end - 1] in words):
            return True
        for first in range(max(0, start - _LONGEST_WORD + 1), end):
            for last in range(max(first + 3, start + 1), first + _LONGEST_WORD + 1):
                if text[first:last] in words:
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

    @property
    def codes(self) -> frozenset[int]:
        """The pairs with which the halves of phrases begin."""
        return self.near.codes

    def hits(self, view: View) -> Iterator[Hit]:
        """Every near miss that is no known word itself."""
        for slip in self.near.slips(view.text, view.pairs):
            if not self._is_explained(view.text, slip):
                yield Hit(self.rule, slip.start, slip.end, slip.right)

    def _is_explained(self, text: str, slip: Slip) -> bool:
        """Whether it is a known word, the odd character at its edge begins or ends a word outside it, or it is words itself."""
        words, start, end = self.vocabulary.words, slip.start, slip.end
        if text[start:end] in words:
            return True
        if text[end - 1] != slip.right[-1]:
            beyond = any(text[end - 1 : end + more] in words for more in range(1, _LONGEST_WORD))
            return beyond or text[start : end - 1] in words or self._is_two_words(text[start:end])
        if text[start] != slip.right[0]:
            beyond = any(text[start - more : start + 1] in words for more in range(1, _LONGEST_WORD))
            return beyond or text[start + 1 : end] in words or self._is_two_words(text[start:end])
        return False

    def _is_two_words(self, written: str) -> bool:
        """Whether it is four characters and each half a word: 湿地调查, not 实地调查."""
        return len(written) == 4 and written[:2] in self.vocabulary.words and written[2:] in self.vocabulary.words


def compile_check(rule: RuleSpec, parameters: Parameters, references: References) -> Check:
    """The check of one rule."""
    check, vocabulary = parameters.choice("check", _CHECKS), references.vocabulary
    if check == "typo":
        suffixes, complements = (frozenset(parameters.texts(name)) for name in ("suffixes", "complements"))
        return Typos(rule, vocabulary, suffixes, complements, pair_codes(vocabulary.misspellings))
    # Idioms are made of rare halves; a name may begin or end with any ordinary word (委员会), which stands everywhere.
    if check == "idiom":
        return Phrases(rule, Near(vocabulary.idioms, references.alike, vocabulary.common.__contains__), vocabulary)
    return Phrases(rule, Near(vocabulary.names, references.alike, partial(_is_ordinary, vocabulary)), vocabulary)


def _is_ordinary(vocabulary: Vocabulary, half: str) -> bool:
    return half in vocabulary.common or (len(half) == _ENDING and half in vocabulary.words)
