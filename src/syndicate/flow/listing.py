"""列表: all the pages of a source's list that one look has to read."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlsplit

from syndicate.errors import FetchRefused
from syndicate.flow.robots import permit_fetch
from syndicate.flow.workspace import Workspace
from syndicate.ingest.lists import read_list
from syndicate.ingest.paging import next_address, number_of, page_address, page_count, question, second_number
from syndicate.ingest.sitemaps import inner_sitemaps
from syndicate.model.source import Document, PageNumbers, Paging, Row, Source, SourceKind
from syndicate.net.fetcher import Fetcher
from syndicate.records import sources as source_records
from syndicate.records.connection import one_transaction

MOST_SITEMAPS = 5
"""Sitemaps of an index that one look reads, the one that changed last first."""
_GONE = ("404", "410")


@dataclass(frozen=True)
class Listed:
    """What is known of a list when it is read: its keys, and whether every page up to the limit must be read."""

    known: Container[str]
    thorough: bool


def first_page(fetcher: Fetcher, source: Source, etag: str = "", last_modified: str = "") -> Document:
    """The first page of a list, asked for as its file says. Raises FetchError."""
    numbers = source.paging.numbers if source.paging else PageNumbers.FROM_TWO
    asking = question(source, number_of(1, numbers, None))
    return fetcher.get(source.url, allow=source.allow, etag=etag, last_modified=last_modified, asking=asking)


def read_pages(
    workspace: Workspace, fetcher: Fetcher, source: Source, document: Document, listed: Listed
) -> tuple[Row, ...]:
    """The rows of all pages, each key once, the newest page first.

    It stops at the first page that holds a known row, unless `listed.thorough`. A page that is not there ends a list;
    any other failure is raised, because a row that was never read would be lost behind rows that are known.
    """
    rows: dict[str, Row] = {}
    for page in _pages(workspace, fetcher, source, document):
        fresh = [row for row in page if row.key not in rows]
        rows.update((row.key, row) for row in fresh)
        if not fresh or (not listed.thorough and any(row.key in listed.known for row in page)):
            break
    return tuple(rows.values())


def _pages(workspace: Workspace, fetcher: Fetcher, source: Source, document: Document) -> Iterator[tuple[Row, ...]]:
    if source.kind is SourceKind.SITEMAP and (inner := inner_sitemaps(source, document)):
        for url in inner[:MOST_SITEMAPS]:
            yield read_list(source, fetcher.get(url, allow=source.allow))
        return
    first = read_list(source, document)
    yield first
    if source.paging is None or not first:
        return
    if source.paging.numbers is PageNumbers.LINKED:
        yield from _linked(workspace, fetcher, source, source.paging, document)
    else:
        yield from _further(workspace, fetcher, source, source.paging, document)


def _linked(
    workspace: Workspace, fetcher: Fetcher, source: Source, paging: Paging, document: Document
) -> Iterator[tuple[Row, ...]]:
    """The pages that name each other. The first of them may repeat what the page of the column holds: it is passed over."""
    seen, known = {source.url, document.url}, {row.key for row in read_list(source, document)}
    for _ in range(1, paging.most):
        url = next_address(document, source.encoding)
        if not url or url in seen:
            return
        seen.add(url)
        permit_fetch(workspace, fetcher, source, url)
        document = fetcher.get(url, allow=source.allow)
        rows = read_list(source, document)
        if not rows:
            return
        if any(row.key not in known for row in rows):
            yield rows


def _further(
    workspace: Workspace, fetcher: Fetcher, source: Source, paging: Paging, document: Document
) -> Iterator[tuple[Row, ...]]:
    stated, second = page_count(document, source.encoding), second_number(source, document)
    if paging.numbers is PageNumbers.DESCENDING and second is None:
        return
    numbers = paging.numbers
    if numbers is PageNumbers.PROBE:
        numbers = _probed(workspace, fetcher, source, document)
    last = min(paging.most, stated or paging.most)
    for page in count(2):
        number = number_of(page, numbers, second)
        if page > last or number < 1:
            return
        rows = _page(fetcher, source, paging, number)
        if not rows:
            return
        yield rows


def _page(fetcher: Fetcher, source: Source, paging: Paging, number: int) -> tuple[Row, ...]:
    """The rows of the page with that number; none where it does not exist."""
    url = page_address(source.url, paging, number)
    try:
        return read_list(source, fetcher.get(url, allow=source.allow, asking=question(source, number)))
    except FetchRefused as error:
        if str(error.message.values.get("status")) in _GONE:
            return ()
        raise


def _probed(workspace: Workspace, fetcher: Fetcher, source: Source, document: Document) -> PageNumbers:
    """Whether page 2 of a site is number 1 or 2: asked once per site and remembered (domain reference §8.3)."""
    assert source.paging is not None
    site = urlsplit(source.url).netloc
    remembered = source_records.page_numbers(site)
    if remembered is not None:
        return remembered
    first = {row.key for row in read_list(source, document)}
    # Some sites answer every unknown address with page 1.
    for numbers in (PageNumbers.FROM_ONE, PageNumbers.FROM_TWO):
        rows = _page(fetcher, source, source.paging, number_of(2, numbers, None))
        if any(row.key not in first for row in rows):
            with one_transaction():
                source_records.remember_page_numbers(site, numbers, workspace.now())
            return numbers
    return PageNumbers.FROM_TWO
