"""What must be written for one change, as values, in the order in which it may be seen: files, article, lists, feeds.

A reader never meets a link to something that is not there yet, whatever is killed in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from syndicate.model.channel import Rendition
from syndicate.model.office import Office
from syndicate.model.site import Listing, Place, Published, SiteEntry
from syndicate.site import feeds, nginx, paths
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
from syndicate.site.whole import WholeSite

Shown = TypeVar("Shown")
FeedMaker = Callable[[Office, str, str, str, Sequence[SiteEntry]], bytes]


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
    first: tuple[PageWrite, ...] = ()
    """Written before all else, but only where nothing stands: what every page links to."""
    maps: tuple[PageWrite, ...] = ()
    """Files for nginx, beside the site's folder; one without content is removed."""


Standing = Iterable[tuple[SiteEntry, Rendition]]
"""Entries with the rendition that stands for each."""


def plan_publish(pages: Pages, published: Published, rendition: Rendition, others: Standing = ()) -> Plan:
    """Everything that publishing or amending `published.entry` changes; the same work for a site of any size.

    `others` are the entries of `published.affected()`: their pages name this one, or did.
    """
    entry = published.entry
    article = plan_article(pages, published, entry, rendition)
    naming = [plan_article(pages, published, other, standing).pages for other, standing in others]
    empty = [name for name in pages.facts.columns if not published.count(name)]
    columns = [page for name in empty for page in _column(pages, published, name)]
    first = (*_first(pages, () if published.written(entry.column) else (entry.column,)), *columns)
    written = (
        *_assets(pages),
        *columns,
        *_fixed(pages),
        *_moved(pages),
        *article.pages,
        *(page for some in naming for page in some),
        *_around(pages, published),
    )
    return Plan(written, article.files, article.keep, first, (*_maps(pages), *article.maps))


def plan_retract(pages: Pages, published: Published, notice: Rendition, others: Standing = ()) -> Plan:
    """The notice at the article's address, lists and feeds without it, and its files gone."""
    return plan_publish(pages, published, notice, others)


def plan_article(pages: Pages, published: Published, entry: SiteEntry, rendition: Rendition) -> Plan:
    """The page of one entry (its notice where it is withdrawn) with its files."""
    gone = PageWrite(nginx.gone_file(entry), nginx.gone_map(pages.facts.office, entry))
    if entry.withdrawn:
        page = PageWrite(entry.address, pages.notice(entry, rendition))
        return Plan((page,), keep=FolderKeep(paths.item_folder(entry.item), frozenset()), maps=(gone,))
    files = tuple(FileWrite(file_path(entry.item, file), file.sha256) for file in rendition.files)
    keep = FolderKeep(paths.item_folder(entry.item), frozenset(file.path for file in files))
    page = PageWrite(entry.address, pages.article(entry, rendition, published.related(entry)))
    return Plan((page,), files, keep, maps=(gone,))


def plan_all(pages: Pages, published: Published, shown: Iterable[Shown]) -> Iterator[Plan | Shown]:
    """The whole site, article by article and then the lists; equal byte for byte to what single changes left.

    `shown` are the plans of all settled entries (`plan_article`) and then those of `plan_lists`, or what is left of
    carrying them out elsewhere; `published` is a view of the same entries. What every page names is carried out before
    `shown` is asked for anything.
    """
    directory = PageWrite(paths.DIRECTORY, pages.directory(()))
    first = (*_first(pages, pages.facts.columns), directory, *_fixed(pages))
    yield Plan((*_assets(pages), *_fixed(pages)), first=first, maps=_maps(pages))
    yield from shown
    yield Plan((*_moved(pages), *_site(pages, published)))


def plan_lists(pages: Pages, published: Published) -> Sequence[Callable[[], tuple[PageWrite, ...]]]:
    """All lists, feeds and sitemaps of a whole site in the order in which they are written; each is made by a call.

    Pages of an archive come newest first: an older one leads to them, and to nothing that is not there yet.
    """
    makers: list[Callable[[], tuple[PageWrite, ...]]] = []
    for column in pages.facts.columns:
        count = published.count(column)
        archives, shards = range(archive_pages(count)), range(sitemap_shards(count))
        makers.extend(partial(_archive, pages, published, column, number, count) for number in reversed(archives))
        makers.append(partial(_column, pages, published, column))
        makers.extend(partial(_shard, pages, published, column, number) for number in shards)
    for listing in published.listings():
        numbers = tuple(reversed(range(archive_pages(published.count(listing.name)))))
        makers.append(partial(_listing, pages, published, listing, numbers))
    return makers


def _first(pages: Pages, columns: Iterable[str]) -> tuple[PageWrite, ...]:
    """What pages load, and empty lists and feeds of columns that are new: every page names them."""
    nothing = WholeSite(())
    return (*_assets(pages), *(page for name in columns for page in _column(pages, nothing, name)))


def _assets(pages: Pages) -> tuple[PageWrite, ...]:
    """What every page loads."""
    return (
        PageWrite(pages.style_path, pages.style),
        PageWrite(paths.MOOD, pages.mood()),
        PageWrite(paths.LEAVING, pages.file("leaving.js")),
        PageWrite(paths.FIND_ERROR, pages.file("find-error.svg")),
        PageWrite(paths.ORGAN_MARK, pages.file("organ-mark.svg")),
        PageWrite(paths.FAVICON, pages.file("favicon.svg")),
    )


def _fixed(pages: Pages) -> tuple[PageWrite, ...]:
    """What does not depend on any article. Planned each time: it makes the first publication a whole site."""
    office = pages.facts.office
    robots = f"User-agent: *\nAllow: /\nSitemap: {office.site_url}/{paths.SITEMAP}\n"
    always = [paths.HOME, paths.MAP, paths.DIRECTORY, *(paths.below(name, paths.HOME) for name in pages.facts.columns)]
    return (
        PageWrite(paths.NOT_FOUND, pages.not_found),
        PageWrite(paths.MAP, pages.map),
        PageWrite(paths.ROBOTS, robots.encode()),
        PageWrite(paths.SITEMAP_PAGES, feeds.sitemap_of_pages(office, always)),
    )


def _moved(pages: Pages) -> tuple[PageWrite, ...]:
    """What leads on from the former addresses of columns."""
    former = ((paths.below(name, paths.HOME), new) for name, new in pages.facts.renamed.items())
    return tuple(PageWrite(path, pages.moved(path, pages.facts.columns[new])) for path, new in former)


def _maps(pages: Pages) -> tuple[PageWrite, ...]:
    return (PageWrite(nginx.REDIRECTS, nginx.redirect_map(pages.facts.renamed)),)


def _around(pages: Pages, published: Published) -> tuple[PageWrite, ...]:
    """Lists, home, feeds and sitemaps that show the entry."""
    entry = published.entry
    count = published.count(entry.column)
    archives = archive_pages_changed(entry.sequence, count, published.written(entry.column))
    return (
        *(page for number in archives for page in _archive(pages, published, entry.column, number, count)),
        *_column(pages, published, entry.column),
        *(page for place in entry.places for page in _place(pages, published, place)),
        *_shard(pages, published, entry.column, entry.sequence // SITEMAP),
        *_site(pages, published),
    )


def _archive(pages: Pages, published: Published, column: str, number: int, count: int) -> tuple[PageWrite, ...]:
    entries = published.slice(column, number * PAGE, number * PAGE + PAGE)
    return (PageWrite(paths.archive(column, number), pages.archive(column, number, entries, count)),)


def _column(pages: Pages, published: Published, column: str) -> tuple[PageWrite, ...]:
    """The newest page of a column and its feeds."""
    count = published.count(column)
    entries = published.slice(column, newest_start(count), count)
    title = f"{pages.facts.columns[column].title} - {pages.facts.office.site_name}"
    page = PageWrite(paths.below(column, paths.HOME), pages.newest(column, entries, count))
    newest = published.newest(column, NEWEST_IN_FEED)
    kinds = ((paths.RSS, feeds.rss), (paths.ATOM, feeds.atom), (paths.JSON_FEED, feeds.json_feed))
    return (page, *(_feed(pages, column, name, make, title, newest) for name, make in kinds))


def _place(pages: Pages, published: Published, place: Place) -> tuple[PageWrite, ...]:
    """The pages of a listing that an entry's number there changes."""
    name = place.listing.name
    changed = archive_pages_changed(place.sequence, published.count(name), published.written(name))
    return _listing(pages, published, place.listing, changed)


def _listing(pages: Pages, published: Published, listing: Listing, archives: Iterable[int]) -> tuple[PageWrite, ...]:
    """Archive pages of a listing by number, and its newest page."""
    name = listing.name
    count = published.count(name)
    written = []
    for number in archives:
        entries = published.slice(name, number * PAGE, number * PAGE + PAGE)
        written.append(PageWrite(paths.archive(name, number), pages.listing(listing, number, entries, count)))
    newest = published.slice(name, newest_start(count), count)
    written.append(PageWrite(paths.below(name, paths.HOME), pages.listing(listing, None, newest, count)))
    return tuple(written)


def _site(pages: Pages, published: Published) -> tuple[PageWrite, ...]:
    """Home, the directory and the index of sitemaps."""
    shards = [
        paths.sitemap_shard(name, number)
        for name in pages.facts.columns
        for number in range(sitemap_shards(published.count(name)))
    ]
    index = feeds.sitemap_index(pages.facts.office, [paths.SITEMAP_PAGES, *shards])
    return (
        PageWrite(paths.DIRECTORY, pages.directory(published.listings())),
        PageWrite(paths.HOME, pages.home(published)),
        PageWrite(paths.SITEMAP, index),
    )


def _feed(pages: Pages, column: str, name: str, make: FeedMaker, title: str, entries: Sequence[SiteEntry]) -> PageWrite:
    office = pages.facts.office
    path = paths.below(column, name)
    home = f"{office.site_url}/{paths.below(column, '')}"
    return PageWrite(path, make(office, title, home, f"{office.site_url}/{path}", entries))


def _shard(pages: Pages, published: Published, column: str, number: int) -> tuple[PageWrite, ...]:
    entries = published.slice(column, number * SITEMAP, number * SITEMAP + SITEMAP)
    shown = [entry for entry in entries if not entry.withdrawn]
    return (PageWrite(paths.sitemap_shard(column, number), feeds.sitemap(pages.facts.office, shown)),)
