"""A hit as a finding: in offsets of the source, with its words for people."""

from __future__ import annotations

from syndicate.errors import wording
from syndicate.model.finding import Finding
from syndicate.monitor.identity import without_numbers
from syndicate.monitor.slots import fill
from syndicate.monitor.view import Hit, View
from syndicate.text.place import Lines

_LONGEST_SHOWN = 120


class Telling:
    """The findings of one text."""

    def __init__(self, view: View, source: str, part: str) -> None:
        self._text = view.text
        self._lines = Lines(source)
        self._part = part
        self._place = wording("text.place_line").zh

    def finding(self, hit: Hit, start: int, end: int) -> Finding:
        """The finding of one hit, whose place in the source is `start … end`."""
        rule, text, suggestion = hit.rule, hit.masked, hit.suggestion
        if text is None:
            text = without_numbers(self._text[hit.start : hit.end])
            suggestion = without_numbers(suggestion) if suggestion else suggestion
        if len(text) > _LONGEST_SHOWN:
            text = text[:_LONGEST_SHOWN] + "…"
        values = {"text": text, "suggestion": suggestion or "", **hit.values}
        line, column = self._lines.place(start)
        return Finding(
            rule.id,
            hit.severity or rule.severity,
            start,
            end,
            text,
            hit.message.zh if hit.message else fill(rule.message, values),
            suggestion,
            hit.basis or rule.basis,
            self._place.format(line=line, column=column),
            self._part,
            hit.message.en if hit.message else fill(rule.message_en, values),
        )
