"""Findings marked in the text they were found in. Pure: sanitises again, never changes a letter of the text.

Foreign HTML stays hostile: the result is meant for a sandboxed frame, after `text.sanitise` as part of `render`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from lxml.html import HtmlElement

from syndicate.model.finding import Finding
from syndicate.render.article import article
from syndicate.render.markup import elements, file_of, inner, parse
from syndicate.text.markup import plain_from_markup

# The last private characters of Unicode stand for "number n begins here" and "… ends here" while parsers work.
_FIRST = 0x10FFF0
_BEGIN, _END = chr(_FIRST), chr(_FIRST + 1)
_DIGITS = "".join(chr(_FIRST + 2 + digit) for digit in range(10))
_SIGNAL = re.compile(f"[{_BEGIN}{_END}][{_DIGITS}]+")
_ANY_SIGNAL = re.compile(f"[{_BEGIN}{_END}{_DIGITS}]")
_READ = str.maketrans(_DIGITS, "0123456789")
_WRITE = str.maketrans("0123456789", _DIGITS)


@dataclass(frozen=True)
class Place:
    """A finding with the number it is listed under."""

    number: int
    finding: Finding
    word: str
    """Its severity, for people."""


@dataclass(frozen=True)
class Marked:
    """Markup with `<mark id="finding-n">`, and the numbers that have a mark in it."""

    html: str
    placed: frozenset[int]


def mark_article(source: str, places: Sequence[Place], file_address: Callable[[str], str]) -> Marked:
    """The article as our site shows it, with marks. Offsets are code points of `source`.

    `file_address` gives the address of a file by its hash; pictures from elsewhere are left out, as nothing is
    loaded from foreign servers. Raises InputError for markup that is built to keep a parser busy.
    """
    plain = parse(source)
    root = parse(_with_signals(source, places))
    if _ANY_SIGNAL.sub("", _text(root)) != _ANY_SIGNAL.sub("", _text(plain)):
        root = plain  # parsers disagree about this markup: better no mark than another text
    _clean_attributes(root)
    article(root)  # drops ids and classes, so that no foreign mark can pass for one of ours
    placed = _wrap(root, {place.number: place for place in places})
    _show_files(root, file_address)
    return Marked(inner(root).strip(), placed)


def mark_line(source: str, places: Sequence[Place]) -> Marked:
    """A line of plain text with marks, escaped. Offsets are code points of `source`."""
    named = {edge for place in places for edge in (place.finding.start, place.finding.end) if edge < len(source)}
    edges = sorted({0, len(source), *named})
    pieces: list[str] = []
    seen: set[int] = set()
    for start, end in pairwise(edges):
        piece = escape(source[start:end])
        for place in [p for p in places if p.finding.start <= start < p.finding.end][::-1]:
            attributes = _attributes(place, first=place.number not in seen)
            seen.add(place.number)
            written = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
            piece = f"<mark {written}>{piece}</mark>"
        pieces.append(piece)
    return Marked("".join(pieces), frozenset(seen))


def _with_signals(source: str, places: Iterable[Place]) -> str:
    """The source with signals before and after the visible characters of each finding."""
    source = _ANY_SIGNAL.sub("\ufffd", source)
    mapped = plain_from_markup(source)
    visible = sorted(
        (begin, end)
        for run, (begin, end) in enumerate(zip(mapped.begins, mapped.ends, strict=True))
        if source[begin : begin + 1] not in ("<", "") and mapped.at[run] < len(mapped.text)
    )
    signals: dict[int, list[tuple[int, int, str]]] = {}
    for place in places:
        span = _visible_span(visible, place.finding.start, place.finding.end)
        if span:
            number = str(place.number).translate(_WRITE)
            signals.setdefault(span[0], []).append((1, -span[1], _BEGIN + number))
            signals.setdefault(span[1], []).append((0, -span[0], _END + number))
    pieces, last = [], 0
    for position in sorted(signals):
        pieces += [source[last:position], *(text for _, _, text in sorted(signals[position]))]
        last = position
    return "".join([*pieces, source[last:]])


def _visible_span(visible: Sequence[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """The part of a span between the first and the last visible character that it covers, outside tags."""
    inside = [(begin, stop) for begin, stop in visible if begin < end and stop > start]
    if not inside:
        return None
    return max(start, inside[0][0]), min(end, inside[-1][1])


def _text(root: HtmlElement) -> str:
    return "".join(root.itertext())


def _clean_attributes(root: HtmlElement) -> None:
    for element in elements(root):
        for name, value in element.attrib.items():
            if _ANY_SIGNAL.search(value):
                element.set(name, _ANY_SIGNAL.sub("", value))


def _wrap(root: HtmlElement, places: Mapping[int, Place]) -> frozenset[int]:
    """Turn signals into marks: every piece of text between them is wrapped on its own, so that tags stay whole."""
    state = _State(places)
    todo: list[tuple[HtmlElement, bool]] = [(root, False)]
    while todo:
        element, is_tail = todo.pop()
        if is_tail:
            _set_tail(element, state.pieces(element.tail or ""))
            continue
        children = list(element)
        _set_text(element, state.pieces(element.text or "") if isinstance(element.tag, str) else [])
        for child in reversed(children):
            todo += [(child, True), (child, False)]
    return frozenset(state.shown)


class _State:
    """Which findings are open at this point of the text."""

    def __init__(self, places: Mapping[int, Place]) -> None:
        self._places = places
        self._open: list[int] = []
        self.shown: set[int] = set()

    def pieces(self, text: str) -> list[tuple[str, tuple[dict[str, str], ...]]]:
        """The text cut at its signals, each piece with the attributes of the marks around it, outermost first."""
        found = []
        last = 0
        for signal in _SIGNAL.finditer(text):
            found.append(self._piece(text[last : signal.start()]))
            self._take(signal.group())
            last = signal.end()
        found.append(self._piece(text[last:]))
        return [piece for piece in found if piece[0]]

    def _take(self, signal: str) -> None:
        number = int(signal[1:].translate(_READ))
        if signal[0] == _BEGIN and number in self._places and number not in self._open:
            self._open.append(number)
        elif signal[0] == _END and number in self._open:
            self._open.remove(number)

    def _piece(self, text: str) -> tuple[str, tuple[dict[str, str], ...]]:
        text = _ANY_SIGNAL.sub("", text)
        if not text.strip():
            return text, ()
        marks = tuple(_attributes(self._places[number], first=number not in self.shown) for number in self._open)
        self.shown.update(self._open)
        return text, marks


def _attributes(place: Place, *, first: bool) -> dict[str, str]:
    """A mark's attributes; its first piece carries the id, and the number and word that style sheets show."""
    shown = {"class": f"mark-{place.finding.severity}"}
    if first:
        shown |= {"id": f"finding-{place.number}", "data-label": f"{place.number} {place.word}"}
    return shown


def _set_text(element: HtmlElement, pieces: list[tuple[str, tuple[dict[str, str], ...]]]) -> None:
    """Replace an element's own first text."""
    if not isinstance(element.tag, str):
        return
    element.text = None
    last: HtmlElement | None = None
    for text, marks in pieces:
        if marks:
            built = _built(element, text, marks)
            element.insert(0 if last is None else element.index(last) + 1, built)
            last = built
        elif last is None:
            element.text = (element.text or "") + text
        else:
            last.tail = (last.tail or "") + text


def _set_tail(element: HtmlElement, pieces: list[tuple[str, tuple[dict[str, str], ...]]]) -> None:
    """Replace the text behind an element."""
    element.tail = None
    last = element
    for text, marks in pieces:
        if marks:
            built = _built(element, text, marks)
            # `addnext` would put it before the text that already follows.
            between, last.tail = last.tail, None
            last.addnext(built)
            last.tail = between
            last = built
        else:
            last.tail = (last.tail or "") + text


def _built(near: HtmlElement, text: str, marks: tuple[dict[str, str], ...]) -> HtmlElement:
    outermost = inner_most = near.makeelement("mark", marks[0])
    for attributes in marks[1:]:
        deeper = near.makeelement("mark", attributes)
        inner_most.append(deeper)
        inner_most = deeper
    inner_most.text = text
    return outermost


def _show_files(root: HtmlElement, file_address: Callable[[str], str]) -> None:
    for element in elements(root, "img"):
        sha256 = file_of(element.get("src"))
        if sha256:
            element.set("src", file_address(sha256))
        else:
            element.attrib.pop("src", None)
    for element in elements(root, "a"):
        sha256 = file_of(element.get("href"))
        if sha256:
            element.set("href", file_address(sha256))
