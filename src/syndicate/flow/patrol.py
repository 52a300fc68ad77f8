"""巡检: what is really online. Is the home page reachable, is every file what was written, does each channel still
hold what it confirmed?"""

from __future__ import annotations

import time
from dataclasses import dataclass

from syndicate.errors import FetchError
from syndicate.flow.jobs import job_for
from syndicate.flow.website import verify_site
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.net.addresses import host_port
from syndicate.net.fetcher import Fetcher
from syndicate.records import deliveries, receipts
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord

NEWEST = 20
"""How many of a channel's newest receipts one round reads back."""


@dataclass(frozen=True)
class Round:
    """What one round of the patrol looked at, and what was not as it should be."""

    probes: tuple[ProbeRecord, ...]

    @property
    def problems(self) -> tuple[ProbeRecord, ...]:
        """The looks that found something wrong."""
        return tuple(probe for probe in self.probes if not probe.ok)


def patrol(workspace: Workspace, fetcher: Fetcher) -> Round:
    """One round: home page, files of the website, drift of every channel. Every look is recorded."""
    probes = [*_home_page(workspace, fetcher), *_files(workspace)]
    for channel in workspace.snapshot.channels.values():
        probes += _drift(workspace, channel)
    for probe in probes:
        office_records.add_probe(probe)
    return Round(tuple(probes))


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
    return [ProbeRecord(now, "site", url, True, document.status, _milliseconds(started), "")]


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


def _drift(workspace: Workspace, channel: Channel) -> list[ProbeRecord]:
    """Read back the newest receipts of a channel and compare with the proof kept at delivery."""
    rows = []
    for receipt in receipts.standing(channel.id)[:NEWEST]:
        if not receipt.proof_sha256:
            continue
        now = workspace.now()
        delivery = deliveries.get(receipt.delivery)
        proof = workspace.driver(channel.id).read_back(receipt.receipt, job_for(workspace, delivery, channel))
        if proof is None:
            continue
        same = proof.sha256 == receipt.proof_sha256
        detail = "" if same else ("已不在线" if proof.sha256 is None else "与回执不一致")
        rows.append(ProbeRecord(now, f"drift:{channel.id}", receipt.receipt.url, same, 0, 0, detail))
    return rows
