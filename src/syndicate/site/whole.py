"""A view of the whole site from a list of its entries: for full builds, and for whoever keeps entries in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from syndicate.model.site import SiteEntry


class WholeSite:
    """Everything that is settled on a channel (implements `Published`). `entry` is the one being written, if any."""

    def __init__(self, entries: Iterable[SiteEntry], entry: SiteEntry | None = None) -> None:
        merged = {known.item: known for known in entries}
        if entry is not None:
            merged[entry.item] = entry
        self._columns: dict[str, dict[int, SiteEntry]] = {}
        for known in merged.values():
            self._columns.setdefault(known.column, {})[known.sequence] = known
        self._newest = sorted(
            (known for known in merged.values() if not known.withdrawn),
            key=lambda known: (known.published_at, known.item),
            reverse=True,
        )
        self._entry = entry

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
        shown = (entry for entry in self._newest if column in ("", entry.column))
        return list(islice(shown, count))

    def count(self, column: str) -> int:
        """How many numbers of a column are given."""
        return max(self._columns.get(column, {}), default=-1) + 1

    def neighbours(self, column: str, sequence: int) -> tuple[SiteEntry | None, SiteEntry | None]:
        """The entries before and after one in its column that are not withdrawn."""
        numbered = self._columns.get(column, {})
        shown = sorted(number for number, entry in numbered.items() if not entry.withdrawn)
        before = [number for number in shown if number < sequence]
        after = [number for number in shown if number > sequence]
        return (numbered[before[-1]] if before else None, numbered[after[0]] if after else None)
