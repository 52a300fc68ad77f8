"""What makes a row the same row next time: its source's own key, else its address, else what it says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from syndicate.ingest.addresses import address_key
from syndicate.model.hashing import digest
from syndicate.model.source import Row

_LONGEST = 500
"""Characters of a key; longer ones are replaced by their hash."""


@dataclass(frozen=True)
class Entry:
    """A row without its key, and the key its source gave it (a feed's guid), empty where there is none."""

    row: Row
    guid: str = ""


def with_keys(entries: Sequence[Entry]) -> tuple[Row, ...]:
    """Rows with their keys, each key once, in the order of the list.

    A guid that several different addresses share is no guid: there the address joins it (Miniflux #4197 lost 9 of 10).
    """
    addresses = {(entry.guid, address_key(entry.row.url)) for entry in entries if entry.guid}
    shared = Counter(guid for guid, _ in addresses)
    rows: dict[str, Row] = {}
    for entry in entries:
        key = _key(entry, shared[entry.guid] > 1)
        rows.setdefault(key, replace(entry.row, key=key))
    return tuple(rows.values())


def _key(entry: Entry, guid_is_shared: bool) -> str:
    row, address = entry.row, address_key(entry.row.url)
    if entry.guid:
        guid = address_key(entry.guid) or entry.guid
        key = f"guid:{guid} {address}" if guid_is_shared else f"guid:{guid}"
    elif address:
        key = f"url:{address}"
    else:
        key = f"hash:{digest([row.title, row.summary, row.html])}"
    return key if len(key) <= _LONGEST else f"hash:{digest(key)}"
