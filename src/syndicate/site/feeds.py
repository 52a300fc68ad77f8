"""Feeds and sitemaps: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1 and the sitemap protocol 0.9."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape

from syndicate.model.office import Office
from syndicate.model.site import SiteEntry

_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_SITEMAP_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def rss(office: Office, title: str, home: str, feed: str, entries: Sequence[SiteEntry]) -> bytes:
    """An RSS 2.0 feed. `home` and `feed` are the absolute addresses of the page it follows and of itself."""
    items = "".join(_rss_item(office, entry) for entry in entries)
    return _bytes(
        f'{_DECLARATION}<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">\n<channel>\n'
        f"<title>{escape(title)}</title>\n<link>{escape(home)}</link>\n<description>{escape(title)}</description>\n"
        f'<language>zh-CN</language>\n<atom:link href="{_attribute(feed)}" rel="self" type="application/rss+xml"/>\n'
        f"{items}</channel>\n</rss>\n"
    )


def _rss_item(office: Office, entry: SiteEntry) -> str:
    address = escape(f"{office.site_url}/{entry.address}")
    published = format_datetime(entry.published_at.astimezone(office.timezone))
    return (
        f'<item>\n<title>{escape(entry.title)}</title>\n<link>{address}</link>\n<guid isPermaLink="true">{address}</guid>\n'
        f"<pubDate>{published}</pubDate>\n<description>{escape(entry.summary)}</description>\n</item>\n"
    )


def atom(office: Office, title: str, home: str, feed: str, entries: Sequence[SiteEntry]) -> bytes:
    """An Atom feed with the same entries; its time is that of its newest entry, as it must not depend on the clock."""
    updated = max((entry.published_at for entry in entries), default=_LONG_AGO)
    items = "".join(_atom_entry(office, entry) for entry in entries)
    return _bytes(
        f'{_DECLARATION}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN">\n<title>{escape(title)}</title>\n'
        f"<id>{escape(feed)}</id>\n<updated>{_moment(office, updated)}</updated>\n"
        f'<link rel="alternate" href="{_attribute(home)}"/>\n<link rel="self" href="{_attribute(feed)}"/>\n'
        f"<author><name>{escape(office.name)}</name></author>\n{items}</feed>\n"
    )


def _atom_entry(office: Office, entry: SiteEntry) -> str:
    address = f"{office.site_url}/{entry.address}"
    author = f"<author><name>{escape(entry.source_name)}</name></author>\n" if entry.source_name else ""
    moment = _moment(office, entry.published_at)
    return (
        f"<entry>\n<title>{escape(entry.title)}</title>\n<id>{escape(address)}</id>\n"
        f'<link rel="alternate" href="{_attribute(address)}"/>\n<published>{moment}</published>\n'
        f"<updated>{moment}</updated>\n{author}<summary>{escape(entry.summary)}</summary>\n</entry>\n"
    )


def _moment(office: Office, moment: datetime) -> str:
    return moment.astimezone(office.timezone).isoformat(timespec="seconds")


def json_feed(office: Office, title: str, home: str, feed: str, entries: Sequence[SiteEntry]) -> bytes:
    """A JSON Feed 1.1 with the same entries."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": home,
        "feed_url": feed,
        "language": "zh-CN",
        "authors": [{"name": office.name}],
        "items": [_json_item(office, entry) for entry in entries],
    }
    return _bytes(json.dumps(document, ensure_ascii=False) + "\n")


def _json_item(office: Office, entry: SiteEntry) -> dict[str, object]:
    address = f"{office.site_url}/{entry.address}"
    return {
        "id": address,
        "url": address,
        "title": entry.title,
        "content_text": entry.summary,
        "date_published": _moment(office, entry.published_at),
        "authors": [{"name": entry.source_name}] if entry.source_name else [{"name": office.name}],
    }


def sitemap(office: Office, entries: Sequence[SiteEntry]) -> bytes:
    """One sitemap of articles with the day of their first publication."""
    addresses = _addresses(office, (entry.address for entry in entries))
    urls = "".join(
        f"<url><loc>{address}</loc>"
        f"<lastmod>{entry.published_at.astimezone(office.timezone).date().isoformat()}</lastmod></url>\n"
        for address, entry in zip(addresses, entries, strict=True)
    )
    return _bytes(f'{_DECLARATION}<urlset xmlns="{_SITEMAP_NAMESPACE}">\n{urls}</urlset>\n')


def sitemap_of_pages(office: Office, paths: Iterable[str]) -> bytes:
    """The sitemap of pages that always exist."""
    urls = "".join(f"<url><loc>{address}</loc></url>\n" for address in _addresses(office, paths))
    return _bytes(f'{_DECLARATION}<urlset xmlns="{_SITEMAP_NAMESPACE}">\n{urls}</urlset>\n')


def sitemap_index(office: Office, paths: Iterable[str]) -> bytes:
    """The index that names every sitemap."""
    rows = "".join(f"<sitemap><loc>{address}</loc></sitemap>\n" for address in _addresses(office, paths))
    return _bytes(f'{_DECLARATION}<sitemapindex xmlns="{_SITEMAP_NAMESPACE}">\n{rows}</sitemapindex>\n')


def _addresses(office: Office, paths: Iterable[str]) -> Sequence[str]:
    """Absolute addresses, escaped; all at once, as each publication names hundreds."""
    return escape("\n".join(f"{office.site_url}/{path}" for path in paths)).splitlines()


def _attribute(text: str) -> str:
    return escape(text, {'"': "&quot;"})


def _bytes(text: str) -> bytes:
    """UTF-8; renditions carry no characters that it lacks, titles from elsewhere lose them."""
    return text.encode("utf-8", "replace")
