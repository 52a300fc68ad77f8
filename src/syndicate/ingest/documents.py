"""What every reader of this stage does first with fetched bytes: text, and the plain text of a piece of it."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from syndicate.errors import InputError
from syndicate.model.source import Document
from syndicate.text.decode import Decoded, decode

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
"""Characters that no document may hold; parsers of XML refuse them."""
"""No character of XML 1.0, and none of a text for people."""
_BLANKS = re.compile(r"[\s\u3000]+")
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_HEAD = 4_000


def decoded(document: Document, encoding: str = "") -> Decoded:
    """The document's text without control characters. `encoding` is what the source's file says, if anything.

    Raises `InputError` where there is none.
    """
    declared = encoding or header(document, "content-type")
    read = decode(document.body, declared)
    text = without_controls(read.text)
    if not text.strip():
        raise InputError("ingest.empty_body", url=document.url)
    return Decoded(text, read.encoding, read.replaced)


def without_controls(text: str) -> str:
    """The text without characters that no text for people has; escapes of JSON and XML can bring them in."""
    return CONTROLS.sub("", text)


def header(document: Document, name: str) -> str:
    """A header by its name in small letters, whatever case the server chose."""
    return next((value for key, value in document.headers.items() if key.lower() == name), "")


def looks_like_html(text: str) -> bool:
    """Whether a text begins as a web page does."""
    return bool(_HTML.match(text[:_HEAD]))


def one_line(text: str, longest: int = 500) -> str:
    """Text for a field: no control characters, blanks collapsed, cut off at `longest` characters."""
    return _BLANKS.sub(" ", CONTROLS.sub("", text[: longest * 8])).strip()[:longest]


def plain(html: str, longest: int = 500) -> str:
    """The text of a fragment of HTML on one line; `html` without markup comes back as it is."""
    if "<" not in html and "&" not in html:
        return one_line(html, longest)
    body = LexborHTMLParser(html[: longest * 40]).body
    return one_line(body.text(separator=" ") if body else "", longest)


def find_all(node: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    """Every match of a selector from configuration. Raises `InputError` where it is no CSS selector."""
    try:
        return node.css(selector)
    except (SelectolaxError, ValueError) as error:
        raise InputError("ingest.bad_selector", selector=selector) from error


def text_of(node: LexborNode, longest: int = 500) -> str:
    """The text of an element on one line."""
    return one_line(node.text(separator=" ") if longest > 1_000 else node.text(), longest)
