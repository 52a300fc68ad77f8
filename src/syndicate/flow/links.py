"""链接: the patrol looks at addresses that published texts name, a few a round; what it saw makes findings on the texts.

A wall, a refusal or a time-out is no dead link: only what the other side says is gone counts as that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from html import unescape

from syndicate.errors import FetchError
from syndicate.flow.drift import drift_limits
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.model.finding import Finding
from syndicate.model.reference import LinkFact
from syndicate.monitor.monitor import check_links
from syndicate.net.fetcher import Fetcher
from syndicate.records import deliveries, items, receipts
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from syndicate.records.values import RevisionRecord
from syndicate.text.decode import decode
from syndicate.text.late import late

LINK = "link"
"""The kind of look. Its target is the address as it stands in the text, its detail where it led and the title there."""
_HREF = late(r"""<a\s[^>]*?href="(https?://[^"\s]{1,2000})\"""")
_TITLE = late(r"<title[^>]*>([^<]{0,200})", re.IGNORECASE)
_HEAD = 4096
"""Bytes in which a page's title stands."""
_GONE = frozenset({404, 410})
_TOLD = _GONE.union(range(200, 300))
"""Anything else tells nothing about the page."""


def look_at_links(workspace: Workspace, fetcher: Fetcher, allow: tuple[str, ...] = ()) -> Iterator[ProbeRecord]:
    """Look at addresses in the newest texts on the website that were not looked at for some days, up to a number."""
    website = workspace.website()
    if website is None:
        return
    urls = dict.fromkeys(url for one in _newest(website) for url, _, _ in _named(one.content.body))
    since = workspace.now() - timedelta(days=drift_limits()["link_days"])
    known = office_records.newest_looks(LINK, urls, since)
    own = f"{workspace.snapshot.office.site_url.rstrip('/')}/"
    due = [url for url in urls if url not in known and not f"{url}/".startswith(own)]
    for url in due[: drift_limits()["links"]]:
        yield _look(workspace, fetcher, url, allow)


def naming(workspace: Workspace, urls: Collection[str]) -> Iterator[RevisionRecord]:
    """The newest texts on the website that name one of these addresses."""
    website = workspace.website()
    for one in _newest(website) if website else ():
        if any(url in urls for url, _, _ in _named(one.content.body)):
            yield one


def link_findings(workspace: Workspace, body: str) -> tuple[Finding, ...]:
    """The findings of the link rules on what the patrol saw of the addresses in an HTML text."""
    named = list(_named(body))
    if not named:
        return ()
    since = workspace.now() - 2 * timedelta(days=drift_limits()["link_days"])
    looks = office_records.newest_looks(LINK, {url for url, _, _ in named}, since)
    return check_links(workspace.monitor, _facts(named, looks.values()))


def _newest(website: Channel) -> Iterator[RevisionRecord]:
    newest = receipts.standing(website.id)[: drift_limits()["newest"]]
    revisions = dict.fromkeys(deliveries.get(receipt.delivery).revision for receipt in newest)
    return map(items.revision, revisions)


def _facts(named: Iterable[tuple[str, int, int]], looks: Iterable[ProbeRecord]) -> Iterator[LinkFact]:
    seen = {look.target: look for look in looks if look.status in _TOLD}
    for url, start, end in named:
        if look := seen.get(url):
            final, _, title = look.detail.partition(" ")
            yield LinkFact(url, start, end, look.status, final, title)


def _named(body: str) -> Iterator[tuple[str, int, int]]:
    """The addresses of the links in a text, each with its place."""
    return ((unescape(match[1]), *match.span(1)) for match in _HREF.finditer(body))


def _look(workspace: Workspace, fetcher: Fetcher, url: str, allow: tuple[str, ...]) -> ProbeRecord:
    now = workspace.now()
    try:
        document = fetcher.get(url, allow=allow)
    except FetchError as error:
        status = error.message.values.get("status")
        code = status if isinstance(status, int) else 0
        return ProbeRecord(now, LINK, url, code not in _GONE, code, 0, error.message.zh)
    title = _TITLE.search(decode(document.body[:_HEAD], document.headers.get("content-type", "")).text)
    seen = f"{document.url} {' '.join(unescape(title[1]).split()) if title else ''}"
    return ProbeRecord(now, LINK, url, True, document.status, 0, seen)
