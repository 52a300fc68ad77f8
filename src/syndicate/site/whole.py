"""A view of the whole site from a list of its entries: for full builds, and for whoever keeps entries in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from syndicate.model.site import Listing, SiteEntry


class WholeSite:
    """Everything that is settled on a channel (implements `Published`). `entry` is the one being written, if any."""

    def __init__(self, entries: Iterable[SiteEntry], entry: SiteEntry | None = None) -> None:
        merged = {known.item: known for known in entries}
        self._before = merged.get(entry.item) if entry is not None else None
        if entry is not None:
            merged[entry.item] = entry
        self._columns: dict[str, dict[int, SiteEntry]] = {}
        self._titles: dict[str, str] = {}
        self._known_by: dict[str, list[SiteEntry]] = {}
        self._explained_by: dict[str, list[SiteEntry]] = {}
        for known in merged.values():
            self._take_in(known)
        self._newest = sorted((known for known in merged.values() if not known.withdrawn), key=_age, reverse=True)
        self._by_column: dict[str, list[SiteEntry]] = {"": self._newest}
        for known in self._newest:
            self._by_column.setdefault(known.column, []).append(known)
        self._entry = entry

    def _take_in(self, known: SiteEntry) -> None:
        self._columns.setdefault(known.column, {})[known.sequence] = known
        for place in known.places:
            self._columns.setdefault(place.listing.name, {})[place.sequence] = known
            if place.sequence == 0:
                self._titles[place.listing.name] = place.listing.title
        if not known.withdrawn:
            for number in known.numbers:
                self._known_by.setdefault(number, []).append(known)
            if known.explains:
                self._explained_by.setdefault(known.explains, []).append(known)

    @property
    def entry(self) -> SiteEntry:
        """The entry being written; a full build writes none."""
        assert self._entry is not None
        return self._entry

    def slice(self, column: str, start: int, stop: int) -> Sequence[SiteEntry]:
        """Entries by number, oldest first, tombstones included; numbers that are not settled are left out."""
        numbered = self._columns.get(column, {})
        return [numbered[number] for number in range(start, stop) if number in numbered]

    def newest(self, column: str, count: int) -> Sequence[SiteEntry]:
        """The newest that are not withdrawn, newest first; of all columns when `column` is empty."""
        return list(islice(self._by_column.get(column, ()), count))

    def count(self, column: str) -> int:
        """How many numbers of a column are given."""
        return max(self._columns.get(column, {}), default=-1) + 1

    def written(self, column: str) -> int:
        """How many numbers were given when the column was last written whole: without an entry never settled."""
        own = self._entry if self._before is None else None
        return (
            max((number for number, known in self._columns.get(column, {}).items() if known is not own), default=-1) + 1
        )

    def listings(self) -> Sequence[Listing]:
        """Every listing that ever had an entry, by name."""
        return [Listing(name, self._titles[name]) for name in sorted(self._titles)]

    def related(self, entry: SiteEntry) -> Sequence[SiteEntry]:
        """The interpretations of a document and the documents of an interpretation, not withdrawn, oldest first."""
        found = {known.item: known for known in self._known_by.get(entry.explains, ())} if entry.explains else {}
        for number in entry.numbers:
            found.update({known.item: known for known in self._explained_by.get(number, ())})
        found.pop(entry.item, None)
        return sorted(found.values(), key=_age)

    def affected(self) -> Sequence[SiteEntry]:
        """Other entries whose pages name the one being written, or named it before this change."""
        found = {one.item: one for state in (self._before, self._entry) if state for one in self.related(state)}
        return [found[item] for item in sorted(found)]


def _age(entry: SiteEntry) -> tuple[object, int]:
    return (entry.published_at, entry.item)
