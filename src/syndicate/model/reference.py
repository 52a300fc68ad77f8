"""What the monitor looks things up in: administrative divisions, people, laws, and characters that are mistaken for each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple


class Division(NamedTuple):
    """行政区划: one row of `content/divisions/*.tsv`: a province, a prefecture in it or a county in that.

    `prefecture` is empty for a county directly under its province, `county` for a prefecture, both for a province.
    """

    province: str
    prefecture: str
    county: str
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, day: date | None) -> bool:
        """Whether it held at that day; without a day, whether it ever did."""
        return day is None or ((self.valid_from or day) <= day <= (self.valid_to or day))


@dataclass(frozen=True)
class Person:
    """人员: one row of `content/names/*.tsv`. The office keeps the table; it is never built in.

    `rank` orders people in lists, smaller first; within the validity dates the person holds this title.
    """

    name: str
    title: str
    rank: int
    where: str
    valid_from: date | None = None
    valid_to: date | None = None

    def is_valid(self, day: date) -> bool:
        """Whether the person holds this title at that day."""
        return (self.valid_from or day) <= day <= (self.valid_to or day)


@dataclass(frozen=True)
class Law:
    """法律文件: one row of `content/references/*.tsv`: a title as it stands in 《》 and what became of it.

    `ended` is the day from which it no longer holds (None: in force), `now` the title that took its place.
    """

    title: str
    where: str
    ended: date | None = None
    now: str = ""
    basis: str = ""


@dataclass(frozen=True)
class LinkFact:
    """What patrol knows about one address of a text. `start` and `end` are its place in the source.

    `status` is the answer's code (None: no answer), `final_url` where redirects led, `title` that of the page there.
    """

    url: str
    start: int
    end: int
    status: int | None
    final_url: str = ""
    title: str = ""


@dataclass(frozen=True)
class Alike:
    """Characters that are mistaken for each other: syllables by character, blanks between them, and those of like shape."""

    syllables: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)

    def sound(self, one: str, other: str) -> bool:
        """Whether two characters share a reading, tones aside."""
        return not set(self.syllables.get(one, "").split()).isdisjoint(self.syllables.get(other, "").split())

    def shape(self, one: str, other: str) -> bool:
        """Whether two characters look alike."""
        return one != other and other in self.shapes.get(one, "")

    def confused(self, one: str, other: str) -> bool:
        """Whether one may have been written for the other."""
        return self.sound(one, other) or self.shape(one, other)


_BETWEEN = frozenset(" \t\n") | {""}
"""What stands around a word of a table; nothing at its very ends."""


@dataclass(frozen=True)
class Vocabulary:
    """Words known as right, surnames, and `table`: rows `right TAB sure misspellings TAB doubtful ones`, blanks between them.

    The table is kept as text: almost every text has none of its misspellings.
    """

    words: frozenset[str] = frozenset()
    idioms: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    table: str = ""
    surnames: frozenset[str] = frozenset()
    found_before: str = field(default="", compare=False, repr=False)
    """`misspellings`, where somebody has worked them out."""

    @cached_property
    def common(self) -> frozenset[str]:
        """The right words of the table: the commonest of two characters."""
        return frozenset(row.partition("\t")[0] for row in self.table.splitlines())

    @cached_property
    def misspellings(self) -> str:
        """All misspellings of two characters that are no known words, without anything between them."""
        if self.found_before:
            return self.found_before
        wrong = set(self.table.split()).difference(self.common, self.words)
        return "".join(sorted(word for word in wrong if len(word) == 2))

    def meant(self, wrong: str) -> tuple[str, bool]:
        """The right word of a misspelling of the table, and whether the suspicion is sure."""
        table, place = self.table, -1
        while (place := table.find(wrong, place + 1)) >= 0:
            around = table[place - 1 : place], table[place + len(wrong) : place + len(wrong) + 1]
            if around[0] in _BETWEEN and around[1] in _BETWEEN:
                row = table.rfind("\n", 0, place) + 1
                right = table[row : table.find("\t", row)]
                return right, "\t" not in table[row + len(right) + 1 : place]
        raise KeyError(wrong)


@dataclass(frozen=True)
class References:
    """Everything the monitor looks up; an empty one makes the rules that need it silent."""

    divisions: tuple[Division, ...] = ()
    people: tuple[Person, ...] = ()
    laws: tuple[Law, ...] = ()
    alike: Alike = field(default_factory=Alike)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
