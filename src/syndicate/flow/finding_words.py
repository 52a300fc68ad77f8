"""The public search: whatever stands on the website can be found."""

from __future__ import annotations

from collections.abc import Callable

from syndicate.flow.workspace import Workspace
from syndicate.records import search
from syndicate.records.site_ledger import SiteEntries
from syndicate.text.plain import from_html


def index_missing(workspace: Workspace, progress: Callable[[int, int], None]) -> int:
    """Make everything findable that was published before there was a search; how many that were.

    `progress` is told how many of how many are done.
    """
    website = workspace.website()
    missing = search.missing(website.id) if website else ()
    if website is None or not missing:
        return 0
    ledger = SiteEntries()
    entries = {entry.item: entry for entry in ledger.entries(website.id)}
    for done, item in enumerate(missing, 1):
        search.put(website.id, entries[item], from_html(ledger.standing(website.id, item).body).text)
        progress(done, len(missing))
    return len(missing)
