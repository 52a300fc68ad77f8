"""Kind `lexicon`: the rows of `content/lexicon/*.tsv` whose category the rule names.

Parameters: `severities` (mapping category: severity, required; rows of mode review are `confirm` at most, of mode hint
`hint`), `not_after`, `not_before` (lists, beside those of the rows), `outside_titles` (true: not inside 《》). A row of up
to three characters is no error where two known words meet in it (补偿试点 is no 偿试).
"""

from __future__ import annotations

from collections.abc import Sequence

from syndicate.model.finding import Severity
from syndicate.model.rule import LexiconEntry, LexiconMode, RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.words import Word

_SHORT = 3
_NONE: frozenset[str] = frozenset()
_CAPS = {LexiconMode.REVIEW: Severity.CONFIRM, LexiconMode.HINT: Severity.HINT}


def read_words(
    rule: RuleSpec, parameters: Parameters, rows: Sequence[LexiconEntry], known: frozenset[str]
) -> tuple[Word, ...]:
    """The words of one rule: the rows of its categories. Short ones are none where two `known` words meet."""
    severities = parameters.severities("severities")
    not_after, not_before = parameters.texts("not_after"), parameters.texts("not_before")
    outside_titles = parameters.flag("outside_titles", False)
    return tuple(
        Word(
            text=row.wrong,
            rule=rule,
            suggestion=row.right or None,
            severity=_severity(severities[row.category], row.mode),
            basis=row.basis,
            not_after=(*not_after, *row.not_after),
            not_before=(*not_before, *row.not_before),
            dated=row.mode is LexiconMode.DATED,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            outside_titles=outside_titles,
            known=known if len(row.wrong) <= _SHORT else _NONE,
        )
        for row in rows
        if row.category in severities
    )


def categories(rule: RuleSpec) -> frozenset[str]:
    """The categories that a rule names."""
    return frozenset(Parameters(rule).severities("severities"))


def _severity(severity: Severity, mode: LexiconMode) -> Severity:
    cap = _CAPS.get(mode, severity)
    return min(severity, cap, key=lambda one: one.weight)
