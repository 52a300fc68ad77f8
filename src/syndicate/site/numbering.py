"""How the entries of a column are spread over pages, so that one article changes a fixed number of files.

Entries have dense numbers from 0. Page k of the archive holds [20k, 20k+20) and is written when it leaves the newest
page, which shows the last 20 to 39 numbers; when its successor is written it gains the link to it and then never
changes again, except where one of its own entries does.
"""

from __future__ import annotations

PAGE = 20
SITEMAP = 100
NEWEST_IN_FEED = 20


def archive_pages(count: int) -> int:
    """How many archive pages a column of `count` numbers has: all whole pages but the newest."""
    return max(0, count // PAGE - 1)


def newest_start(count: int) -> int:
    """The first number on the newest page."""
    return archive_pages(count) * PAGE


def archive_pages_changed(sequence: int, count: int) -> tuple[int, ...]:
    """Archive pages to be written with an entry: its own, and the last two, whose links the count decides.

    The last two are planned each time and not only with each 20th entry: a worker that died before it wrote them
    must not leave the newest page with a link to nothing. The writer skips what stands already. Newest first, as an
    older page links to its successor.
    """
    pages = archive_pages(count)
    wanted = {sequence // PAGE, pages - 1, pages - 2}
    return tuple(sorted((page for page in wanted if 0 <= page < pages), reverse=True))


def sitemap_shards(count: int) -> int:
    """How many sitemaps a column of `count` numbers has."""
    return -(-count // SITEMAP)
