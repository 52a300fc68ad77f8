"""Kind `regex`: a regular expression of the `regex` module.

Parameters: `pattern` (required; a group named `found` narrows the finding to it), `suggestion` (a template with
`{group}` slots), `literals` (list: the pattern is tried only where one of them occurs), `outside` (list of `title`,
`address`: no finding inside these), `timeout` (seconds for one text, default 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from syndicate.errors import Message
from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.slots import fill, slots
from syndicate.monitor.view import Check, Hit, View

_OUTSIDE = frozenset({"title", "address"})


@dataclass(frozen=True)
class RegexCheck:
    """One pattern."""

    rule: RuleSpec
    pattern: regex.Pattern[str]
    suggestion: str
    literals: tuple[str, ...]
    outside: frozenset[str]
    timeout: float

    def hits(self, view: View) -> Iterator[Hit]:
        """Every match; when the time is over, one hit that says so instead of silence."""
        text = view.text
        if self.literals and not any(literal in text for literal in self.literals):
            return
        try:
            for match in self.pattern.finditer(text, timeout=self.timeout):
                start, end = match.span("found") if "found" in self.pattern.groupindex else match.span()
                if start < end and not self._is_outside(view, start, end):
                    yield Hit(self.rule, start, end, self._suggestion(match))
        except TimeoutError:
            message = Message("monitor.timeout", {"rule": self.rule.id, "seconds": self.timeout})
            yield Hit(self.rule, 0, 0, severity=Severity.CONFIRM, message=message)

    def _suggestion(self, match: regex.Match[str]) -> str | None:
        if not self.suggestion:
            return None
        return fill(self.suggestion, {name: text or "" for name, text in match.groupdict().items()})

    def _is_outside(self, view: View, start: int, end: int) -> bool:
        in_title = "title" in self.outside and view.titles.around(start, end)
        return bool(in_title or ("address" in self.outside and view.addresses.around(start, end)))


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    pattern = parameters.pattern("pattern")
    suggestion = parameters.text("suggestion", "")
    outside = parameters.texts("outside")
    timeout = parameters.number("timeout", 2, least=0.01, most=60)
    literals = parameters.texts("literals")
    for word in sorted(set(outside) - _OUTSIDE):
        values = {"rule": rule.id, "name": "outside", "value": word, "choices": ", ".join(sorted(_OUTSIDE))}
        parameters.mistakes.append(Message("monitor.parameter_choice", values))
    try:
        unknown = slots(suggestion) - set(pattern.groupindex)
    except ValueError as error:
        unknown = frozenset({str(error)})
    for name in sorted(unknown):
        parameters.mistakes.append(Message("monitor.suggestion_slot", {"rule": rule.id, "name": name}))
    return RegexCheck(rule, pattern, suggestion, literals, frozenset(outside), timeout)
