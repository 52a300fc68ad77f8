"""The site's ledger in memory, as records keeps it in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from syndicate.model.channel import Rendition
from syndicate.model.site import Place, Published, SiteEntry
from syndicate.site.whole import WholeSite


class MemoryLedger:
    """Implements `SiteLedger` for one process."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, int], SiteEntry] = {}
        self._settled: dict[tuple[str, int], SiteEntry] = {}
        self._places: dict[tuple[str, int], tuple[Place, ...]] = {}
        self._received: dict[tuple[str, int], Rendition] = {}

    def view(self, channel: str, entry: SiteEntry) -> Published:
        key = (channel, entry.item)
        if key not in self._given:
            number = sum(
                1 for (name, _), known in self._given.items() if (name, known.column) == (channel, entry.column)
            )
            self._given[key] = replace(entry, sequence=number)
        first = self._given[key]
        places = self._places.get(key, ())
        for listing in entry.listings:
            if listing not in [place.listing for place in places]:
                others = [place for known in self._places.values() for place in known if place.listing == listing]
                places = (*places, Place(listing, len(others)))
        self._places[key] = tuple(sorted(places, key=lambda place: place.listing.name))
        current = replace(entry, sequence=first.sequence, published_at=first.published_at, places=self._places[key])
        return WholeSite(self.entries(channel), current)

    def settle(self, channel: str, entry: SiteEntry, text: str = "") -> None:
        self._settled[channel, entry.item] = entry

    def receive(self, channel: str, item: int, rendition: Rendition) -> None:
        """What records note when a delivery is delivered."""
        self._received[channel, item] = rendition

    def standing(self, channel: str, item: int) -> Rendition:
        return self._received[channel, item]

    def entries(self, channel: str) -> Sequence[SiteEntry]:
        settled = [entry for (name, _), entry in self._settled.items() if name == channel]
        return sorted(settled, key=lambda entry: (entry.column, entry.sequence))
