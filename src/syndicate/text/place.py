"""Where an offset stands for a person: line, column, width on a terminal, and the office places of a file."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from unicodedata import east_asian_width

from syndicate.text.late import late

_LINE_END = late(r"\r\n|\n|\r")


class Lines:
    """The lines of a text, found once. Line and column count from 1, columns in code points."""

    def __init__(self, text: str) -> None:
        self._text = text
        if "\r" in text:
            self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        else:  # nearly always, and much faster
            self._starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return line + 1, offset - self._starts[line] + 1

    def bounds(self, line: int) -> tuple[int, int]:
        """Start and end (without the line break) of a line, as offsets."""
        start, stop = [*self._starts[line - 1 : line + 1], len(self._text)][:2]
        return start, start + len(self._text[start:stop].rstrip("\r\n"))


def width(text: str) -> int:
    """Columns that the text takes on a terminal: two for Chinese, none for marks that combine or are invisible."""
    return sum(_character_width(character) for character in text)


def _character_width(character: str) -> int:
    if character in "\u00ad\u200b\u200c\u200d\u2060\ufeff" or "\u0300" <= character <= "\u036f":
        return 0
    return 2 if east_asian_width(character) in "WF" else 1
