"""What a reader makes of an office file: one text and, for every stretch of it, the place a person would look at."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from syndicate.errors import InputError

MOST_CHARACTERS = 20_000_000
"""A file with more text than this (some 10,000 pages) is refused."""


@dataclass(frozen=True)
class Extract:
    """The text of a file. `places[i]` names the place of the text from `starts[i]` on. `textless` pages carry no text."""

    text: str
    starts: tuple[int, ...] = ()
    places: tuple[str, ...] = ()
    textless: tuple[str, ...] = ()

    def place(self, offset: int) -> str:
        """The place of an offset, empty where the reader knows none."""
        index = bisect_right(self.starts, offset) - 1
        return self.places[index] if index >= 0 else ""


@dataclass
class Blocks:
    """Collects the blocks of a file; each is kept apart from the next, so that no word is read across two of them."""

    name: str
    _parts: list[str] = field(default_factory=list)
    _starts: list[int] = field(default_factory=list)
    _places: list[str] = field(default_factory=list)
    _length: int = 0

    def add(self, text: str, place: str, *, separator: str = "\n\n") -> None:
        """Appends a block, followed by `separator`: a blank line, or a tab between the cells of a row."""
        if self._length + len(text) > MOST_CHARACTERS:
            raise InputError("text.too_long", name=self.name, limit=MOST_CHARACTERS)
        if place and (not self._places or self._places[-1] != place):
            self._starts.append(self._length)
            self._places.append(place)
        self._parts += (text, separator)
        self._length += len(text) + len(separator)

    def extract(self, textless: tuple[str, ...] = ()) -> Extract:
        """Everything added so far."""
        return Extract("".join(self._parts), tuple(self._starts), tuple(self._places), textless)
