"""robots.txt of the sites that are followed: fetched once a day, kept in the records, obeyed unless a source says not to."""

from __future__ import annotations

from datetime import timedelta

from syndicate.errors import FetchForbidden, FetchLater, FetchRefused
from syndicate.flow.workspace import Workspace
from syndicate.ingest.robots import LARGEST, crawl_delay, may_read, readable
from syndicate.model.source import Source
from syndicate.net.addresses import target_of
from syndicate.net.fetcher import Fetcher
from syndicate.records import originals
from syndicate.records.connection import one_transaction
from syndicate.records.originals import Robots

FRESH = timedelta(hours=24)
"""RFC 9309 §2.4: not used for longer than a day, unless the site does not answer."""
_TOO_LONG = 10 * LARGEST


def permit_fetch(workspace: Workspace, fetcher: Fetcher, source: Source, url: str) -> None:
    """Raises FetchForbidden where the site's robots.txt does not let us read `url` and the source obeys it.

    From then on its Crawl-delay is kept.

    Raises FetchLater where a site that was never asked does not answer: it then allows nothing (RFC 9309 §2.3.1.4).
    """
    if not source.robots:
        return
    target = target_of(url)
    robots = originals.robots(target.origin)
    if robots is None or workspace.now() - robots.fetched_at > FRESH:
        robots = _asked(workspace, fetcher, source, target.origin, robots)
    fetcher.keep_distance(target.url, crawl_delay(robots.status, robots.text))
    if not may_read(robots.status, robots.text, target.url):
        raise FetchForbidden("sync.robots", url=target.shown, source=source.name)


def _asked(workspace: Workspace, fetcher: Fetcher, source: Source, origin: str, before: Robots | None) -> Robots:
    """The file of now; where the site does not answer, what it said before stays valid."""
    try:
        document = fetcher.get(f"{origin}/robots.txt", allow=source.allow, max_bytes=_TOO_LONG)
        robots = Robots(origin, document.status, readable(document.body), workspace.now())
    except FetchRefused as error:
        status = str(error.message.values.get("status", ""))
        robots = Robots(origin, int(status) if status.isdecimal() else 404, "", workspace.now())
    except FetchLater:
        if before is None:
            raise
        return before
    with one_transaction():
        originals.remember_robots(robots)
    return robots
