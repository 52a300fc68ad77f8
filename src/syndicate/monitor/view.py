"""What a check sees of one text, what it answers, and how a text is taken apart for all checks alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar, cast, runtime_checkable

from syndicate.errors import Message
from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.calendar import WrittenDate, written_dates
from syndicate.monitor.grids import Row, grids
from syndicate.monitor.numbers import Candidate, candidates
from syndicate.monitor.quantities import Quantity, Sentence, quantities, sentences
from syndicate.monitor.scan import Scan
from syndicate.monitor.spans import Spans, spans_of
from syndicate.monitor.tables import Tables
from syndicate.text.mapping import Mapped

T = TypeVar("T")


_NOTHING: Mapping[str, str] = MappingProxyType({})
_NO_WORDS = Scan(())


class Hit(NamedTuple):
    """One place where a rule fires, in offsets of the plain text. Empty fields are taken from the rule.

    `masked` replaces the text wherever it is shown; `values` fill further slots of the rule's message; `message`
    replaces the rule's message where the monitor itself has to say something.
    """

    rule: RuleSpec
    start: int
    end: int
    suggestion: str | None = None
    severity: Severity | None = None
    basis: str = ""
    masked: str | None = None
    values: Mapping[str, str] = _NOTHING
    message: Message | None = None


@dataclass(frozen=True)
class View:
    """One text: plain, with its map, and the day it is judged at (None: unknown, dated rules are silent)."""

    mapped: Mapped
    day: date | None
    markup: bool = False
    scan: Scan = _NO_WORDS
    source: str = ""
    """What the text was made from, for what its normalised form no longer shows."""
    _kept: dict[object, object] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, key: Callable[[View], T]) -> T:
        """What `key` makes of the text, made once however many rules ask for it."""
        if key not in self._kept:
            self._kept[key] = key(self)
        return cast(T, self._kept[key])

    @property
    def text(self) -> str:
        """The plain text."""
        return self.mapped.text

    @cached_property
    def matches(self) -> list[tuple[int, int, int]]:
        """Every word of the scan wherever it stands, as (index in its `words`, start, end), by end, the longest first."""
        return self.scan.matches(self.text)

    @cached_property
    def literals(self) -> frozenset[str]:
        """The words of the scan that stand somewhere in the text."""
        words = self.scan.words
        return frozenset([words[index] for index in {index for index, _, _ in self.matches}])

    @cached_property
    def pairs(self) -> Mapping[int, Sequence[int]]:
        """The pairs of the scan that stand in the text, as numbers, with their places."""
        return self.scan.pairs(self.text)

    def longest(self, known: Container[str]) -> list[tuple[str, int, int]]:
        """The known words among those of the scan, from the left, at each place the longest; none lies in another."""
        words = self.scan.words
        found = [(start, -end, words[index]) for index, start, end in self.matches if words[index] in known]
        found.sort()
        chosen: list[tuple[str, int, int]] = []
        reach = 0
        for start, end, word in found:
            if start >= reach:
                chosen.append((word, start, reach := -end))
        return chosen

    def spans(self, name: str) -> Spans:
        """All recognised spans of one sort of `spans.PATTERNS`, found once."""
        if name not in self._kept:
            self._kept[name] = spans_of(name, self.text)
        return cast(Spans, self._kept[name])

    @property
    def titles(self) -> Spans:
        """Titles in 《》, where old names and old wordings are quoted rightly."""
        return self.spans("title")

    @property
    def addresses(self) -> Spans:
        """Web and mail addresses, whose punctuation and digits follow other rules."""
        return self.spans("address")

    @cached_property
    def dates(self) -> tuple[WrittenDate, ...]:
        """All dates, possible or not."""
        return tuple(written_dates(self.text))

    @cached_property
    def numbers(self) -> tuple[Candidate, ...]:
        """All long numbers, which the checks of personal data choose from."""
        return tuple(candidates(self.text))

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        """All exact figures with their units."""
        return tuple(quantities(self.text))

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The figures sentence by sentence."""
        return tuple(sentences(self.text, self.quantities))

    @cached_property
    def grids(self) -> tuple[tuple[Row, ...], ...]:
        """The tables of the text as rows of cells."""
        return tuple(grids(self.text, markup=self.markup))

    @cached_property
    def tables(self) -> Tables:
        """The tables of the text, for numbers that are only judged by the head of their column."""
        return Tables(self.text)


class Check(Protocol):
    """A compiled rule (or several of one kind). May be used from several threads; reads nothing but the view."""

    def hits(self, view: View) -> Iterable[Hit]:
        """Every place where the rule fires."""
        ...


@runtime_checkable
class Literal(Protocol):
    """A check that can only fire where one of its literals stands; with none it is always asked."""

    @property
    def literals(self) -> Collection[str]:
        """Words for the common automaton."""
        ...


@runtime_checkable
class Pairing(Protocol):
    """A check that begins with pairs of neighbouring characters."""

    @property
    def codes(self) -> frozenset[int]:
        """Their numbers, see `scan.pair_codes`."""
        ...
