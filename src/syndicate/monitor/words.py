"""One automaton over every literal word of all rules and lexicon rows, overlapping, with their exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from ahocorasick_rs import AhoCorasick

from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.view import Hit, View


@dataclass(frozen=True, slots=True)
class Word:
    """A literal that is wrong, unless one of its exceptions stands directly before or after it."""

    text: str
    rule: RuleSpec
    suggestion: str | None = None
    severity: Severity | None = None
    basis: str = ""
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    dated: bool = False
    valid_from: date | None = None
    valid_to: date | None = None
    outside_titles: bool = False

    def fires(self, view: View, start: int, end: int) -> bool:
        """Whether the word found at `start … end` is an error there."""
        if self.dated or self.valid_from or self.valid_to:
            if view.day is None:
                return False
            if (self.valid_from and view.day < self.valid_from) or (self.valid_to and view.day > self.valid_to):
                return False
        text = view.text
        if any(text.endswith(before, max(0, start - len(before)), start) for before in self.not_after):
            return False
        if text.startswith(self.not_before, end):
            return False
        if self.suggestion and self.text in self.suggestion and self._is_within_right(text, start):
            return False
        return not (self.outside_titles and view.titles.around(start, end))

    def _is_within_right(self, text: str, start: int) -> bool:
        """Whether the word stands there as part of its own right form (蒙古 in 内蒙古)."""
        right = self.suggestion or ""
        offset = right.find(self.text)
        return start >= offset and text.startswith(right, start - offset)


class Words:
    """The compiled words of all rules of the kinds existence, substitution and lexicon."""

    def __init__(self, words: Iterable[Word]) -> None:
        rows: dict[str, list[Word]] = {}
        for word in words:
            rows.setdefault(word.text, []).append(word)
        self._rows = list(rows.values())
        self._automaton = AhoCorasick(list(rows), store_patterns=False) if rows else None

    def hits(self, view: View) -> Iterator[Hit]:
        """Every word that is an error; one that lies within a longer one is covered by it."""
        if self._automaton is None:
            return
        found: list[Hit] = []
        for index, start, end in self._automaton.find_matches_as_indexes(view.text, overlapping=True):
            for word in self._rows[index]:
                if word.fires(view, start, end):
                    found.append(Hit(word.rule, start, end, word.suggestion, word.severity, word.basis))
        yield from _longest(found)


def _longest(hits: list[Hit]) -> Iterator[Hit]:
    hits.sort(key=lambda hit: (hit.start, -hit.end))
    reach, longest = -1, 0
    for hit in hits:
        if hit.end <= reach and hit.end - hit.start < longest:
            continue
        if hit.end > reach:
            reach, longest = hit.end, hit.end - hit.start
        yield hit
