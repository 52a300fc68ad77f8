"""The website as a whole: building it anew from the records, and comparing the disk with what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from syndicate.errors import Conflict, NotFound
from syndicate.flow.finding_words import index_missing
from syndicate.flow.processes import in_order, processes_for
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel
from syndicate.model.site import Published, SiteEntry
from syndicate.records import deliveries, imports, reviews
from syndicate.records.site_columns import adopt_columns
from syndicate.records.site_view import all_entries
from syndicate.site.facts import SiteFacts, site_facts
from syndicate.site.joining import entry_of, joined
from syndicate.site.lock import site_lock
from syndicate.site.old_addresses import Ours, names_of, plan_old
from syndicate.site.pages import Pages, file_path
from syndicate.site.plan import Plan, plan_all, plan_article, plan_lists
from syndicate.site.whole import WholeSite
from syndicate.site.writer import Part, Verification, rebuild, verify, write_part

_AT_ONCE = 200
"""Articles read in one query of a full build."""
_IN_PART = 10 * _AT_ONCE
"""Articles that are written together, with one wait for the disk."""
_LISTS = 50
"""Lists made in one piece."""


def site_folder(workspace: Workspace) -> Path:
    """Where the office's website is written. Raises NotFound for an office without one."""
    return workspace.home / str(_website(workspace).settings["folder"])


def verify_site(workspace: Workspace) -> Verification:
    """Every missing, changed, foreign or outdated file of the website."""
    return verify(site_folder(workspace), site_facts(workspace.snapshot, _website(workspace)).version)


def build_site(workspace: Workspace) -> Path:
    """Write the whole website again; the result equals byte for byte what single publications left.

    What stood in a column under a former name belongs to the column from now on, and what was imported joins the site:
    its files are written first and its entries afterwards, so that a build that was killed is simply made again.
    Raises Conflict where a column with articles is gone.
    """
    website = _website(workspace)
    folder = site_folder(workspace)
    facts = site_facts(workspace.snapshot, website)
    with site_lock(folder, website.ladder.timeout):
        adopt_columns(website.id, facts.renamed)
        numbered = tuple(all_entries(website.id))
        known = tuple(entry for entry, _ in numbered)
        unsettled = {entry.item for entry, settled in numbered if not settled}
        _refuse_lost_columns(facts, known)
        new = tuple(_imported(website))
        entries = joined(known, new)
        shown = tuple(entry for entry in entries if entry.item not in unsettled)
        pages = Pages(facts, workspace.files)
        published = WholeSite(shown)
        plans = plan_all(pages, published, _shown(workspace, pages, published, shown))
        rebuild(folder, chain(plans, _old_addresses(workspace, pages, shown)), workspace.files, facts.version)
        if new:
            imports.put_in(website.id, entries, frozenset(entry.item for entry in new))
    index_missing(workspace, lambda _done, _of: None)
    return folder


def _refuse_lost_columns(facts: SiteFacts, entries: tuple[SiteEntry, ...]) -> None:
    """Raises Conflict where articles stand in a column that the website no longer has."""
    lost = Counter(entry.column for entry in entries if entry.column not in facts.columns)
    for column, count in lost.items():
        raise Conflict("site.column_lost", column=column, count=count)


def _imported(website: Channel) -> Iterator[SiteEntry]:
    """Imported items that do not stand on the website yet."""
    unplaced = imports.unplaced(website.id)
    for start in range(0, len(unplaced), _AT_ONCE):
        some = unplaced[start : start + _AT_ONCE]
        renditions = reviews.renditions_by_row(one.rendition for one in some)
        for one in some:
            yield entry_of(one.item, renditions[one.rendition], one.published_at)


def _old_addresses(workspace: Workspace, pages: Pages, shown: tuple[SiteEntry, ...]) -> Iterator[Plan]:
    """What leads from addresses of the former website that could not stay: articles, lists, pictures, attachments."""
    standing = {entry.item: entry for entry in shown}
    moved = [(url, standing[item].address) for url, item in imports.moved() if item in standing]
    for page, url, item, file in imports.files():
        if urlsplit(page).netloc == urlsplit(url).netloc and item in standing and not standing[item].withdrawn:
            moved.append((url, file_path(item, file)))
    yield from plan_old(pages, our_addresses(workspace), imports.lists(), moved)


def our_addresses(workspace: Workspace) -> Ours:
    """What may be an address of ours, so that no article of a former website ever stands there."""
    office = workspace.snapshot.office
    first = (imports.first_item_at() or workspace.now()).astimezone(office.timezone)
    return Ours(office.site_url, names_of(workspace.snapshot.columns), f"{first:%Y%m}")


def _shown(
    workspace: Workspace, pages: Pages, published: Published, entries: tuple[SiteEntry, ...]
) -> Iterator[Part | Plan]:
    """Every settled entry, of its text or its notice, whatever rendition stands for it; then the lists."""
    folder = site_folder(workspace)
    standing = deliveries.last_delivered(_website(workspace).id)
    lists = plan_lists(pages, published)
    parts, pieces = -(-len(entries) // _IN_PART), -(-len(lists) // _LISTS)

    def plans(start: int) -> Iterator[Plan]:
        for first in range(start, min(start + _IN_PART, len(entries)), _AT_ONCE):
            some = entries[first : min(first + _AT_ONCE, start + _IN_PART)]
            renditions = reviews.renditions_by_row(standing[entry.item] for entry in some)
            yield from (plan_article(pages, published, entry, renditions[standing[entry.item]]) for entry in some)

    def make(number: int) -> Sequence[Part | Plan]:
        if number < parts:
            return [write_part(folder, plans(number * _IN_PART), workspace.files)]
        first = (number - parts) * _LISTS
        return [Plan(written()) for written in lists[first : first + _LISTS]]

    return in_order(make, parts + pieces, processes_for(parts))


def _website(workspace: Workspace) -> Channel:
    website = workspace.website()
    if website is None:
        raise NotFound("ledger.no_channel", channel="website")
    return website
