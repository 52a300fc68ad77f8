"""链接: addresses of other sites that pages of ours name are looked at, a few a round, HEAD first and GET where that tells too little.

A wall, a log-in or a time-out is no dead link; three failures over a day are one. What is known makes findings on texts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from html import unescape

from syndicate.errors import FetchError, FetchForbidden, Message
from syndicate.flow.crawl_limits import crawl_limits, link_ladder
from syndicate.flow.public_site import PublicSite
from syndicate.flow.workspace import Workspace
from syndicate.ingest.walls import wall
from syndicate.inspection.link_state import LinkState, Look, Standing, after
from syndicate.model.finding import Finding
from syndicate.model.reference import LinkFact
from syndicate.monitor.monitor import check_links
from syndicate.net.addresses import host_port
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling
from syndicate.records.crawling import LinkRecord
from syndicate.text.decode import decode
from syndicate.text.late import late

_HREF = late(r"""<a\s[^>]*?href="(https?://[^"\s]{1,2000})\"""")
_TITLE = late(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_OPENED, _GONE = 200, 404
_ALL = 10**6
_TELLING = frozenset({LinkState.FINE, LinkState.OFF, LinkState.BROKEN})
"""States in which something is known about an address: the others say nothing to an editor yet."""


def look_at_links(
    workspace: Workspace,
    fetcher: Fetcher,
    site: PublicSite,
    due: Sequence[LinkRecord],
    progress: Callable[[int], None] = lambda _: None,
) -> tuple[LinkRecord, ...]:
    """Look at addresses of other sites side by side; what is known of them afterwards."""
    seen: list[LinkRecord] = []
    kept = 0
    # A page may name the address behind nginx: only in a drill do servers of this machine stand for those of others.
    allow = site.allow if workspace.snapshot.office.sample else ()
    with ThreadPoolExecutor(crawl_limits()["threads"]) as threads:
        looks = threads.map(lambda one: _look(fetcher, one.url, allow), due)
        for before, (look, status) in zip(due, looks, strict=True):
            seen.append(_stood(before, look, status, workspace.now()))
            progress(len(seen))
            if len(seen) - kept >= crawl_limits()["batch"]:  # a run that is killed loses no more
                crawling.store_links(seen[kept:])
                kept = len(seen)
    crawling.store_links(seen[kept:])
    return tuple(seen)


def link_findings(workspace: Workspace, body: str) -> tuple[Finding, ...]:
    """The findings of the link rules on what the patrol knows of the addresses in an HTML text."""
    named = list(_named(body))
    if not named:
        return ()
    known = crawling.links({url for url, _, _ in named})
    return check_links(workspace.monitor, _facts(named, known.values()))


def askable_links(workspace: Workspace, site: PublicSite, limit: int) -> list[LinkRecord]:
    """Addresses that are due. A sample office asks nobody but the servers beside it."""
    if not workspace.snapshot.office.sample:
        return list(crawling.due_links(workspace.now(), limit))
    every = crawling.due_links(workspace.now(), _ALL)
    return [one for one in every if _is_beside(one.url, site)][:limit]


def _is_beside(url: str, site: PublicSite) -> bool:
    try:
        return host_port(url) in site.allow
    except FetchForbidden:
        return False


def _facts(named: Iterable[tuple[str, int, int]], known: Iterable[LinkRecord]) -> Iterator[LinkFact]:
    seen = {one.url: one for one in known if one.state in _TELLING}
    for url, start, end in named:
        if one := seen.get(url):
            status = (one.status or _GONE) if one.state == LinkState.BROKEN else _OPENED
            yield LinkFact(url, start, end, status, one.final_url, one.title)


def _named(body: str) -> Iterator[tuple[str, int, int]]:
    """The addresses of the links in a text as the patrol knows them, without a place in the page, and where each stands."""
    return ((unescape(match[1]).partition("#")[0], *match.span(1)) for match in _HREF.finditer(body))


def _stood(before: LinkRecord, look: Look, status: int, now: datetime) -> LinkRecord:
    standing = Standing(LinkState(before.state), before.failures, before.failing_since)
    then = after(standing, look, before.url, now, link_ladder())
    assert then.due_at is not None
    opened = then.state in (LinkState.FINE, LinkState.OFF)
    return replace(
        before,
        state=then.state,
        failures=then.failures,
        failing_since=then.failing_since,
        due_at=then.due_at,
        looked_at=now,
        status=status,
        final_url=look.final_url if opened else before.final_url,
        title=look.title if opened else before.title,
        why="" if opened else look.why,
    )


def _look(fetcher: Fetcher, url: str, allow: tuple[str, ...]) -> tuple[Look, int]:
    """One look: the headers, which are enough for a file; then the page itself, whose title tells whose it is."""
    try:
        seen = fetcher.head(url, allow=allow)
        if "html" not in seen.headers.get("content-type", "html").lower():
            return Look(final_url=seen.url), seen.status
    except FetchError:
        pass  # many servers refuse such looks: only the page itself tells
    try:
        page = fetcher.get(url, allow=allow)
    except FetchError as error:
        status = error.message.values.get("status")
        return Look(error.message.key, why=error.message.zh), status if isinstance(status, int) else 0
    guard = wall(page.status, page.body, page.headers.get("content-type", ""))
    if guard:
        return Look("net.wall", why=Message("patrol.link_wall", {"guard": guard}).zh), page.status
    read = page.body[: crawl_limits()["title"]]
    title = _TITLE.search(decode(read, page.headers.get("content-type", "")).text)
    return Look(final_url=page.url, title=" ".join(unescape(title[1]).split()) if title else ""), page.status
