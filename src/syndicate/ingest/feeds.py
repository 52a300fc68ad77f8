"""RSS, Atom, RDF and JSON Feed → entries. feedparser reads our text, not the server's bytes, and fetches nothing."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute
from syndicate.ingest.dates import read_date
from syndicate.ingest.documents import decoded, looks_like_html, one_line, plain, without_controls
from syndicate.ingest.identity import Entry
from syndicate.model.source import Document, Row, Source
from syndicate.text.sanitise import refuse_hostile

_DECLARATION = re.compile(r"^<\?xml[^>]{0,300}>")
_ROOT = re.compile(r"<[A-Za-z]")
_DOCTYPE = re.compile(r"<!doctype[^\[>]*(?:\[[^\]]*\]\s*)?>?", re.I)
_ENTITY = re.compile(r"<!entity[^>]*>?", re.I)
_END_OF_ENTRY = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>|<(?:\w+:)?item\b[^<>]*/>", re.I)
_MARK = re.compile(r"<!\[CDATA\[|\]\]>|<")
_JSON_FEED = "https://jsonfeed.org/version/"
_MOST_TAGS = 100_000
"""A feed's tags; feedparser takes up to 40 µs for each."""
_MOST_REFERENCES = 500_000
_MOST_NAMESPACES = 3_000
"""Prefixes declared: feedparser's time grows with the square of their number."""


def read_feed(source: Source, document: Document) -> tuple[Entry, ...]:
    """The entries of a feed, cut-off ones left out. Raises `InputError` where it is no feed.

    Entities that the document defines itself are never expanded (XML bombs); a feed without entries gives none.
    """
    text = decoded(document, source.encoding).text.lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return tuple(_from_json_feed(source, document, text))
    if looks_like_html(text):
        raise InputError("ingest.html_instead_of_feed", url=document.url)
    text = _bounded(text, document.url)
    parsed = _parse(_without_entities(_DECLARATION.sub("", text)), document.url)
    if not parsed.get("version") and not parsed.entries:
        raise InputError("ingest.not_a_feed", url=document.url)
    complete = len(_END_OF_ENTRY.findall(text))
    # Plain dictionaries: feedparser's own answer for a missing `updated` with a warning and another date.
    return tuple(_entry(source, document, dict(entry)) for entry in parsed.entries[:complete])


def _bounded(text: str, url: str) -> str:
    """The part of a feed that feedparser reads within seconds: its first entries, where it has very many tags.

    Markup inside CDATA costs nothing and is not counted. Raises `InputError` for what is built to keep it busy.
    """
    if text.count("&") > _MOST_REFERENCES or text.count("xmlns:") > _MOST_NAMESPACES:
        raise InputError("ingest.too_large", url=url)
    outside = _outside_cdata(text)
    if outside.count("<") > _MOST_TAGS:
        text = _first_entries(text)
        outside = _outside_cdata(text)
        if not _END_OF_ENTRY.search(text):
            raise InputError("ingest.too_large", url=url)
    refuse_hostile(outside.replace("<![CDATA[]]>", ""))
    return text


def _outside_cdata(text: str) -> str:
    """A feed with its CDATA sections emptied."""
    first, *others = text.split("<![CDATA[")
    return first + "".join(f"<![CDATA[]]>{part.partition(']]>')[2]}" for part in others)


def _first_entries(text: str) -> str:
    """As many entries of a feed as have together the number of tags that is read."""
    tags, position, inside = 0, 0, False
    for mark in _MARK.finditer(text):
        if inside:
            inside = mark[0] != "]]>"
            continue
        inside = mark[0] == "<![CDATA["
        tags += mark[0] != "]]>"
        if tags > _MOST_TAGS:
            break
        position = mark.start()
    ends = [end.end() for end in _END_OF_ENTRY.finditer(text, 0, position)]
    return text[: ends[-1]] if ends else text[:position]


def _without_entities(text: str) -> str:
    root = _ROOT.search(text)
    head = text[: root.start()] if root else text
    return _ENTITY.sub("", _DOCTYPE.sub("", head)) + text[len(head) :]


def _parse(text: str, url: str) -> Any:
    """What feedparser makes of a text. Any exception of its many handlers means: this feed cannot be read."""
    data = b'<?xml version="1.0" encoding="utf-8"?>' + text.encode()
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        # A stream: bytes would be tried as the name of a local file first.
        return feedparser.parse(
            io.BytesIO(data), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise InputError("ingest.not_a_feed", url=url) from error


def _entry(source: Source, document: Document, entry: Mapping[str, Any]) -> Entry:
    guid = one_line(_text(entry, "id"))
    url = absolute(_text(entry, "link"), document.url) or absolute(guid, "")
    dates = (read_date(_text(entry, name), document.fetched_at) for name in ("published", "created", "updated"))
    contents = [str(content.get("value") or "") for content in entry.get("content") or ()]
    body = max([*contents, _text(entry, "summary")], key=len)
    row = Row(
        key="",
        url=url,
        title=plain(_text(entry, "title")),
        published_at=next((date for date in dates if date), None),
        html=without_controls(body) if source.full_text else "",
        summary=plain(_text(entry, "summary")),
    )
    return Entry(row, guid)


def _text(entry: Mapping[str, Any], name: str) -> str:
    return str(entry.get(name) or "")


def _from_json_feed(source: Source, document: Document, text: str) -> Iterator[Entry]:
    feed = read_json(text, document.url)
    if not isinstance(feed, dict) or not str(feed.get("version", "")).startswith(_JSON_FEED):
        raise InputError("ingest.not_a_feed", url=document.url)
    items = feed.get("items")
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict):
            continue
        html = _text(item, "content_html") or _as_html(_text(item, "content_text"))
        row = Row(
            key="",
            url=absolute(_text(item, "url"), document.url),
            title=plain(_text(item, "title")),
            published_at=read_date(_text(item, "date_published"), document.fetched_at),
            html=without_controls(html) if source.full_text else "",
            summary=plain(_text(item, "summary")),
        )
        yield Entry(row, one_line(_text(item, "id")))


def _as_html(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"<p>{line}</p>" for line in escaped.splitlines() if line.strip())


def read_json(text: str, url: str) -> Any:
    """A JSON document's value. Raises `InputError` where it is none or is nested too deeply."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        key = "ingest.html_instead_of_json" if looks_like_html(text) else "ingest.not_json"
        raise InputError(key, url=url) from error
