"""Kind `regex`: a regular expression of the `regex` module.

Parameters: `pattern` (required; a group named `found` narrows the finding to it), `suggestion` (a template with
`{group}` slots), `literals` (list: the pattern is tried only where one of them occurs), `outside` and `inside` (lists of
recognised spans: `title`, `address`, `document_number`, `date`, `money`, `percentage`, `phone`, `id_number`, `quotation`,
`person`; no finding inside one of the first, only inside one of the second), `timeout` (seconds for one text, default 2).
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
from syndicate.monitor.spans import PATTERNS
from syndicate.monitor.view import Check, Hit, View


@dataclass(frozen=True)
class RegexCheck:
    """One pattern."""

    rule: RuleSpec
    pattern: regex.Pattern[str]
    suggestion: str
    literals: tuple[str, ...]
    outside: tuple[str, ...]
    inside: tuple[str, ...]
    timeout: float

    def hits(self, view: View) -> Iterator[Hit]:
        """Every match; when the time is over, one hit that says so instead of silence."""
        try:
            for match in self.pattern.finditer(view.text, timeout=self.timeout):
                start, end = match.span("found") if "found" in self.pattern.groupindex else match.span()
                if start < end and not self._is_excluded(view, start, end):
                    yield Hit(self.rule, start, end, self._suggestion(match))
        except TimeoutError:
            message = Message("monitor.timeout", {"rule": self.rule.id, "seconds": self.timeout})
            yield Hit(self.rule, 0, 0, severity=Severity.CONFIRM, message=message)

    def _suggestion(self, match: regex.Match[str]) -> str | None:
        if not self.suggestion:
            return None
        return fill(self.suggestion, {name: text or "" for name, text in match.groupdict().items()})

    def _is_excluded(self, view: View, start: int, end: int) -> bool:
        if any(view.spans(name).around(start, end) for name in self.outside):
            return True
        return bool(self.inside) and not any(view.spans(name).around(start, end) for name in self.inside)


def compile_check(rule: RuleSpec, parameters: Parameters) -> Check:
    """The check of one rule."""
    pattern = parameters.pattern("pattern")
    suggestion = parameters.text("suggestion", "")
    outside, inside = parameters.texts("outside"), parameters.texts("inside")
    timeout = parameters.number("timeout", 2, least=0.01, most=60)
    literals = parameters.texts("literals")
    for word in sorted({*outside, *inside} - set(PATTERNS)):
        values = {"rule": rule.id, "name": "outside/inside", "value": word, "choices": ", ".join(sorted(PATTERNS))}
        parameters.mistakes.append(Message("monitor.parameter_choice", values))
    try:
        unknown = slots(suggestion) - set(pattern.groupindex)
    except ValueError as error:
        unknown = frozenset({str(error)})
    for name in sorted(unknown):
        parameters.mistakes.append(Message("monitor.suggestion_slot", {"rule": rule.id, "name": name}))
    return RegexCheck(rule, pattern, suggestion, literals, outside, inside, timeout)
