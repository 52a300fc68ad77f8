"""A web page opened for reading: its tree, its meta tags, and what its lines say about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.ingest.addresses import absolute
from syndicate.ingest.documents import decoded, find_all, one_line, text_of
from syndicate.model.source import Document
from syndicate.text.sanitise import refuse_hostile

_NOTHING = frozenset({"null", "undefined", "none", "无", "-"})
"""What templates write where a field is empty (`content="null"`, domain reference §2.5)."""
_PUBLISHED = re.compile(r"(?:发布时间|发布日期|发文时间|发表时间)\s*[:：]?\s*([^\n]{6,40})")
_SOURCE = re.compile(r"(?:信息来源|文章来源|稿件来源|来\s{0,4}源)\s*[:：]\s*([^\s|】\]）)]{2,40})")
_LINES = 20_000
"""Characters of the page's text in which labelled lines are sought."""


@dataclass(frozen=True)
class Page:
    """An opened page. `base` is what its relative addresses are relative to; `text` its HTML."""

    tree: LexborHTMLParser
    text: str
    base: str
    meta: Mapping[str, str]
    replaced: int

    def first_text(self, selector: str) -> str:
        """The text of the first match of a selector on one line, empty where none is."""
        matches = find_all(self.tree, selector) if selector else []
        return text_of(matches[0]) if matches else ""

    def labelled_time(self) -> str:
        """What follows 发布时间 on the page."""
        return self._after(_PUBLISHED)

    def labelled_source(self) -> str:
        """What follows 来源 on the page."""
        return self._after(_SOURCE)

    def _after(self, label: re.Pattern[str]) -> str:
        body = self.tree.body
        match = label.search(body.text(separator="\n")[:_LINES].replace("\n", " ") if body else "")
        return one_line(match[1]) if match else ""


def open_page(document: Document, encoding: str) -> Page:
    """Decode and parse a page. Raises `InputError` where it is empty or built to keep a parser busy."""
    read = decoded(document, encoding)
    refuse_hostile(read.text)
    tree = LexborHTMLParser(read.text)
    return Page(tree, read.text, base_address(tree, document.url), _meta(tree), read.replaced)


def base_address(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses of a page are relative to."""
    base = tree.css_first("base[href]")
    return absolute((base.attributes.get("href") or "") if base else "", url) or url


def fragment(html: str) -> LexborNode | None:
    """The body node of a piece of HTML."""
    return LexborHTMLParser(html).body


def _meta(tree: LexborHTMLParser) -> Mapping[str, str]:
    """Meta tags by name in small letters; the first that says something wins."""
    meta: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").strip().lower()
        content = one_line(node.attributes.get("content") or "")
        if name and content and content.lower() not in _NOTHING:
            meta.setdefault(name, content)
    return meta
