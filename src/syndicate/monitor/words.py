"""Every literal word of all rules and lexicon rows, overlapping, with their exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.bounds import MOST_OF_A_RULE, untold
from syndicate.monitor.scan import Scan
from syndicate.monitor.view import Hit, View

_LONGEST_RIGHT = 4


class Word(NamedTuple):
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
    known: frozenset[str] = frozenset()
    """Right words: where two of them meet and only so make this one, it is none (补偿试点 is no 偿试)."""

    @property
    def gravity(self) -> Severity:
        """Its own severity, or else that of its rule."""
        return self.severity or self.rule.severity

    @property
    def is_certain(self) -> bool:
        """Whether nothing around it and no day can make it right."""
        conditions = (self.not_after, self.not_before, self.dated, self.valid_from, self.valid_to, self.outside_titles)
        return not any(conditions) and not self.known and self.text not in (self.suggestion or "")

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
        if self.known and self._meets_by_chance(text, start, end):
            return False
        return not (self.outside_titles and view.titles.around(start, end))

    def _meets_by_chance(self, text: str, start: int, end: int) -> bool:
        """Whether a right word ends inside it and the next one begins there, both reaching beyond it."""
        known = self.known
        return any(
            any(text[first:cut] in known for first in range(max(0, cut - _LONGEST_RIGHT), start))
            and any(text[cut:last] in known for last in range(end + 1, cut + _LONGEST_RIGHT + 1))
            for cut in range(start + 1, end)
        )

    def _is_within_right(self, text: str, start: int) -> bool:
        """Whether the word stands there as part of its own right form (蒙古 in 内蒙古)."""
        right = self.suggestion or ""
        offset = right.find(self.text)
        return start >= offset and text.startswith(right, start - offset)


_Match = tuple[int, int, int]
"""Index of a word in the scan, start and end."""
_INDEX = itemgetter(0)
_UNLIKE = 0
"""The sort of words that must be looked at one by one."""


class Words:
    """The words of all rules of the kinds existence, substitution and lexicon, in the order of a scan that has them."""

    def __init__(self, words: Iterable[Word], scan: Scan) -> None:
        rows: dict[str, list[Word]] = {}
        for word in words:
            rows.setdefault(word.text, []).append(word)
        self._rows = [tuple(rows.get(text, ())) for text in scan.words]
        self._certain = [len(row) == 1 and row[0].is_certain for row in self._rows]
        sorts: dict[tuple[str, Severity], int] = {}
        self._sorts = [
            sorts.setdefault((row[0].rule.id, row[0].gravity), len(sorts) + 1) if sure else _UNLIKE
            for row, sure in zip(self._rows, self._certain, strict=True)
        ]

    def hits(self, view: View) -> Iterable[Hit]:
        """Every word that is an error; one that lies within a longer one is covered by it."""
        firing: dict[_Match, tuple[Word, ...]] = {}
        found = self._found(view, firing)
        if len(found) > MOST_OF_A_RULE:
            return self._bounded(found, firing)
        return [_hit(match, word) for match in found for word in firing.get(match) or self._rows[match[0]]]

    def _found(self, view: View, firing: dict[_Match, tuple[Word, ...]]) -> list[_Match]:
        """From the left; `firing` gets the words of the matches of which not all are sure to be errors.

        Matches come by their ends, so that a longer one follows those in it, or precedes them where it ends with them.
        """
        rows, certain = self._rows, self._certain
        found: list[_Match] = []
        last_start = last_end = -1
        for match in view.matches:
            index, start, end = match
            if not certain[index]:
                words = tuple([word for word in rows[index] if word.fires(view, start, end)])
                if not words:
                    continue
                firing[match] = words
            if start <= last_start:
                while found and found[-1][1] >= start:
                    del found[-1]
            elif end == last_end:
                continue
            found.append(match)
            last_start, last_end = start, end
        return found

    def _bounded(self, found: Sequence[_Match], firing: Mapping[_Match, tuple[Word, ...]]) -> Iterator[Hit]:
        """As many places of each rule as are told one by one, and one hit that stands for the rest of them.

        Words of one sort share rule and severity: once their rule is told often enough, they are only counted.
        """
        sorts = list(map(self._sorts.__getitem__, map(_INDEX, found)))
        counted: set[int] = set()
        left = set(sorts)
        told: dict[str, int] = {}
        rest: dict[str, tuple[RuleSpec, int, set[Severity]]] = {}
        for position, match in enumerate(found):
            if (sort := sorts[position]) in counted:
                continue
            for word in firing.get(match) or self._rows[match[0]]:
                rule = word.rule
                told[rule.id] = count = told.get(rule.id, 0) + 1
                if count <= MOST_OF_A_RULE:
                    yield _hit(match, word)
                    continue
                rest.setdefault(rule.id, (rule, match[1], set()))[2].add(word.gravity)
                if sort != _UNLIKE:
                    told[rule.id] += sorts[position + 1 :].count(sort)
                    counted.add(sort)
            if left <= counted:
                break
        for rule, start, severities in rest.values():
            yield untold(rule, start, severities, told[rule.id])


def _hit(match: _Match, word: Word) -> Hit:
    return Hit(word.rule, match[1], match[2], word.suggestion, word.severity, word.basis)
