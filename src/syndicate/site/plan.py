"""What must be written for one change, as values, in the order in which it may be seen: files, article, lists, feeds.

A reader never meets a link to something that is not there yet, whatever is killed in between.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syndicate.model.channel import Rendition
from syndicate.model.site import Published, SiteEntry
from syndicate.site import feeds, paths
from syndicate.site.numbering import (
    NEWEST_IN_FEED,
    PAGE,
    SITEMAP,
    archive_pages,
    archive_pages_changed,
    newest_start,
    sitemap_shards,
)
from syndicate.site.pages import Pages, file_path


@dataclass(frozen=True)
class PageWrite:
    """A page and its whole content; `path` is below the site's root."""

    path: str
    data: bytes


@dataclass(frozen=True)
class FileWrite:
    """A file to be copied from the office's files by content hash."""

    path: str
    sha256: str


@dataclass(frozen=True)
class FolderKeep:
    """A folder of one item in which only these paths may stay."""

    folder: str
    paths: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """Files first, then pages in order, then the folder is cleared of what no longer belongs to the item."""

    pages: tuple[PageWrite, ...]
    files: tuple[FileWrite, ...] = ()
    keep: FolderKeep | None = None


def plan_publish(pages: Pages, published: Published, rendition: Rendition) -> Plan:
    """Everything that publishing or amending `published.entry` changes; the same work for a site of any size."""
    entry = published.entry
    article = plan_article(pages, entry, rendition)
    return Plan((*_static(pages), *article.pages, *_around(pages, published)), article.files, article.keep)


def plan_retract(pages: Pages, published: Published, notice: Rendition) -> Plan:
    """The notice at the article's address, lists and feeds without it, and its files gone."""
    return plan_publish(pages, published, notice)


def plan_article(pages: Pages, entry: SiteEntry, rendition: Rendition) -> Plan:
    """The page of one entry (its notice where it is withdrawn) with its files."""
    if entry.withdrawn:
        page = PageWrite(entry.address, pages.notice(entry, rendition))
        return Plan((page,), (), FolderKeep(paths.item_folder(entry.item), frozenset()))
    files = tuple(FileWrite(file_path(entry.item, file), file.sha256) for file in rendition.files)
    keep = FolderKeep(paths.item_folder(entry.item), frozenset(file.path for file in files))
    return Plan((PageWrite(entry.address, pages.article(entry, rendition)),), files, keep)


def plan_all(pages: Pages, published: Published, articles: Iterable[tuple[SiteEntry, Rendition]]) -> Iterator[Plan]:
    """The whole site, article by article and then the lists; equal byte for byte to what single changes left.

    `articles` are all settled entries with the rendition that stands for each; `published` is a view of the same.
    """
    yield Plan(_static(pages))
    for entry, rendition in articles:
        yield plan_article(pages, entry, rendition)
    for column in pages.facts.columns:
        count = published.count(column)
        yield Plan(tuple(_archive(pages, published, column, number, count) for number in range(archive_pages(count))))
        yield Plan(
            (*_column(pages, published, column), *_shards(pages, published, column, range(sitemap_shards(count))))
        )
    yield Plan(_site(pages, published))


def _static(pages: Pages) -> tuple[PageWrite, ...]:
    """What does not depend on any article. Planned each time: it makes the first publication a whole site."""
    office = pages.facts.office
    robots = f"User-agent: *\nAllow: /\nSitemap: {office.site_url}/{paths.SITEMAP}\n"
    always = [paths.HOME, paths.MAP, *(paths.below(name, paths.HOME) for name in pages.facts.columns)]
    return (
        PageWrite(pages.style_path, pages.style),
        PageWrite(paths.FAVICON, pages.favicon()),
        PageWrite(paths.NOT_FOUND, pages.not_found()),
        PageWrite(paths.MAP, pages.map()),
        PageWrite(paths.ROBOTS, robots.encode()),
        PageWrite(paths.SITEMAP_PAGES, feeds.sitemap_of_pages(office, always)),
    )


def _around(pages: Pages, published: Published) -> tuple[PageWrite, ...]:
    """Lists, home, feeds and sitemaps that show the entry, and the first pages of columns that have none."""
    entry = published.entry
    count = published.count(entry.column)
    empty = [name for name in pages.facts.columns if name != entry.column and not published.count(name)]
    archives = archive_pages_changed(entry.sequence, count)
    shard = range(entry.sequence // SITEMAP, entry.sequence // SITEMAP + 1)
    return (
        *(_archive(pages, published, entry.column, number, count) for number in archives),
        *_column(pages, published, entry.column),
        *(page for name in empty for page in _column(pages, published, name)),
        *_shards(pages, published, entry.column, shard),
        *_site(pages, published),
    )


def _archive(pages: Pages, published: Published, column: str, number: int, count: int) -> PageWrite:
    entries = published.slice(column, number * PAGE, number * PAGE + PAGE)
    return PageWrite(paths.archive(column, number), pages.archive(column, number, entries, count))


def _column(pages: Pages, published: Published, column: str) -> tuple[PageWrite, ...]:
    """The newest page of a column and its feeds."""
    count = published.count(column)
    entries = published.slice(column, newest_start(count), count)
    title = f"{pages.facts.columns[column].title} - {pages.facts.office.site_name}"
    page = PageWrite(paths.below(column, paths.HOME), pages.newest(column, entries, count))
    return (page, *_feeds(pages, column, title, published.newest(column, NEWEST_IN_FEED)))


def _site(pages: Pages, published: Published) -> tuple[PageWrite, ...]:
    """Home, the feeds of the whole site and the index of sitemaps."""
    shards = [
        paths.sitemap_shard(name, number)
        for name in pages.facts.columns
        for number in range(sitemap_shards(published.count(name)))
    ]
    index = feeds.sitemap_index(pages.facts.office, [paths.SITEMAP_PAGES, *shards])
    return (
        PageWrite(paths.HOME, pages.home(published)),
        *_feeds(pages, "", pages.facts.office.site_name, published.newest("", NEWEST_IN_FEED)),
        PageWrite(paths.SITEMAP, index),
    )


def _feeds(pages: Pages, column: str, title: str, entries: Sequence[SiteEntry]) -> tuple[PageWrite, ...]:
    office = pages.facts.office
    home = f"{office.site_url}/{paths.below(column, '')}"
    rss, json_feed = paths.below(column, paths.RSS), paths.below(column, paths.JSON_FEED)
    return (
        PageWrite(rss, feeds.rss(office, title, home, f"{office.site_url}/{rss}", entries)),
        PageWrite(json_feed, feeds.json_feed(office, title, home, f"{office.site_url}/{json_feed}", entries)),
    )


def _shards(pages: Pages, published: Published, column: str, numbers: range) -> tuple[PageWrite, ...]:
    writes = []
    for number in numbers:
        entries = published.slice(column, number * SITEMAP, number * SITEMAP + SITEMAP)
        shown = [entry for entry in entries if not entry.withdrawn]
        writes.append(PageWrite(paths.sitemap_shard(column, number), feeds.sitemap(pages.facts.office, shown)))
    return tuple(writes)
