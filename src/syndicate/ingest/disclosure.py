"""信息公开 fields: 索引号, 发文机关, 发文字号, 成文日期 … as tables and lines of policy pages print them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.ingest.documents import one_line, text_of
from syndicate.ingest.pages import Page
from syndicate.ingest.tables import table

_BLANKS = re.compile(r"[\s\u3000\xa0]+")
_LABEL = re.compile(r"[\s\u3000\xa0]*((?:[\u4e00-\u9fff][\s\u3000\xa0]{0,4}){2,6})[:：](.*)", re.S)
_LONGEST = 500
_LEAST = 2
"""Lone label-like lines are text; two different ones are a table of fields."""
_LINES = "li, p, div, span, td, th"


def disclosure_fields(page: Page, selectors: Mapping[str, str]) -> Mapping[str, str]:
    """The fields of a page by their official Chinese label, empty ones left out.

    `selectors` (label → CSS selector) are those of the source's file and win. Values stay as printed.
    """
    fields = {label: page.first_text(selector) for label, selector in selectors.items()}
    for field, value in _from_page(page.tree):
        if value and not fields.get(field):
            fields[field] = value
    return {field: value for field, value in fields.items() if value}


def _from_page(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    pairs = [pair for source in (_cells, _definitions, _lines) for pair in source(tree)]
    known = [(_LABELS[label], value) for label, value in pairs if label in _LABELS]
    if len({field for field, _ in known}) >= _LEAST:
        yield from known
    for row in table("field_selectors"):
        node = tree.css_first(row["selector"])
        if node is not None:
            text = text_of(node, _LONGEST)
            labelled = _split(text)
            yield row["field"], labelled[1] if labelled else text


def _cells(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for row in tree.css("tr"):
        cells = [node for node in row.iter() if node.tag in ("td", "th")]
        for label, value in pairwise(cells):
            yield _label(label), text_of(value, _LONGEST)


def _definitions(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for label in tree.css("dt"):
        value = label.next
        while value is not None and value.tag == "-text":
            value = value.next
        if value is not None and value.tag == "dd":
            yield _label(label), text_of(value, _LONGEST)


def _lines(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css(_LINES):
        if not _has_lines_inside(node):
            labelled = _split(text_of(node, _LONGEST))
            if labelled:
                yield labelled


def _has_lines_inside(node: LexborNode) -> bool:
    # A node matches its own selector, hence the comparison.
    return any(match.mem_id != node.mem_id for match in node.css("li, p, div, td, table"))


def _split(text: str) -> tuple[str, str] | None:
    match = _LABEL.fullmatch(text)
    return (_BLANKS.sub("", match[1]), one_line(match[2], _LONGEST)) if match else None


def _label(node: LexborNode) -> str:
    return _BLANKS.sub("", node.text()[:60]).rstrip(":：")


_LABELS = {row["label"]: row["field"] for row in table("field_labels")}
