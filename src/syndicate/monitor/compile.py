"""Rules and lexicon rows → a monitor, or every mistake at once with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from syndicate.errors import ConfigurationError, Message, Problem
from syndicate.model.reference import References
from syndicate.model.rule import LexiconEntry, LexiconMode, RuleSpec
from syndicate.monitor.kinds import (
    arithmetic,
    characters,
    consistency,
    dates,
    document_number,
    existence,
    level_markers,
    lexicon,
    link,
    pair,
    pairs,
    people,
    pii,
    punctuation,
    reference,
    regex,
    region,
    repeat,
    roster,
    substitution,
    suspicion,
    table,
)
from syndicate.monitor.monitor import Monitor, found, steps
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.scan import Scan
from syndicate.monitor.slots import slots
from syndicate.monitor.view import Check, Literal, Pairing, View
from syndicate.monitor.words import Word, Words
from syndicate.text.plain import from_text

CHECKS: Mapping[str, Callable[[RuleSpec, Parameters], Check]] = MappingProxyType(
    {
        "arithmetic": arithmetic.compile_check,
        "characters": characters.compile_check,
        "consistency": consistency.compile_check,
        "dates": dates.compile_check,
        "document_number": document_number.compile_check,
        "level_markers": level_markers.compile_check,
        "link": link.compile_check,
        "pair": pair.compile_check,
        "pairs": pairs.compile_check,
        "pii": pii.compile_check,
        "punctuation": punctuation.compile_check,
        "regex": regex.compile_check,
        "roster": roster.compile_check,
        "table": table.compile_check,
    }
)
WORDS: Mapping[str, Callable[[RuleSpec, Parameters], tuple[Word, ...]]] = MappingProxyType(
    {"existence": existence.read_words, "substitution": substitution.read_words}
)
LOOKUPS: Mapping[str, Callable[[RuleSpec, Parameters, References], Check]] = MappingProxyType(
    {
        "people": people.compile_check,
        "reference": reference.compile_check,
        "region": region.compile_check,
        "repeat": repeat.compile_check,
        "suspicion": suspicion.compile_check,
    }
)
"""The kinds that look things up in tables."""
LEXICON = "lexicon"
KINDS = tuple(sorted([*CHECKS, *WORDS, *LOOKUPS, LEXICON]))
SLOTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "arithmetic": frozenset({"expected"}),
        "pair": frozenset({"other"}),
        "reference": frozenset({"since"}),
        "roster": frozenset({"count"}),
        "table": frozenset({"head", "count"}),
        "people": frozenset({"name", "title", "right"}),
        "region": frozenset({"parent", "child", "right"}),
        "dates": frozenset({"weekday", "expected"}),
        "level_markers": frozenset({"expected"}),
    }
)
"""What a rule's message may name besides `{text}` and `{suggestion}`."""


NO_REFERENCES = References()


def compile_monitor(
    rules: Iterable[RuleSpec],
    rows: Iterable[LexiconEntry],
    references: References = NO_REFERENCES,
    *,
    proven: bool = False,
) -> Monitor:
    """Compiles everything and proves every rule on its own examples, unless the very same tables are `proven` already.

    Raises `ConfigurationError` with all mistakes: unknown kinds, wrong parameters, regular expressions that do not
    compile or take too long, categories without a rule, examples that do not behave as promised.
    """
    compiler = _Compiler(tuple(rules), tuple(rows), references)
    return compiler.monitor(proven)


@dataclass(frozen=True)
class _Compiled:
    """One rule: its own check, or its words for the common automaton."""

    rule: RuleSpec
    check: Check | None
    words: tuple[Word, ...]


class _Compiler:
    def __init__(self, rules: Sequence[RuleSpec], rows: Sequence[LexiconEntry], references: References) -> None:
        self.rules = tuple(rules)
        self.rows = tuple(rows)
        self.references = references
        self.problems: list[Problem] = []

    def monitor(self, proven: bool) -> Monitor:
        if not proven:
            self._check_names()
        compiled = [one for rule in self.rules if (one := self._compile(rule)) is not None]
        scan = _scan(compiled)
        words = Words((word for one in compiled for word in one.words), scan)
        for one in () if proven else compiled:
            self._prove(one, one.check or words, scan)
        if self.problems:
            raise ConfigurationError(tuple(self.problems))
        running = [one for one in compiled if one.rule.enforced]
        checks = [one.check for one in running if one.check is not None]
        if len(running) < len(compiled):
            words = Words((word for one in running for word in one.words), scan)
        return Monitor(self.rules, self.rows, (words, *checks), self.references, scan)

    def _check_names(self) -> None:
        for rule_id, count in Counter(rule.id for rule in self.rules).items():
            if count > 1:
                last = [rule for rule in self.rules if rule.id == rule_id][-1]
                self._complain(last.where, rule_id, Message("monitor.duplicate_rule", {"rule": rule_id}))
        covered = {name for rule in self.rules if rule.kind == LEXICON for name in lexicon.categories(rule)}
        for row in self.rows:
            if row.category not in covered:
                values = {"category": row.category, "known": ", ".join(sorted(covered)) or "—"}
                self._complain(row.where, row.wrong, Message("monitor.category", values))
            for message in _row_mistakes(row):
                self._complain(row.where, row.wrong, message)

    def _compile(self, rule: RuleSpec) -> _Compiled | None:
        if rule.kind not in KINDS:
            values = {"rule": rule.id, "kind": rule.kind, "known": ", ".join(KINDS)}
            self._complain(rule.where, rule.id, Message("monitor.kind", values))
            return None
        parameters = Parameters(rule)
        check: Check | None = None
        words: tuple[Word, ...] = ()
        if rule.kind == LEXICON:
            words = lexicon.read_words(rule, parameters, self.rows, self.references.vocabulary.words)
        elif rule.kind in WORDS:
            words = WORDS[rule.kind](rule, parameters)
        elif rule.kind in LOOKUPS:
            check = LOOKUPS[rule.kind](rule, parameters, self.references)
        else:
            check = CHECKS[rule.kind](rule, parameters)
        mistakes = [*parameters.finish(), *_slot_mistakes(rule)]
        for message in mistakes:
            self._complain(rule.where, rule.id, message)
        return None if mistakes else _Compiled(rule, check, words)

    def _prove(self, one: _Compiled, check: Check, scan: Scan) -> None:
        asked = steps([check])
        for example, bad in [*((text, False) for text in one.rule.good), *((text, True) for text in one.rule.bad)]:
            text, day = dated_example(example)
            view = View(from_text(text), day, scan=scan, source=text)
            hits = [hit for hit in found(asked, view) if hit.rule.id == one.rule.id]
            if any(hit.message is not None for hit in hits):
                key = "example_timeout"
            elif bool(hits) == bad:
                continue
            else:
                key = "example_bad" if bad else "example_good"
            self._complain(
                one.rule.where, example, Message(f"monitor.{key}", {"rule": one.rule.id, "example": example})
            )

    def _complain(self, where: str, text: str, message: Message) -> None:
        file, _, line = where.rpartition(":")
        self.problems.append(Problem(file or where, int(line) if line.isdecimal() else 0, text, message))


def _scan(compiled: Iterable[_Compiled]) -> Scan:
    """Everything that the rules look for, those that are switched off included: they are proven too."""
    words: list[str] = []
    pairs: list[frozenset[int]] = []
    for one in compiled:
        words += [word.text for word in one.words]
        if isinstance(one.check, Literal):
            words += one.check.literals
        if isinstance(one.check, Pairing):
            pairs.append(one.check.codes)
    return Scan(words, frozenset().union(*pairs))


def dated_example(example: str) -> tuple[str, date | None]:
    """An example and the day it is judged at: `@2024-05-01 text` names one."""
    day, _, text = example.partition(" ")
    if day.startswith("@"):
        try:
            return text, date.fromisoformat(day[1:])
        except ValueError:
            return example, None
    return example, None


def _row_mistakes(row: LexiconEntry) -> Iterator[Message]:
    if not row.wrong.strip() or row.wrong == row.right:
        yield Message("monitor.row_empty", {"wrong": row.wrong})
    if row.mode is LexiconMode.DATED and row.valid_from is None and row.valid_to is None:
        yield Message("monitor.row_undated", {"wrong": row.wrong})
    if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
        yield Message("monitor.row_period", {"wrong": row.wrong})


def _slot_mistakes(rule: RuleSpec) -> Iterator[Message]:
    known = {"text", "suggestion"} | SLOTS.get(rule.kind, frozenset())
    for template in (rule.message, rule.message_en):
        try:
            unknown = slots(template) - known
        except ValueError:
            unknown = frozenset({template})
        for name in sorted(unknown):
            values = {"rule": rule.id, "name": name, "known": ", ".join(sorted(known))}
            yield Message("monitor.message_slot", values)
