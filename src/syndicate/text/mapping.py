"""Plain text that remembers, for every character, where it stood in the source."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from operator import sub


@dataclass(frozen=True, slots=True)
class Mapped:
    """Plain `text` made from a source, as runs that either copy the source or replace one piece of it.

    Run i covers `text[at[i] : at[i + 1]]` and stands for `source[begins[i] : ends[i]]`. Where both are equally long the
    run is a copy, character by character; otherwise every one of its characters stands for the whole piece (`&amp;`,
    the line break of a `<p>`).
    """

    text: str
    at: tuple[int, ...]
    begins: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The source span behind `text[start:end]`; `end` is exclusive on both sides.

        Pieces between the characters that carry no text (tags, soft hyphens, joined line breaks) lie within it.
        """
        at = self.at
        run = bisect_right(at, start) - 1
        if run >= 0 and start < end:
            first, stop = self.begins[run] - at[run], at[run + 1] if run + 1 < len(at) else len(self.text)
            if end <= stop and self.ends[run] - stop == first:  # within one copy: nearly always
                return first + start, first + end
        first, _ = self._character(start)
        if end <= start:
            return first, first
        _, last = self._character(end - 1)
        return first, last

    def is_joined(self, start: int, end: int) -> bool:
        """Whether something of the source was left out inside `text[start:end]`."""
        begin, stop = self.span(start, end)
        return stop - begin != end - start

    def without(self, gaps: Iterable[tuple[int, int]]) -> Mapped:
        """The same text less the given spans, which are sorted and do not overlap."""
        if len(self.at) == 1 and self.ends[0] - self.begins[0] == len(self.text):
            return self._copy_without(list(gaps))
        pieces = Pieces()
        run, last = 0, 0
        for start, end in [*gaps, (len(self.text), len(self.text))]:
            run = self._copy(pieces, run, last, start)
            last = end
        return pieces.mapped()

    def _copy_without(self, gaps: Sequence[tuple[int, int]]) -> Mapped:
        """As `without`, where the text is one copy of the source: nearly always, and in a few passes."""
        first, whole = self.begins[0], len(self.text)
        bounds = zip([0, *(end for _, end in gaps)], [*(start for start, _ in gaps), whole], strict=True)
        kept = [bound for bound in bounds if bound[0] < bound[1]]
        starts, stops = zip(*kept, strict=True) if kept else ((), ())
        return Mapped(
            "".join(map(self.text.__getitem__, map(slice, starts, stops))),
            tuple(accumulate(map(sub, stops[:-1], starts), initial=0)) if kept else (),
            tuple([first + start for start in starts]),
            tuple([first + stop for stop in stops]),
        )

    def _is_copy(self, run: int) -> bool:
        return self.ends[run] - self.begins[run] == self._stop(run) - self.at[run]

    def _character(self, position: int) -> tuple[int, int]:
        if not self.at:
            return 0, 0
        if position >= len(self.text):
            return self.ends[-1], self.ends[-1]
        run = bisect_right(self.at, position) - 1
        if not self._is_copy(run):
            return self.begins[run], self.ends[run]
        begin = self.begins[run] + position - self.at[run]
        return begin, begin + 1

    def _stop(self, run: int) -> int:
        return self.at[run + 1] if run + 1 < len(self.at) else len(self.text)

    def _copy(self, pieces: Pieces, run: int, start: int, end: int) -> int:
        """Copies `text[start:end]`; returns the run in which the next piece may begin."""
        while run < len(self.at) and self._stop(run) <= start:
            run += 1
        while start < end:
            stop = min(self._stop(run), end)
            begin, source_end = self.begins[run], self.ends[run]
            if self._is_copy(run):
                begin += start - self.at[run]
                source_end = begin + stop - start
            pieces.add(self.text[start:stop], begin, source_end)
            start = stop
            if start < end:
                run += 1
        return run


class Pieces:
    """Collects runs of plain text, each with the source piece it stands for."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._at: list[int] = []
        self._begins: list[int] = []
        self._ends: list[int] = []
        self._length = 0

    def add(self, text: str, begin: int, end: int) -> None:
        """Appends `text`, which stands for the source from `begin` to `end` (exclusive)."""
        if not text:
            return
        self._texts.append(text)
        self._at.append(self._length)
        self._begins.append(begin)
        self._ends.append(end)
        self._length += len(text)

    def mapped(self) -> Mapped:
        """Everything added so far."""
        return Mapped("".join(self._texts), tuple(self._at), tuple(self._begins), tuple(self._ends))


def identity(source: str) -> Mapped:
    """The source itself as plain text."""
    pieces = Pieces()
    pieces.add(source, 0, len(source))
    return pieces.mapped()
