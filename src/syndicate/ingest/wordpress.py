"""A WordPress export (WXR: RSS 2.0 with the namespaces of wordpress.org/export) → its posts, one after another.

The file is read in pieces and never held whole. Entities are not expanded, and a document type is refused, as is a file
that breaks off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from typing import Any, cast

from lxml import etree

from syndicate.errors import InputError
from syndicate.ingest.addresses import absolute, address_key
from syndicate.ingest.dates import read_date
from syndicate.ingest.documents import one_line, plain
from syndicate.model.source import Row

PAGE = "page"
"""The category under which pages, which have none, can be taken."""
SHORTCODE = "ingest.shortcode"
_WP = re.compile(r"\{http://wordpress\.org/export/1\.\d/\}(\w+)")
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_EXCERPT = re.compile(r"\{http://wordpress\.org/export/1\.\d/excerpt/\}encoded")
_ILLEGAL = bytes(one for one in range(32) if one not in b"\t\n\r")
"""Control characters that XML forbids and that exports of old sites hold all the same."""
_DOCTYPE = re.compile(rb"<!\s*(?:doctype|entity)", re.I)
_HEAD = 2_000
_NEVER = "0000-00-00 00:00:00"
_BLOCK = re.compile(
    r"\s*</?(?:p|div|h[1-6]|ul|ol|li|table|thead|tbody|tr|td|th|blockquote|pre|figure|figcaption|section|article|hr|dl|dt|dd|center)\b",
    re.I,
)
_EDITOR_MARK = re.compile(r"<!--.{0,5000}?-->", re.S)
_CAPTION = re.compile(r"\[/?(?:wp_)?caption[^\]\[]{0,2000}\]")
_EMBED = re.compile(r"\[embed[^\]\[]{0,500}\]\s*([^\s\[\]]{1,2000})\s*\[/embed\]")
_GALLERY = re.compile(r"\[gallery[^\]\[]{0,2000}\]")
_ANY_CODE = re.compile(r"\[/?[a-z][\w-]{2,40}(?:\s+[\w-]+=[^\]\[]{0,500})?/?\]")


@dataclass(frozen=True)
class Media:
    """A file of the media library: its address and its title."""

    url: str
    title: str


@dataclass
class Export:
    """What a first look at an export knows: how many posts it holds, its site, and the files that belong to a post."""

    posts: int = 0
    site: str = ""
    media: dict[str, list[Media]] = field(default_factory=dict)
    """By the number of the post."""


@dataclass(frozen=True)
class Post:
    """A post or page of an export. `categories`: names and slugs; a page has the one category `page`."""

    row: Row
    categories: tuple[str, ...]
    public: bool
    """Published and not behind a password."""
    warnings: tuple[str, ...]


def scan(pieces: Iterable[bytes], name: str) -> Export:
    """A first look at an export: what it holds. Raises `InputError` where it is none or breaks off."""
    export = Export()
    for values in _entries(pieces, name, export):
        kind = values.get("post_type", "")
        if kind in ("post", PAGE):
            export.posts += 1
        url = absolute(values.get("attachment_url", ""), "")
        if kind == "attachment" and url and values.get("post_parent", "0") != "0":
            media = Media(url, one_line(values.get("title", "")))
            export.media.setdefault(values["post_parent"], []).append(media)
    return export


def read_posts(pieces: Iterable[bytes], name: str, export: Export, now: datetime) -> Iterator[Post]:
    """Every post and page, drafts and private ones included, in the order of the file. Raises as `scan` does."""
    for values in _entries(pieces, name, Export()):
        if values.get("post_type", "") in ("post", PAGE):
            yield _post(values, export, now)


def _entries(pieces: Iterable[bytes], name: str, export: Export) -> Iterator[Mapping[str, str]]:
    """The fields of every `item` by their plain names; `category` holds all of them, a line each."""
    parser = etree.XMLPullParser(
        events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    head = b""
    try:
        for piece in pieces:
            clean = piece.translate(None, _ILLEGAL)
            if len(head) < _HEAD:
                head += clean[:_HEAD]
                _refuse_doctype(head, name)
            parser.feed(clean)
            yield from _finished(parser, name, export)
        parser.close()
        yield from _finished(parser, name, export)
    except etree.XMLSyntaxError as error:
        raise InputError("import.broken_export", name=name, line=error.lineno or 0) from error


def _refuse_doctype(head: bytes, name: str) -> None:
    if _DOCTYPE.search(head):
        raise InputError("import.hostile_export", name=name)


def _finished(parser: etree.XMLPullParser, name: str, export: Export) -> Iterator[Mapping[str, str]]:
    for event, element in cast("Iterable[tuple[str, Any]]", parser.read_events()):
        if event == "start":
            above = element.getparent()
            if above is None and (element.tag != "rss" or element.getroottree().docinfo.doctype):
                raise InputError("import.no_export", name=name)
            continue
        found = _WP.fullmatch(str(element.tag))
        if found and found[1] in ("base_blog_url", "base_site_url") and not export.site:
            export.site = absolute((element.text or "").strip(), "")
        if element.tag == "item":
            yield _fields(element)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]


def _fields(element: Any) -> dict[str, str]:
    values: dict[str, str] = {}
    categories = []
    for child in element:
        tag, text = str(child.tag), child.text or ""
        plain_name = _WP.fullmatch(tag)
        if tag == "category":
            if child.get("domain", "category") == "category":
                categories += [one_line(text), child.get("nicename", "")]
        elif tag == _CONTENT:
            values["content"] = text
        elif _EXCERPT.fullmatch(tag):
            values["excerpt"] = text
        elif plain_name or not tag.startswith("{"):
            values.setdefault(plain_name[1] if plain_name else tag, text.strip())
    values["category"] = "\n".join(one for one in categories if one)
    return values


def _post(values: Mapping[str, str], export: Export, now: datetime) -> Post:
    url = absolute(values.get("link", ""), export.site or "")
    media = export.media.get(values.get("post_id", ""), [])
    html, warnings = _body(values.get("content", ""), media)
    categories = (PAGE,) if values["post_type"] == PAGE else tuple(values["category"].split("\n"))
    row = Row(
        key=address_key(url),
        url=url,
        title=plain(values.get("title", "")),
        published_at=_published(values, now),
        html=html,
        summary=plain(values.get("excerpt", "")),
    )
    public = values.get("status") == "publish" and not values.get("post_password")
    return Post(row, tuple(filter(None, categories)), public, warnings)


def _published(values: Mapping[str, str], now: datetime) -> datetime | None:
    """The time in UTC where the export says it, else the site's own, which is China's."""
    utc = values.get("post_date_gmt", _NEVER)
    if utc != _NEVER:
        try:
            return datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(now.tzinfo)
        except (ValueError, OverflowError):
            pass
    return read_date(values.get("post_date", ""), now) or read_date(values.get("pubDate", ""), now)


def _body(content: str, media: list[Media]) -> tuple[str, tuple[str, ...]]:
    """The content as WordPress shows it: paragraphs for blank lines, captions and galleries as plain pictures."""
    text = _EDITOR_MARK.sub("", content)
    text = _CAPTION.sub("", text)
    text = _EMBED.sub(lambda found: f'<p><a href="{escape(found[1])}">{escape(found[1])}</a></p>', text)
    pictures = "".join(f'<p><img src="{escape(one.url)}" alt="{escape(one.title)}"></p>' for one in media)
    text = _GALLERY.sub(lambda _: f"\n\n{pictures}\n\n", text)
    left = _ANY_CODE.search(plain(text, 100_000))
    return paragraphs(text), (SHORTCODE,) if left else ()


def paragraphs(text: str) -> str:
    """Blank lines separate paragraphs and single breaks are breaks, except beside elements that are blocks themselves."""
    pieces = []
    for piece in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        if not piece.strip():
            continue
        is_block = _BLOCK.match(piece) is not None
        pieces.append(piece.strip() if is_block else f"<p>{piece.strip().replace(chr(10), '<br>')}</p>")
    return "\n".join(pieces)
