"""Kind `characters`: single characters that have another form in this text, such as traditional ones in simplified text.

Parameters: `wrong` and `right` (two texts of the same length, character by character; required), `not_in` (list of words
that hold such a character rightly: names), `outside_titles` (true: not inside 《》). Neighbouring characters make one finding.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from syndicate.errors import Message
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View


@dataclass(frozen=True)
class Characters:
    """The one check of this kind."""

    rule: RuleSpec
    pattern: re.Pattern[str]
    table: Mapping[str, str]
    not_in: tuple[str, ...]
    outside_titles: bool

    @property
    def literals(self) -> Collection[str]:
        """The characters."""
        return self.table.keys()

    def hits(self, view: View) -> Iterator[Hit]:
        """Every run of such characters."""
        text = view.text
        for match in self.pattern.finditer(text):
            start, end = match.span()
            around = text[max(0, start - 4) : end + 4]
            quoted = self.outside_titles and view.titles.around(start, end)
            if not quoted and not any(word in around for word in self.not_in):
                yield Hit(self.rule, start, end, "".join(map(self.table.__getitem__, match.group())))


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    wrong, right = parameters.text("wrong"), parameters.text("right")
    if len(wrong) != len(right):
        parameters.mistakes.append(
            Message("monitor.characters", {"rule": rule.id, "wrong": len(wrong), "right": len(right)})
        )
    pattern = re.compile(f"[{re.escape(wrong)}]+" if wrong else "(?!)")
    table = dict(zip(wrong, right, strict=False))
    return Characters(rule, pattern, table, parameters.texts("not_in"), parameters.flag("outside_titles", False))
