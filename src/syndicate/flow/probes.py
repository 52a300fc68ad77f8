"""探测: does the public reach the website: home page over IPv4 and IPv6, names, certificate, search, consultation, services?"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

from syndicate.errors import FetchError, Message
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.public_site import PublicSite
from syndicate.flow.workspace import Workspace
from syndicate.ingest.walls import wall
from syndicate.inspection.page_reading import HOME, read_page
from syndicate.inspection.wording import limits
from syndicate.model.source import Document
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling
from syndicate.records.office import ProbeRecord
from syndicate.text.decode import decode

REACHED, REACHED_6, NAMES, CERTIFICATE = "site", "site6", "dns", "tls"
SEARCH, CONSULTATION, SERVICES = "search", "consultation", "services"
"""Kinds of looks. The detail of a certificate's is the ISO time of its end, a blank, and what is wrong with it;
that of names is every address."""
_ENTRIES = {CONSULTATION: "consultation_url", SERVICES: "services_url"}


def probe_site(workspace: Workspace, fetcher: Fetcher, site: PublicSite) -> Iterator[ProbeRecord]:
    """The looks that are due: the home page at every round, all else at its own pace."""
    yield _home_page(workspace, fetcher, site, REACHED, None)
    hourly = crawl_limits()["names"]
    host = urlsplit(site.base).hostname or ""
    if not _is_number(host) and _is_due(workspace, NAMES, hourly):
        yield _names(workspace, fetcher, site, host)
    if not _is_number(host) and _is_due(workspace, REACHED_6, crawl_limits()["ipv6"]):
        yield from _over_ipv6(workspace, fetcher, site)
    if site.base.startswith("https:") and _is_due(workspace, CERTIFICATE, hourly):
        yield _certificate(workspace, fetcher, site)


def look_at_entries(workspace: Workspace, fetcher: Fetcher, site: PublicSite) -> Iterator[ProbeRecord]:
    """Search, consultation and services where the website's settings name them."""
    settings = site.channel.settings
    pause = crawl_limits()["entries"]
    if settings.get("search_url") and _is_due(workspace, SEARCH, pause):
        yield _search(workspace, fetcher, site, str(settings["search_url"]))
    for kind, name in _ENTRIES.items():
        if settings.get(name) and _is_due(workspace, kind, pause):
            yield _entry(workspace, fetcher, site, kind, str(settings[name]))


@dataclass(frozen=True)
class ShownCertificate:
    """What the patrol saw of the website's certificate last."""

    host: str
    ends: datetime | None
    problem: str


def last_certificate(moment: datetime) -> ShownCertificate | None:
    """The last look at the certificate in the seven days before a moment; None: there was none."""
    row = crawling.last_look(CERTIFICATE, moment - timedelta(days=7), moment)
    if row is None:
        return None
    ends, _, why = row.detail.partition(" ")
    return ShownCertificate(row.target, datetime.fromisoformat(ends) if ends else None, why)


def _is_due(workspace: Workspace, kind: str, minutes: int) -> bool:
    return crawling.last_look(kind, workspace.now() - timedelta(minutes=minutes)) is None


def _is_number(host: str) -> bool:
    """Whether a host is an address itself: it has no name that could be looked up."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _home_page(workspace: Workspace, fetcher: Fetcher, site: PublicSite, kind: str, family: int | None) -> ProbeRecord:
    """One try within the seconds after which the index counts a page as not opening."""
    now, url = workspace.now(), site.fetched_from(HOME)
    started = time.monotonic()
    try:
        seconds = limits()["probe_failure_seconds"]
        document = fetcher.probe(url, seconds, family=family, allow=site.allow)
    except FetchError as error:
        status = error.message.values.get("status")
        code = status if isinstance(status, int) else 0
        return ProbeRecord(now, kind, url, False, code, _milliseconds(started), error.message.zh)
    guard = _guard(document)
    what = Message("sync.wall", {"url": url, "guard": guard}).zh if guard else ""
    return ProbeRecord(now, kind, url, not guard, document.status, _milliseconds(started), what)


def _names(workspace: Workspace, fetcher: Fetcher, site: PublicSite, host: str) -> ProbeRecord:
    now = workspace.now()
    try:
        found = fetcher.addresses(site.base)
    except FetchError as error:
        return ProbeRecord(now, NAMES, host, False, 0, 0, error.message.zh)
    return ProbeRecord(now, NAMES, host, True, 0, 0, " ".join(map(str, found)))


def _over_ipv6(workspace: Workspace, fetcher: Fetcher, site: PublicSite) -> Iterator[ProbeRecord]:
    """Nothing where this machine has no IPv6 itself: that says nothing about the website."""
    try:
        found = [one for one in fetcher.addresses(site.base) if one.version == 6]
    except FetchError:
        return
    if not found:
        why = Message("patrol.no_ipv6").zh
        yield ProbeRecord(workspace.now(), REACHED_6, site.fetched_from(HOME), False, 0, 0, why)
    elif fetcher.has_route(site.base, found[0]):
        yield _home_page(workspace, fetcher, site, REACHED_6, socket.AF_INET6)


def _certificate(workspace: Workspace, fetcher: Fetcher, site: PublicSite) -> ProbeRecord:
    now, host = workspace.now(), urlsplit(site.base).netloc
    try:
        shown = fetcher.certificate(site.base, allow=site.allow)
    except FetchError as error:
        return ProbeRecord(now, CERTIFICATE, host, False, 0, 0, f" {error.message.zh}")
    why = ""
    if shown.problem is not None:
        why = Message("patrol.certificate", {"host": host, "reason": shown.problem.values["reason"]}).zh
    elif shown.ends is not None and shown.ends - now < timedelta(days=limits()["certificate_notice_days"]):
        ends = shown.ends.astimezone(now.tzinfo)
        why = Message("patrol.certificate_ends", {"host": host, "ends": f"{ends:%Y-%m-%d %H:%M}"}).zh
    ends_at = shown.ends.isoformat() if shown.ends else ""
    return ProbeRecord(now, CERTIFICATE, host, not why, 0, 0, f"{ends_at} {why}")


def _search(workspace: Workspace, fetcher: Fetcher, site: PublicSite, search_url: str) -> ProbeRecord:
    """A question as visitors ask it; the answer must repeat it."""
    now = workspace.now()
    word = next((column.title for column in workspace.snapshot.columns.values()), site.identity.name)
    url = f"{_fetched(site, search_url)}?q={quote(word)}"
    try:
        document = fetcher.get(url, allow=site.allow)
    except FetchError as error:
        return ProbeRecord(now, SEARCH, search_url, False, 0, 0, error.message.zh)
    fine = not _guard(document) and word in _markup(document)
    why = "" if fine else Message("patrol.search", {"word": word}).zh
    return ProbeRecord(now, SEARCH, search_url, fine, document.status, 0, why)


def _entry(workspace: Workspace, fetcher: Fetcher, site: PublicSite, kind: str, url: str) -> ProbeRecord:
    """The home page leads there, and it opens."""
    now = workspace.now()
    try:
        home = fetcher.get(site.fetched_from(HOME), allow=site.allow)
        named = read_page(_markup(home), site.url(HOME), site.root).links
        if not {url, f"{url}/", site.path_below(url), site.path_below(f"{url}/")}.intersection(named):
            return ProbeRecord(now, kind, url, False, 0, 0, Message("patrol.entry_not_named", {"url": url}).zh)
        document = fetcher.get(_fetched(site, url), allow=site.allow)
    except FetchError as error:
        return ProbeRecord(now, kind, url, False, 0, 0, error.message.zh)
    return ProbeRecord(now, kind, url, not _guard(document), document.status, 0, _guard(document) or "")


def _fetched(site: PublicSite, url: str) -> str:
    """Where the patrol fetches a public address: ours from behind nginx."""
    return site.base + url.removeprefix(site.root) if url.startswith(f"{site.root}/") else url


def _guard(document: Document) -> str | None:
    return wall(document.status, document.body, document.headers.get("content-type", ""))


def _markup(document: Document) -> str:
    return decode(document.body, document.headers.get("content-type", "")).text


def _milliseconds(started: float) -> int:
    return int((time.monotonic() - started) * 1000)
