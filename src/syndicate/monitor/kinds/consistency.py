"""Kind `consistency`: one thing written in two ways in one text.

Parameters: `groups` (required; list of `甲|乙`, ways to write one thing; where a way is part of a longer word list that word
in `except`), `except` (list of words in which a way does not count). The rarer way is found, the commoner one suggested.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from syndicate.errors import Message
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View


@dataclass(frozen=True)
class Consistency:
    """Groups of ways to write one thing."""

    rule: RuleSpec
    groups: tuple[tuple[str, ...], ...]
    pattern: re.Pattern[str]

    @property
    def literals(self) -> Collection[str]:
        """All ways of writing."""
        return {way for group in self.groups for way in group}

    def hits(self, view: View) -> Iterator[Hit]:
        """Every place of a rarer way."""
        if not any(len(view.literals.intersection(group)) > 1 for group in self.groups):
            return
        found: dict[str, list[int]] = {}
        for match in self.pattern.finditer(view.text):
            found.setdefault(match.group(), []).append(match.start())
        for group in self.groups:
            used = sorted((way for way in group if way in found), key=lambda way: -len(found[way]))
            for way in used[1:]:
                for start in found[way]:
                    yield Hit(self.rule, start, start + len(way), used[0])


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    groups = tuple(tuple(group.split("|")) for group in parameters.texts("groups", required=True))
    others = parameters.texts("except")
    for group in groups:
        if len(group) < 2 or not all(group):
            values = {"rule": rule.id, "value": "|".join(group)}
            parameters.mistakes.append(Message("monitor.group", values))
    # The longest first, so that a word of `except` is taken whole and what it holds does not count.
    words = sorted({*others, *(way for group in groups for way in group if way)}, key=len, reverse=True)
    return Consistency(rule, groups, re.compile("|".join(map(re.escape, words)) or r"(?!)"))
