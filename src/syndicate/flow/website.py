"""The website as a whole: building it anew from the records, and comparing the disk with what was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from syndicate.errors import NotFound
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, Rendition
from syndicate.model.site import SiteEntry
from syndicate.records import deliveries, reviews
from syndicate.records.site_ledger import SiteEntries
from syndicate.site.facts import site_facts
from syndicate.site.lock import site_lock
from syndicate.site.pages import Pages
from syndicate.site.plan import plan_all
from syndicate.site.whole import WholeSite
from syndicate.site.writer import Verification, rebuild, verify


def site_folder(workspace: Workspace) -> Path:
    """Where the office's website is written. Raises NotFound for an office without one."""
    return workspace.home / str(_website(workspace).settings["folder"])


def verify_site(workspace: Workspace) -> Verification:
    """Every missing, changed or foreign file of the website."""
    return verify(site_folder(workspace))


def build_site(workspace: Workspace) -> Path:
    """Write the whole website again; the result equals byte for byte what single publications left."""
    website = _website(workspace)
    folder = site_folder(workspace)
    pages = Pages(site_facts(workspace.snapshot, website))
    with site_lock(folder, website.ladder.timeout):
        entries = SiteEntries().entries(website.id)
        plans = plan_all(pages, WholeSite(entries), _articles(website, tuple(entries)))
        rebuild(folder, plans, workspace.files)
    return folder


def _articles(website: Channel, entries: tuple[SiteEntry, ...]) -> Iterator[tuple[SiteEntry, Rendition]]:
    """Every settled entry with the rendition that stands for it: its text, or its notice."""
    standing = deliveries.last_delivered(website.id)
    for entry in entries:
        yield entry, reviews.rendition(standing[entry.item])


def _website(workspace: Workspace) -> Channel:
    website = workspace.website()
    if website is None:
        raise NotFound("ledger.no_channel", channel="website")
    return website
