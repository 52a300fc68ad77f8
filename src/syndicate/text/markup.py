"""HTML source → plain text with a map. One pass, linear on any input, never fails; offsets are those of the source.

Elements are only told apart as far as reading needs it: what is dropped, what ends a line, what ends a block or a cell.
"""

from __future__ import annotations

import re
from html import unescape

from syndicate.text.late import late
from syndicate.text.mapping import Mapped, Pieces

BLOCK = "\n\n"
"""Stands between blocks; nothing is ever joined across it."""
CELL = "\t"
"""Stands between the cells of a table row."""

_BLOCK_NAMES = (
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form frameset h1 h2 h3 h4 h5 h6 head header hr html legend li main menu nav ol optgroup option p pre search "
    "section select summary table tbody tfoot thead title tr ul"
)
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_CELLS = frozenset({"td", "th"})
_DROPPED = frozenset(
    {"script", "style", "template", "iframe", "noembed", "noframes", "noscript", "object", "svg", "math"}
)
_STEP = late(r"[<&]")
_TAG = late(r"</?([A-Za-z][^\s/>]{0,30})")
_INSIDE_TAG = late(r"""[>"']""")
_REFERENCE = late(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?")
_WHITE = str.maketrans("\t\n\r\f", "    ")


def plain_from_markup(source: str) -> Mapped:
    """The text a reader sees, white space not yet collapsed, `BLOCK` and `CELL` where elements end lines and cells."""
    return _Reader(source).read()


class _Reader:
    """The state of the single pass: where it stands, and where the last marks of each sort are."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.pieces = Pieces()
        self.last_close = source.rfind(">")
        # A quote that is never closed is no quote; knowing the last one keeps the pass linear.
        self.last_quote = {mark: source.rfind(mark) for mark in "\"'"}

    def read(self) -> Mapped:
        position, length = 0, len(self.source)
        while position < length:
            step = _STEP.search(self.source, position)
            if step is None:
                self._copy(position, length)
                break
            self._copy(position, step.start())
            position = self._tag(step.start()) if step.group() == "<" else self._reference(step.start())
        return self.pieces.mapped()

    def _copy(self, start: int, end: int) -> None:
        self.pieces.add(self.source[start:end].translate(_WHITE), start, end)

    def _reference(self, start: int) -> int:
        match = _REFERENCE.match(self.source, start)
        text = unescape(match.group()) if match else "&"
        if match is None or text == match.group():
            self._copy(start, start + 1)
            return start + 1
        self.pieces.add(text.translate(_WHITE), start, match.end())
        return match.end()

    def _tag(self, start: int) -> int:
        """Reads the tag, comment or declaration at `start`; returns where the text goes on."""
        source = self.source
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            return len(source) if end < 0 else end + 3
        match = _TAG.match(source, start)
        if match is None:
            if source.startswith(("<!", "<?", "</"), start) and start < self.last_close:
                return source.find(">", start) + 1
            self._copy(start, start + 1)
            return start + 1
        if start > self.last_close:
            self._copy(start, start + 1)
            return start + 1
        end = self._tag_end(match.end())
        name = match.group(1).lower()
        self._mark(name, start, end)
        if source[start + 1] != "/" and name in _DROPPED and source[end - 2] != "/":
            return self._skip(name, end)
        return end

    def _tag_end(self, position: int) -> int:
        """Just behind the `>` that ends the tag; one inside a quoted value does not."""
        source = self.source
        while True:
            mark = _INSIDE_TAG.search(source, position)
            if mark is None:
                return len(source)
            if mark.group() == ">":
                return mark.end()
            quoted = source[max(position, mark.start() - 8) : mark.start()].rstrip().endswith("=")
            if quoted and mark.start() < self.last_quote[mark.group()]:
                position = source.find(mark.group(), mark.end()) + 1
            else:
                position = mark.end()

    def _mark(self, name: str, start: int, end: int) -> None:
        if name == "br":
            self.pieces.add("\n", start, end)
        elif name in _CELLS:
            self.pieces.add(CELL, start, end)
        elif name in _BLOCKS:
            self.pieces.add(BLOCK, start, end)

    def _skip(self, name: str, position: int) -> int:
        """Behind the end tag of a dropped element, or the end of the source."""
        end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.source, position)
        if end is None:
            return len(self.source)
        return self.source.find(">", end.end()) + 1 or len(self.source)
