"""Kind `people`: names, titles and ranks against the table that the office keeps (`content/names/*.tsv`).

Parameters: `check` (required): `name` (one character of a known name replaced by one of like sound or shape; beside a
title it is an error, elsewhere a hint), `title` (a title that the person does not hold at the item's date), `order` (known
people listed against their rank at that date). `former` (for `title`; list: words in front that make an old title right).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from syndicate.model.finding import Severity
from syndicate.model.reference import Alike, Person, References
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_CHECKS = ("name", "title", "order")
_BETWEEN = late(r"[、，,\s\u3000和及与（）()同志]*")
_DEPUTY = ("副", "代", "常务副")
_SHORTEST = 3
"""A name of two characters is one slip away from too many words."""


class People:
    """The table as an index over names and titles. Immutable once made."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.rows: dict[str, list[Person]] = {}
        for person in people:
            self.rows.setdefault(person.name, []).append(person)
        self.titles = frozenset(person.title for rows in self.rows.values() for person in rows)
        self.words = self.titles.union(self.rows)

    def found(self, view: View) -> Sequence[tuple[str, int, int]]:
        """Every known name and title with its place."""
        return view.longest(self.words)

    def rank(self, name: str, day: date) -> int | None:
        """The best rank of a person at that day."""
        return min((person.rank for person in self.rows[name] if person.is_valid(day)), default=None)

    def held(self, name: str, day: date) -> tuple[str, ...]:
        """The titles of a person at that day."""
        return tuple(person.title for person in self.rows[name] if person.is_valid(day))


@dataclass(frozen=True)
class Titles:
    """A title directly before or behind a name."""

    rule: RuleSpec
    people: People
    former: tuple[str, ...]

    @property
    def literals(self) -> Collection[str]:
        """The names and titles of the table."""
        return self.people.words

    def hits(self, view: View) -> Iterator[Hit]:
        """Every pair of title and name that does not hold at the item's date."""
        if view.day is None:
            return
        for (one, start, middle), (other, begin, end) in pairwise(view.once(self.people.found)):
            if begin != middle or (one in self.people.titles) == (other in self.people.titles):
                continue
            title, name = (one, other) if one in self.people.titles else (other, one)
            first, said = self._whole(view.text, start, title) if title == one else (start, title)
            held = self.people.held(name, view.day)
            if not held or said in held or view.text.endswith(self.former, 0, first):
                continue
            values = {"name": name, "title": said, "right": "、".join(held)}
            yield Hit(self.rule, first, end, None, values=values)

    def _whole(self, text: str, start: int, title: str) -> tuple[int, str]:
        """The title with a 副 or 代 in front of it that the table may not know."""
        for before in _DEPUTY:
            if text.endswith(before, 0, start):
                return start - len(before), before + title
        return start, title


@dataclass(frozen=True)
class Names:
    """Names that one character parts from a known one."""

    rule: RuleSpec
    people: People
    alike: Alike
    parts: Mapping[str, Sequence[tuple[str, int]]]
    """Part of a name → the names that have it, each with the place of the part in it."""

    @property
    def literals(self) -> Collection[str]:
        """The parts of names, and the names and titles that make a slip sure."""
        return self.people.words.union(self.parts)

    def hits(self, view: View) -> Iterator[Hit]:
        """Every name with a character of like sound or shape in place of the right one."""
        text, words, seen = view.text, view.scan.words, set()
        for index, start, _ in view.matches:
            for name, offset in self.parts.get(words[index], ()):
                first = start - offset
                written = text[max(0, first) : first + len(name)]
                if first < 0 or (first, name) in seen or not self._is_slip(written, name):
                    continue
                seen.add((first, name))
                severity = None if self._has_title(view, first, first + len(name)) else Severity.HINT
                yield Hit(self.rule, first, first + len(name), name, severity)

    def _is_slip(self, written: str, name: str) -> bool:
        if len(written) != len(name) or written in self.people.rows:
            return False
        wrong = [(one, other) for one, other in zip(written, name, strict=True) if one != other]
        return len(wrong) == 1 and self.alike.confused(*wrong[0])

    def _has_title(self, view: View, start: int, end: int) -> bool:
        return any(
            word in self.people.titles and (last == start or first == end)
            for word, first, last in view.once(self.people.found)
        )


@dataclass(frozen=True)
class Order:
    """Known people named one after the other."""

    rule: RuleSpec
    people: People

    @property
    def literals(self) -> Collection[str]:
        """The names and titles of the table."""
        return self.people.words

    def hits(self, view: View) -> Iterator[Hit]:
        """Every list whose ranks fall back, once, with the right order."""
        if view.day is None:
            return
        for listed in self._lists(view):
            ranked = [(rank, name) for name, _, _ in listed if (rank := self.people.rank(name, view.day)) is not None]
            right = sorted(ranked, key=lambda one: one[0])
            if len(ranked) == len(listed) and [one[0] for one in ranked] != [one[0] for one in right]:
                yield Hit(self.rule, listed[0][1], listed[-1][2], "、".join(name for _, name in right))

    def _lists(self, view: View) -> Iterator[list[tuple[str, int, int]]]:
        found = view.once(self.people.found)
        titles = [(start, end) for word, start, end in found if word in self.people.titles]
        listed: list[tuple[str, int, int]] = []
        for name, start, end in (one for one in found if one[0] in self.people.rows):
            if listed and not self._is_gap(view.text, listed[-1][2], start, titles):
                if len(listed) > 1:
                    yield listed
                listed = []
            listed.append((name, start, end))
        if len(listed) > 1:
            yield listed

    def _is_gap(self, text: str, start: int, end: int, titles: Sequence[tuple[int, int]]) -> bool:
        """Whether only separators and titles stand between two names."""
        if end - start > 60:
            return False
        gap = list(text[start:end])
        for first, last in titles:
            if start <= first and last <= end:
                gap[first - start : last - start] = " " * (last - first)
        return len(gap) > 0 and _BETWEEN.fullmatch("".join(gap)) is not None


def compile_check(rule: RuleSpec, parameters: Parameters, references: References) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    former = parameters.texts("former") if check == "title" else ()
    people = People(references.people)
    if check == "order":
        return Order(rule, people)
    if check == "title":
        return Titles(rule, people, former or ("\0",))
    known = [
        (name, offset, name[offset : offset + 2])
        for name in people.rows
        if len(name) >= _SHORTEST
        for offset in (0, len(name) - 2)
    ]
    # With three characters and a wrong one in the middle only the surname stands.
    known += [(name, 0, name[0]) for name in people.rows if len(name) == _SHORTEST]
    parts: dict[str, list[tuple[str, int]]] = {}
    for name, offset, part in known:
        parts.setdefault(part, []).append((name, offset))
    return Names(rule, people, references.alike, parts)
