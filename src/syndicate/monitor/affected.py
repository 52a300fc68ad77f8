"""Which texts a change of rules, words or people can touch at all, so that a recheck reads only those. Pure.

A monitor leaves marks: digests of its rules, of its lexicon rows by word, of the people by name, and of its other tables.
Marks of the monitor that read a text last, beside those of the present one, tell what changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from syndicate.model.hashing import digest
from syndicate.model.rule import RuleSpec
from syndicate.monitor.monitor import Monitor

Marks = Mapping[str, Mapping[str, str]]
"""`rules` by id, `words` by wrong form, `people` by name, `tables` by name."""
_LENGTH = 12
_LITERALS = {"existence": "words", "substitution": "swap", "regex": "literals"}
"""The kinds that find nothing in a text without one of the words of this parameter."""


def marks(monitor: Monitor) -> dict[str, dict[str, str]]:
    """The marks of a monitor, as they may be kept as JSON."""
    known = monitor.references
    vocabulary = known.vocabulary
    words = [
        vocabulary.table,
        sorted(vocabulary.words),
        vocabulary.idioms,
        vocabulary.names,
        sorted(vocabulary.surnames),
    ]
    tables = {
        "divisions": repr(known.divisions),
        "laws": repr([replace(law, where="") for law in known.laws]),
        "alike": repr(sorted(known.alike.syllables.items())) + repr(sorted(known.alike.shapes.items())),
        "vocabulary": repr(words),
    }
    return {
        "rules": {rule.id: _short(_facts(rule)) for rule in monitor.rules},
        "words": _by_name((row.wrong, repr(row._replace(where=""))) for row in monitor.lexicon),
        "people": _by_name((one.name, repr(replace(one, where=""))) for one in known.people),
        "tables": {name: _short(text) for name, text in tables.items()},
    }


def _facts(rule: RuleSpec) -> object:
    facts = [rule.kind, rule.severity, rule.message, rule.message_en, rule.basis, rule.enforced]
    return [*facts, str(rule.valid_from), str(rule.valid_to), rule.parameters]


def _by_name(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for name, row in rows:
        found.setdefault(name, []).append(row)
    return {name: _short(sorted(facts)) for name, facts in found.items()}


def _short(facts: object) -> str:
    return digest(facts)[:_LENGTH]


@dataclass(frozen=True)
class Change:
    """What changed between two monitors. `everything`: any text may be touched."""

    everything: bool
    rules: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    people: tuple[frozenset[str], ...] = ()

    def may_touch(self, text: str, found: Iterable[str]) -> bool:
        """Whether a text, with the rules that found something in it last time, can have other findings now."""
        if self.everything or not self.rules.isdisjoint(found):
            return True
        if any(word in text for word in self.words):
            return True
        # A misspelt name has all its characters but one.
        return any(sum(one in text for one in name) >= len(name) - 1 for name in self.people)


def change(before: Marks, now: Marks, rules_now: Iterable[RuleSpec]) -> Change:
    """What changed from the marks `before` to those of the present rules; no marks: everything."""
    if set(before) != set(now) or before["tables"] != now["tables"]:
        return Change(everything=True)
    rules = _differing(before["rules"], now["rules"])
    words = set(_differing(before["words"], now["words"]))
    for rule in rules_now:
        if rule.id in rules and rule.enforced:
            literals = rule.parameters.get(_LITERALS.get(rule.kind, ""))
            if not isinstance(literals, Iterable) or not literals:
                return Change(everything=True)
            words.update(map(str, literals))
    people = tuple(frozenset(name) for name in _differing(before["people"], now["people"]))
    return Change(everything=False, rules=rules, words=frozenset(words), people=people)


def _differing(before: Mapping[str, str], now: Mapping[str, str]) -> frozenset[str]:
    return frozenset(name for name in {*before, *now} if before.get(name) != now.get(name))
