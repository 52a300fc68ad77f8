"""Rules and monitors made in a line, as tests need them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from syndicate.config.load import load_monitor
from syndicate.model.finding import Finding, Severity
from syndicate.model.rule import LexiconEntry, LexiconMode, RuleSpec
from syndicate.monitor.compile import compile_monitor

ROOT = Path(__file__).parents[2]


def rule(
    kind: str,
    *,
    id: str = "a.rule",
    message: str = "“{text}”",
    good: tuple[str, ...] = (),
    bad: tuple[str, ...] = (),
    enforced: bool = True,
    valid_from: date | None = None,
    valid_to: date | None = None,
    where: str = "rules.yaml:7",
    severity: Severity = Severity.BLOCK,
    **parameters: object,
) -> RuleSpec:
    return RuleSpec(
        id, kind, severity, message, message, "依据", where, parameters, good, bad, enforced, valid_from, valid_to
    )


def row(
    wrong: str,
    right: str,
    mode: LexiconMode = LexiconMode.SUBSTRING,
    *,
    category: str = "typo",
    not_after: tuple[str, ...] = (),
    not_before: tuple[str, ...] = (),
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> LexiconEntry:
    return LexiconEntry(
        wrong, right, category, mode, "词典", "words.tsv:3", not_after, not_before, valid_from, valid_to
    )


def check(
    rules: RuleSpec | list[RuleSpec], text: str, *rows: LexiconEntry, markup: bool = False, day: date | None = None
) -> tuple[Finding, ...]:
    listed = rules if isinstance(rules, list) else [rules]
    return compile_monitor(listed, rows).check(text, markup=markup, day=day)


def found(
    rules: RuleSpec | list[RuleSpec], text: str, *rows: LexiconEntry, markup: bool = False, day: date | None = None
) -> list[tuple[str, str | None]]:
    """Text and suggestion of every finding."""
    return [(finding.text, finding.suggestion) for finding in check(rules, text, *rows, markup=markup, day=day)]


def shipped():
    """The monitor with the rules and the lexicon of this repository."""
    return compile_monitor(*load_monitor(ROOT))
