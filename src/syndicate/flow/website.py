"""The website as a whole: building it anew from the records, and comparing the disk with what was written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from syndicate.errors import NotFound
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, Rendition
from syndicate.model.site import SiteEntry
from syndicate.records import deliveries, reviews
from syndicate.records.site_columns import adopt_columns
from syndicate.records.site_ledger import SiteEntries
from syndicate.site.facts import site_facts
from syndicate.site.lock import site_lock
from syndicate.site.pages import Pages
from syndicate.site.plan import plan_all
from syndicate.site.whole import WholeSite
from syndicate.site.writer import Verification, rebuild, verify

_AT_ONCE = 500
"""Renditions read in one query of a full build."""


def site_folder(workspace: Workspace) -> Path:
    """Where the office's website is written. Raises NotFound for an office without one."""
    return workspace.home / str(_website(workspace).settings["folder"])


def verify_site(workspace: Workspace) -> Verification:
    """Every missing, changed, foreign or outdated file of the website."""
    return verify(site_folder(workspace), site_facts(workspace.snapshot, _website(workspace)).version)


def build_site(workspace: Workspace) -> Path:
    """Write the whole website again; the result equals byte for byte what single publications left.

    What stood in a column under a former name belongs to the column from now on.
    """
    website = _website(workspace)
    folder = site_folder(workspace)
    facts = site_facts(workspace.snapshot, website)
    with site_lock(folder, website.ladder.timeout):
        adopt_columns(website.id, facts.renamed)
        entries = SiteEntries().entries(website.id)
        pages = Pages(facts, workspace.files)
        plans = plan_all(pages, WholeSite(entries), _articles(website, tuple(entries)))
        rebuild(folder, plans, workspace.files, facts.version)
    return folder


def _articles(website: Channel, entries: tuple[SiteEntry, ...]) -> Iterator[tuple[SiteEntry, Rendition]]:
    """Every settled entry with the rendition that stands for it: its text, or its notice."""
    standing = deliveries.last_delivered(website.id)
    for start in range(0, len(entries), _AT_ONCE):
        some = entries[start : start + _AT_ONCE]
        renditions = reviews.renditions_by_row(standing[entry.item] for entry in some)
        for entry in some:
            yield entry, renditions[standing[entry.item]]


def _website(workspace: Workspace) -> Channel:
    website = workspace.website()
    if website is None:
        raise NotFound("ledger.no_channel", channel="website")
    return website
