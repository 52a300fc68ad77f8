"""Kind `substitution`: a literal and what to write instead.

Parameters: `swap` (mapping wrong: right, required), `not_after`, `not_before` (lists: no finding directly behind or in
front of one of these), `outside_titles` (true: not inside 《》).
"""

from __future__ import annotations

from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.words import Word


def read_words(rule: RuleSpec, parameters: Parameters) -> tuple[Word, ...]:
    """The words of one rule."""
    not_after, not_before = parameters.texts("not_after"), parameters.texts("not_before")
    outside_titles = parameters.flag("outside_titles", False)
    return tuple(
        Word(wrong, rule, right, not_after=not_after, not_before=not_before, outside_titles=outside_titles)
        for wrong, right in parameters.pairs("swap", required=True).items()
    )
