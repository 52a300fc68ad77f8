"""Kind `pair`: words of which a text has both or neither.

Parameters: `both` (required; mapping of a word to the one that must stand somewhere in the text as well), `either` (true: the
second demands the first, too; default false).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View


@dataclass(frozen=True)
class Pair:
    """Words that demand each other."""

    rule: RuleSpec
    wanted: tuple[tuple[str, str], ...]

    @property
    def literals(self) -> Collection[str]:
        """The words that demand another."""
        return [word for word, _ in self.wanted]

    def hits(self, view: View) -> Iterator[Hit]:
        """The first place of every word whose other half is missing."""
        for word, other in self.wanted:
            if word in view.literals and other not in view.text:
                start = view.text.index(word)
                yield Hit(self.rule, start, start + len(word), None, values={"other": other})


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    both: Mapping[str, str] = parameters.pairs("both", required=True)
    backwards = {other: word for word, other in both.items()} if parameters.flag("either", False) else {}
    return Pair(rule, (*both.items(), *backwards.items()))
