"""A fetched list → its rows, whatever it is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.dates import date_in_address, read_date
from syndicate.ingest.documents import decoded, find_all, one_line, plain, text_of
from syndicate.ingest.feeds import read_feed, read_json
from syndicate.ingest.identity import Entry, with_keys
from syndicate.ingest.pages import base_address
from syndicate.model.source import Document, ListRules, Row, Source, SourceKind
from syndicate.text.sanitise import refuse_hostile

_JSONP = re.compile(r"\s*(?:(?:var|let|const)\s+)?[\w.$]{1,80}\s*(?:\(|=(?!=))(.*?)\)?\s*;?\s*", re.S)
_MOST_ROWS = 5_000
"""Rows of one list that are read; gov.cn's longest known list has 1,094."""


def read_list(source: Source, document: Document) -> tuple[Row, ...]:
    """The rows of a list, each key once, in the list's order; none where the list is readable and empty.

    Row times further ahead than two days are unknown. Raises `InputError` where the document is not what the
    source's file says: no feed, no JSON, rows or fields not where they should be.
    """
    if source.kind is SourceKind.FEED:
        return with_keys(read_feed(source, document)[:_MOST_ROWS])
    if source.list_rules is None:
        raise InputError("ingest.no_list_rules", source=source.name)
    read = _READERS[source.kind]
    return with_keys(tuple(read(source, source.list_rules, document))[:_MOST_ROWS])


def _json_entries(source: Source, rules: ListRules, document: Document) -> Iterator[Entry]:
    text = decoded(document, source.encoding).text.strip("\ufeff \t\r\n")
    wrapped = None if text.startswith(("[", "{", "<")) else _JSONP.fullmatch(text)
    value = read_json(wrapped.group(1) if wrapped else text, document.url)
    rows = _at(value, rules.rows)
    if not isinstance(rows, list):
        raise InputError("ingest.rows_missing", path=rules.rows or "—", url=document.url)
    found = 0
    for row in rows:
        address, title = _as_text(_at(row, rules.url)), _as_text(_at(row, rules.title))
        url = absolute(plain(address, 2_048), document.url) if address else ""
        if url:
            found += 1
            published = read_date(_as_text(_at(row, rules.published)), document.fetched_at) if rules.published else None
            yield Entry(Row("", url, plain(title), published or date_in_address(url, document.fetched_at)))
    if rows and not found:
        raise InputError("ingest.fields_missing", path=rules.url, url=document.url)


def _at(value: Any, path: str) -> Any:
    """The value at a dotted path; whole numbers index lists. None where the path leads nowhere."""
    for step in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _as_text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _html_entries(source: Source, rules: ListRules, document: Document) -> Iterator[Entry]:
    text = decoded(document, source.encoding).text
    refuse_hostile(text)
    page = LexborHTMLParser(text)
    base = base_address(page, document.url)
    rows = find_all(page, rules.rows)
    found = 0
    for row in rows[:_MOST_ROWS]:
        url = absolute(_field(row, rules.url), base)
        if url:
            found += 1
            published = read_date(_field(row, rules.published), document.fetched_at) if rules.published else None
            yield Entry(Row("", url, _field(row, rules.title), published or date_in_address(url, document.fetched_at)))
    if rows and not found:
        raise InputError("ingest.fields_missing", path=rules.url, url=document.url)


def _field(row: LexborNode, rule: str) -> str:
    """A field of a row: `selector`, `selector@attribute` or `@attribute`; empty where it is missing."""
    selector, _, attribute = rule.partition("@")
    node = row
    if selector.strip():
        matches = find_all(row, selector.strip())
        if not matches:
            return ""
        node = matches[0]
    return one_line(node.attributes.get(attribute) or "", 2_048) if attribute else text_of(node)


_READERS: dict[SourceKind, Callable[[Source, ListRules, Document], Iterator[Entry]]] = {
    SourceKind.JSON: _json_entries,
    SourceKind.HTML: _html_entries,
}
