"""What of a list is new. A seen-set, no watermark: nothing is dropped for being old or for standing further down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from syndicate.model.hashing import digest
from syndicate.model.source import Row

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Novelty:
    """A list's rows by what shall happen to them; each row stands in exactly one, in the list's order.

    `new` become items, `changed` are read again, `known` are left alone, `archive` counts as seen from now on.
    """

    new: tuple[Row, ...]
    changed: tuple[Row, ...]
    known: tuple[Row, ...]
    archive: tuple[Row, ...]


def row_hash(row: Row) -> str:
    """What a list says about a row. Summaries are left out: some feeds write visitor counts into them."""
    published = row.published_at.isoformat() if row.published_at else None
    return digest([row.url, row.title, published, row.html])


def sort_out(rows: Sequence[Row], seen: Mapping[str, str], first_run: int) -> Novelty:
    """Compare a list with the seen-set (key → `row_hash` of then).

    At the first look, when nothing was seen yet, only the newest `first_run` rows are new: by their times where all
    have one, else the first of the list. A hash that is empty (unknown) counts as unchanged.
    """
    unseen = [row for row in rows if row.key not in seen]
    fresh = unseen if seen else _newest(unseen, first_run)
    keys = {row.key for row in fresh}
    known = [row for row in rows if row.key in seen]
    changed = [row for row in known if seen[row.key] and seen[row.key] != row_hash(row)]
    changed_keys = {row.key for row in changed}
    return Novelty(
        new=tuple(row for row in unseen if row.key in keys),
        changed=tuple(changed),
        known=tuple(row for row in known if row.key not in changed_keys),
        archive=tuple(row for row in unseen if row.key not in keys),
    )


def _newest(rows: Sequence[Row], count: int) -> Sequence[Row]:
    if all(row.published_at for row in rows):
        # A stable sort: rows of one day keep the list's order, which is newest first.
        rows = sorted(rows, key=lambda row: row.published_at or _NEVER, reverse=True)
    return rows[:count]
