"""Article bodies as trees: safe to publish, with every file and picture accounted for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import cast

from lxml import html
from lxml.html import HtmlElement

from syndicate.errors import InputError
from syndicate.render.words import clean
from syndicate.text.sanitise import sanitise

FILE_ADDRESS = re.compile(r"file:([0-9a-f]{64})")

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "caption",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
# libxml2 stops reading at 2,048 levels and says nothing; a mark after the body tells whether it came that far.
_END_MARK = "body-end"


def parse(body: str) -> HtmlElement:
    """The body as a tree below one `div`, sanitised once more: nothing foreign is published on trust.

    Raises `InputError` for markup that is nested too deep to be read to its end.
    """
    source = f'<div>{clean(sanitise(body))}</div><hr id="{_END_MARK}">'
    document = cast(HtmlElement, html.document_fromstring(source, parser=html.HTMLParser(huge_tree=True)))
    frame = document.find("body")
    if frame is None or [child.tag for child in frame] != ["div", "hr"]:
        raise InputError("render.too_deep")
    return cast(HtmlElement, frame[0])


def inner(root: HtmlElement) -> str:
    """The markup inside a tree's root."""
    text = escape(root.text or "", quote=False)
    return text + "".join(html.tostring(child, encoding="unicode") for child in root)


def elements(root: HtmlElement, *tags: str) -> list[HtmlElement]:
    """Every element below the root, of these tags where any are named; a list, so that the tree may be changed."""
    return [element for element in root.iterdescendants(*tags) if isinstance(element.tag, str)]


def remove(element: HtmlElement) -> None:
    """Take an element with its content out of its tree; the text after it stays."""
    element.drop_tree()


def append_text(element: HtmlElement, text: str) -> None:
    """Put text behind everything else inside an element."""
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def file_of(address: str | None) -> str | None:
    """The content hash in a `file:` address; None for any other address."""
    found = FILE_ADDRESS.fullmatch(address or "")
    return found[1] if found else None


def paragraphs(root: HtmlElement) -> tuple[str, ...]:
    """The visible text, one entry per block or line that is not blank."""
    lines = "".join(_pieces(root)).split("\n")
    stripped = (" ".join(line.split()) for line in lines)
    return tuple(line for line in stripped if line)


def _pieces(root: HtmlElement) -> Iterator[str]:
    """Text in reading order with a line break at the edges of blocks; a loop, as depth is foreign input."""
    yield _words(root.text)
    stack = [iter(root)]
    open_elements = [root]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            closed = open_elements.pop()
            if stack:
                yield ("\n" if closed.tag in _BLOCKS else "") + _words(closed.tail)
            continue
        yield "\n" if child.tag in _BLOCKS or child.tag == "br" else ""
        if isinstance(child.tag, str):
            yield _words(child.text)
        stack.append(iter(child))
        open_elements.append(child)


def _words(text: str | None) -> str:
    """Line breaks of the source are blanks, as in a browser."""
    return (text or "").replace("\n", " ").replace("\r", " ")
