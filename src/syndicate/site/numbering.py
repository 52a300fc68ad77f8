"""How the entries of a column are spread over pages, so that one article changes a fixed number of files.

Entries have dense numbers from 0. Page k of the archive holds [20k, 20k+20) and is written when it leaves the newest
page, which shows the last 20 to 39 numbers. The number after that gives its predecessor the link to it, so that no
publication writes both; from then on a page never changes again, except where one of its own entries does.
"""

from __future__ import annotations

PAGE = 20
SITEMAP = 100
NEWEST_IN_FEED = 20


def archive_pages(count: int) -> int:
    """How many archive pages a column of `count` numbers has: all whole pages but the newest."""
    return max(0, count // PAGE - 1)


def linked_pages(count: int) -> int:
    """To how many archive pages the page before leads: the newest of them is led to a number later than it is written."""
    return archive_pages(count - 1)


def newest_start(count: int) -> int:
    """The first number on the newest page."""
    return archive_pages(count) * PAGE


def archive_pages_changed(sequence: int, count: int, written: int) -> tuple[int, ...]:
    """Archive pages to be written with an entry: its own, those that are new, and those that now lead to a successor.

    `written` is what the count was when the column was last written whole: a worker that died before it wrote new
    pages must not leave the newest page with a link to nothing. Newest first, as an older page links to its successor.
    """
    pages = archive_pages(count)
    linked = range(linked_pages(written) - 1, linked_pages(count) - 1)
    wanted = {sequence // PAGE, *range(archive_pages(written), pages), *linked}
    return tuple(sorted((page for page in wanted if 0 <= page < pages), reverse=True))


def sitemap_shards(count: int) -> int:
    """How many sitemaps a column of `count` numbers has."""
    return -(-count // SITEMAP)
