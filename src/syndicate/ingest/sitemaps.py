"""Sitemaps (sitemaps.org 0.9, with the news extension) → entries, and the sitemaps that an index names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from itertools import islice

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.dates import read_date
from syndicate.ingest.documents import decoded, looks_like_html, one_line
from syndicate.ingest.identity import Entry
from syndicate.model.source import Document, Row, Source

_ROOT = re.compile(r"<(?:[\w-]{1,20}:)?(urlset|sitemapindex)[\s>/]")
_END = re.compile(r"</(?:[\w-]{1,20}:)?(url|sitemap)\s*>")
_LONGEST_ENTRY = 5_000
_MOST_ENTRIES = 50_000
"""The protocol's own limit for one file."""
_NEVER = datetime.min.replace(tzinfo=UTC)


def read_sitemap(source: Source, document: Document) -> Iterator[Entry]:
    """The addresses of a sitemap, the newest first where they carry a time. A sitemap has no titles, news ones have.

    Raises `InputError` where it is no sitemap.
    """
    entries = [entry for kind, entry in _entries(source, document) if kind == "url"]
    rows = [_row(entry, document) for entry in entries]
    known = [row for row in rows if row.url]
    if rows and not known:
        raise InputError("ingest.fields_missing", path="loc", url=document.url)
    known.sort(key=lambda row: row.published_at or _NEVER, reverse=True)
    yield from (Entry(row) for row in known)


def inner_sitemaps(source: Source, document: Document) -> tuple[str, ...]:
    """The sitemaps that an index names, the one that changed last first; none for a plain sitemap."""
    named = [_row(entry, document) for kind, entry in _entries(source, document) if kind == "sitemap"]
    named.sort(key=lambda row: row.published_at or _NEVER, reverse=True)
    return tuple(row.url for row in named if row.url)


def _entries(source: Source, document: Document) -> list[tuple[str, str]]:
    text = decoded(document, source.encoding).text
    if not _ROOT.search(text[:10_000]):
        key = "ingest.html_instead_of_sitemap" if looks_like_html(text) else "ingest.not_a_sitemap"
        raise InputError(key, url=document.url)
    # By expression, not by an XML parser: entities are never expanded and a cut-off file gives its complete entries.
    found, position = [], 0
    for end in islice(_END.finditer(text), _MOST_ENTRIES):
        found.append((end[1], text[position : end.start()][-_LONGEST_ENTRY:]))
        position = end.end()
    return found


def _row(entry: str, document: Document) -> Row:
    times = (read_date(_value(entry, name), document.fetched_at) for name in ("publication_date", "lastmod"))
    published = next((time for time in times if time), None)
    return Row("", absolute(_value(entry, "loc"), document.url), _value(entry, "title"), published)


def _value(entry: str, name: str) -> str:
    start = re.search(rf"<(?:[\w-]{{1,20}}:)?{name}\s*>", entry)
    inner = entry[start.end() :].strip() if start else ""
    inner = inner.removeprefix("<![CDATA[").partition("<")[0].partition("]]>")[0]
    return one_line(unescape(inner), 2_048)
