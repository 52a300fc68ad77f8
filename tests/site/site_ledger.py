"""The site's ledger in memory, as records keeps it in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syndicate.model.site import Published, SiteEntry
from syndicate.site.whole import WholeSite


class MemoryLedger:
    """Implements `SiteLedger` for one process."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, int], SiteEntry] = {}
        self._settled: dict[tuple[str, int], SiteEntry] = {}

    def view(self, channel: str, entry: SiteEntry) -> Published:
        key = (channel, entry.item)
        if key not in self._given:
            number = sum(
                1 for (name, _), known in self._given.items() if (name, known.column) == (channel, entry.column)
            )
            self._given[key] = replace(entry, sequence=number)
        first = self._given[key]
        current = replace(entry, sequence=first.sequence, published_at=first.published_at)
        return WholeSite(self.entries(channel), current)

    def settle(self, channel: str, entry: SiteEntry) -> None:
        self._settled[channel, entry.item] = entry

    def entries(self, channel: str) -> Sequence[SiteEntry]:
        settled = [entry for (name, _), entry in self._settled.items() if name == channel]
        return sorted(settled, key=lambda entry: (entry.column, entry.sequence))
