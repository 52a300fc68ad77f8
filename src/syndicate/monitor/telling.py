"""A hit as a finding: in offsets of the source, with its words for people."""

from __future__ import annotations

from syndicate.errors import wording
from syndicate.model.finding import Finding
from syndicate.monitor.identity import without_numbers
from syndicate.monitor.slots import fill
from syndicate.monitor.view import Hit, View
from syndicate.text.place import Lines

_LONGEST_SHOWN = 120


_Told = tuple[str, str | None, str, str]
"""The text and the suggestion as they may be shown, and the message in Chinese and English."""


class Telling:
    """The findings of one text."""

    def __init__(self, view: View, source: str, part: str) -> None:
        self._text = view.text
        self._lines = Lines(source)
        self._part = part
        # A text has hundreds of findings and `%` takes a third of the time; the line comes first in the Chinese text.
        self._place = wording("text.place_line").zh.format(line="%d", column="%d")
        self._told: dict[tuple[str, str, str | None], _Told] = {}

    def finding(self, hit: Hit, start: int, end: int) -> Finding:
        """The finding of one hit, whose place in the source is `start … end`."""
        rule, severity = hit.rule, hit.severity or hit.rule.severity
        text, suggestion, message, message_en = self._words(hit)
        line, column = self._lines.place(start)
        place = self._place % (line, column)
        basis = hit.basis or rule.basis
        return Finding(rule.id, severity, start, end, text, message, suggestion, basis, place, self._part, message_en)

    def _words(self, hit: Hit) -> _Told:
        """What is said of a hit; of those that differ only in their place the same, made once."""
        text = self._text[hit.start : hit.end]
        if hit.masked is not None or hit.values or hit.message is not None:
            return _told(hit, text)
        key = hit.rule.id, text, hit.suggestion
        if key not in self._told:
            self._told[key] = _told(hit, text)
        return self._told[key]


def _told(hit: Hit, text: str) -> _Told:
    rule, suggestion = hit.rule, hit.suggestion
    if hit.masked is None:
        text = without_numbers(text)
        suggestion = without_numbers(suggestion) if suggestion else suggestion
    else:
        text = hit.masked
    if len(text) > _LONGEST_SHOWN:
        text = text[:_LONGEST_SHOWN] + "…"
    if hit.message:
        return text, suggestion, hit.message.zh, hit.message.en
    values = {"text": text, "suggestion": suggestion or "", **hit.values}
    return text, suggestion, fill(rule.message, values), fill(rule.message_en, values)
