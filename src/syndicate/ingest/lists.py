"""A fetched list → its rows, whatever it is written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.dates import date_in_address, read_date
from syndicate.ingest.documents import decoded, find_all, one_line, plain, text_of
from syndicate.ingest.feeds import read_feed, read_json
from syndicate.ingest.identity import Entry, with_keys
from syndicate.ingest.pages import base_address
from syndicate.ingest.sitemaps import read_sitemap
from syndicate.model.source import Document, ListRules, Row, Source, SourceKind
from syndicate.text.sanitise import refuse_hostile

_JSONP = re.compile(r"\s*(?:(?:var|let|const)\s+)?[\w.$]{1,80}\s*(?:\(|=(?!=))(.*?)\)?\s*;?\s*", re.S)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[")
_MOST_ROWS = 5_000
"""Rows of one list that are read; gov.cn's longest known list has 1,094."""


def read_list(source: Source, document: Document) -> tuple[Row, ...]:
    """The rows of a list, each key once, in the list's order; none where the list is readable and empty.

    Row times further ahead than two days are unknown. Raises `InputError` where the document is not what the
    source's file says: no feed, no JSON, rows or fields not where they should be.
    """
    if source.kind is SourceKind.FEED:
        entries: Iterable[Entry] = read_feed(source, document)
    elif source.kind is SourceKind.SITEMAP:
        entries = read_sitemap(source, document)
    elif source.list_rules is None:
        raise InputError("ingest.no_list_rules", source=source.name)
    else:
        entries = _READERS[source.kind](source, source.list_rules, document)
    wanted = re.compile(source.only) if source.only else None
    kept = (entry for entry in entries if wanted is None or wanted.search(entry.row.url))
    return with_keys(tuple(islice(kept, _MOST_ROWS)))


def _json_entries(source: Source, rules: ListRules, document: Document) -> Iterator[Entry]:
    text = decoded(document, source.encoding).text.strip("\ufeff \t\r\n")
    wrapped = None if text.startswith(("[", "{", "<")) else _JSONP.fullmatch(text)
    value = read_json(wrapped.group(1) if wrapped else text, document.url)
    rows = _at(value, rules.rows)
    if not isinstance(rows, list):
        raise InputError("ingest.rows_missing", path=rules.rows or "—", url=document.url)
    found = 0
    for row in rows:
        address, title = _said(row, rules.url), _said(row, rules.title)
        url = absolute(plain(address, 2_048), document.url) if address else ""
        if url:
            found += 1
            written = (_as_text(_at(row, one)) for one in alternatives(rules.published) if one)
            times = (read_date(text, document.fetched_at) for text in written)
            published = next((time for time in times if time), None)
            yield Entry(Row("", url, plain(title), published or date_in_address(url, document.fetched_at)))
    if rows and not found:
        raise InputError("ingest.fields_missing", path=rules.url, url=document.url)


def _at(value: Any, path: str) -> Any:
    """The value at a dotted path; whole numbers index lists, `*` joins the lists found in every member.

    None where the path leads nowhere.
    """
    steps = path.split(".") if path else []
    for number, step in enumerate(steps):
        if step == "*":
            members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            found = [_at(member, ".".join(steps[number + 1 :])) for member in members]
            return [row for rows in found if isinstance(rows, list) for row in rows]
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isascii() and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def _said(row: Any, rule: str) -> str:
    """A field of a row: the first of the rule's alternatives that says something."""
    return next((text for one in alternatives(rule) if (text := _as_text(_at(row, one)))), "")


def _as_text(value: Any) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _html_entries(source: Source, rules: ListRules, document: Document) -> Iterator[Entry]:
    text = decoded(document, source.encoding).text
    refuse_hostile(text)
    page = LexborHTMLParser(_unpacked(text))
    base = base_address(page, document.url)
    rows = find_all(page, rules.rows)[:_MOST_ROWS]
    urls = [absolute(_field(row, rules.url), base) for row in rows]
    wrappers = _wrappers(rows, urls)
    for row, url in zip(rows, urls, strict=True):
        if url and row.mem_id not in wrappers:
            published = _time(row, rules.published, document.fetched_at) or date_in_address(url, document.fetched_at)
            yield Entry(Row("", url, _field(row, rules.title), published))
    if rows and not any(urls):
        raise InputError("ingest.fields_missing", path=rules.url, url=document.url)


def _unpacked(text: str) -> str:
    """jcms keeps its rows as `<record><![CDATA[<li>…]]></record>` for a script to show (domain reference §8.3)."""
    records = [part.partition("]]>")[0] for part in _RECORD.split(text)[1:]]
    return f"{text}<ul>{''.join(records)}</ul>" if records else text


def _wrappers(rows: Sequence[LexborNode], urls: Sequence[str]) -> frozenset[int]:
    """Rows that only lie around a row with the same address: their other fields would be those of a neighbour."""
    known = {row.mem_id: url for row, url in zip(rows, urls, strict=True)}
    found = set()
    for row, url in zip(rows, urls, strict=True):
        above = row.parent
        while above is not None:
            if url and known.get(above.mem_id) == url:
                found.add(above.mem_id)
            above = above.parent
    return frozenset(found)


def _time(row: LexborNode, rule: str, now: datetime) -> datetime | None:
    """The first of a rule's alternatives that is a date."""
    times = (read_date(_one_field(row, one), now) for one in alternatives(rule) if one)
    return next((time for time in times if time), None)


def _field(row: LexborNode, rule: str) -> str:
    """A field of a row: the first of the rule's alternatives that says something; empty where none does."""
    return next((text for one in alternatives(rule) if (text := _one_field(row, one))), "")


def alternatives(rule: str) -> list[str]:
    """`a@title || a` → its parts; the empty rule is one part: the row itself."""
    return [one.strip() for one in rule.split("||")]


def _one_field(row: LexborNode, rule: str) -> str:
    """`selector`, `selector@attribute` or `@attribute`; empty where it is missing."""
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
