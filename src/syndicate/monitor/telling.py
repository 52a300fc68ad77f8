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
        rule, first, last, suggestion, severity, basis, masked, values, about = hit
        key = rule.id, self._text[first:last], suggestion
        if masked is not None or values or about is not None:
            told = _told(hit, key[1])
        elif key in self._told:  # of hits that differ only in their place the same is said
            told = self._told[key]
        else:
            told = self._told[key] = _told(hit, key[1])
        text, suggestion, message, message_en = told
        place = self._place % self._lines.place(start)
        severity, basis = severity or rule.severity, basis or rule.basis
        return Finding(rule.id, severity, start, end, text, message, suggestion, basis, place, self._part, message_en)


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
