"""巡检: what is really online. Is the home page reachable, is every file what was written, does each channel still
hold what it confirmed and nothing of what was withdrawn, and does its account work?"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.errors import FetchError, Message
from syndicate.flow.channel_accounts import probe_due
from syndicate.flow.drift import drift
from syndicate.flow.gone import still_there
from syndicate.flow.links import LINK, look_at_links, naming
from syndicate.flow.recheck import check_again
from syndicate.flow.website import verify_site
from syndicate.flow.workspace import Workspace
from syndicate.ingest.walls import wall
from syndicate.model.account import AccountState
from syndicate.model.channel import Channel
from syndicate.model.review import Actor, Role
from syndicate.net.addresses import host_port
from syndicate.net.fetcher import Fetcher
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord

_PATROL = Actor("patrol", Role.SYSTEM, "patrol")


@dataclass(frozen=True)
class Round:
    """What one round of the patrol looked at, and what was not as it should be."""

    probes: tuple[ProbeRecord, ...]

    @property
    def problems(self) -> tuple[ProbeRecord, ...]:
        """The looks that found something wrong."""
        return tuple(probe for probe in self.probes if not probe.ok)


def patrol(workspace: Workspace, fetcher: Fetcher) -> Round:
    """One round: home page, files of the website, drift and account of every channel. Every look is recorded as it is made."""
    probes = []
    for probe in _looks(workspace, fetcher):
        office_records.add_probe(probe)
        probes.append(probe)
    looked = {probe.target for probe in probes if probe.kind == LINK}
    for revision in naming(workspace, looked) if looked else ():
        check_again(workspace, _PATROL, revision)
    return Round(tuple(probes))


def _looks(workspace: Workspace, fetcher: Fetcher) -> Iterator[ProbeRecord]:
    yield from _home_page(workspace, fetcher)
    yield from _files(workspace)
    for channel in workspace.snapshot.channels.values():
        yield from drift(workspace, channel)
        yield from still_there(workspace, channel)
    yield from _accounts(workspace)
    yield from look_at_links(workspace, fetcher, _own_host(website) if (website := workspace.website()) else ())


def _accounts(workspace: Workspace) -> list[ProbeRecord]:
    """Every account that was not looked at today, with one call each."""
    rows = []
    for found in probe_due(workspace):
        what = found.message.zh if found.message else ""
        rows.append(ProbeRecord(workspace.now(), "account", found.channel, found.state is AccountState.OK, 0, 0, what))
    return rows


def _home_page(workspace: Workspace, fetcher: Fetcher) -> list[ProbeRecord]:
    website = workspace.website()
    if website is None:
        return []
    url = f"{website.settings.get('probe_base_url') or workspace.snapshot.office.site_url}/"
    now = workspace.now()
    started = time.monotonic()
    try:
        document = fetcher.get(url, allow=_own_host(website))
    except FetchError as error:
        return [ProbeRecord(now, "site", url, False, 0, _milliseconds(started), error.message.zh)]
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    what = Message("sync.wall", {"url": url, "guard": guard}).zh if guard else ""
    return [ProbeRecord(now, "site", url, not guard, document.status, _milliseconds(started), what)]


def _own_host(website: Channel) -> tuple[str, ...]:
    """The exact host:port of our own site behind nginx, which may be a loopback address."""
    base = str(website.settings.get("probe_base_url") or "")
    return (host_port(base),) if base else ()


def _milliseconds(started: float) -> int:
    return int((time.monotonic() - started) * 1000)


def _files(workspace: Workspace) -> list[ProbeRecord]:
    """Defacement and loss: the disk against the manifest."""
    if workspace.website() is None:
        return []
    now = workspace.now()
    found = verify_site(workspace)
    wrong = [(path, "缺失") for path in found.missing]
    wrong += [(path, "被改动") for path in found.changed]
    wrong += [(path, "不是本系统所写") for path in found.foreign]
    rows = [ProbeRecord(now, "verify", path, False, 0, 0, what) for path, what in wrong]
    return rows or [ProbeRecord(now, "verify", "", True, 0, 0, "")]
