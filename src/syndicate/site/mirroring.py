"""What a target still lacks: a pure comparison of the manifest with what the target is known to hold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from syndicate.site.manifest import Recorded
from syndicate.site.paths import HOME

Shard = Mapping[str, Recorded]

DOUBTFUL = Recorded("", "")
"""What is noted for a file while it is being changed: nobody knows what the target holds."""

_ARCHIVE = re.compile(r".*/p(\d+)\.html")
_LIST = re.compile(r"(?:.*/)?(?:index|p\d+)\.html|404\.html|map\.html|search\.html")


class Rank(IntEnum):
    """In which order files arrive, so that no page ever leads to something that is not there yet."""

    FILE = 0
    """Pictures, attachments, styles."""
    ARTICLE = 1
    LIST = 2
    FEED = 3
    HOME = 4


@dataclass(frozen=True)
class Difference:
    """What is to be put, in order, with its hash; and what is to be removed after all of it."""

    puts: tuple[tuple[str, str], ...]
    removals: tuple[str, ...]


def rank(path: str) -> Rank:
    """When a file arrives, by its path below the site."""
    if path == HOME:
        return Rank.HOME
    if path.startswith("files/"):
        return Rank.FILE
    if path.endswith((".xml", ".json", ".txt")):
        return Rank.FEED
    if _LIST.fullmatch(path):
        return Rank.LIST
    return Rank.ARTICLE if path.endswith((".html", ".htm", ".shtml")) else Rank.FILE


def difference(wanted: Mapping[str, Shard], held: Mapping[str, Shard]) -> Difference:
    """What turns the held shards into the wanted ones. Both need only contain the shards that differ.

    A file that only changed its template version is the same file. Puts come by rank, pages of the archive newest first
    as an older one leads to them, then by shard, so that whole shards are done early.
    """
    puts = [
        (rank(path), -_page(path), name, path, known.sha256)
        for name, entries in wanted.items()
        for path, known in entries.items()
        if held.get(name, {}).get(path, DOUBTFUL).sha256 != known.sha256
    ]
    gone = (path for name, entries in held.items() for path in entries if path not in wanted.get(name, {}))
    return Difference(tuple((path, sha256) for *_, path, sha256 in sorted(puts)), tuple(sorted(gone)))


def _page(path: str) -> int:
    """The number of a page of an archive, -1 for everything else."""
    archive = _ARCHIVE.fullmatch(path)
    return int(archive[1]) if archive else -1


def batches(puts: Iterable[tuple[str, str]], most: int) -> Iterator[Sequence[tuple[str, str]]]:
    """The puts in pieces of at most `most` files, none of which holds files of two ranks."""
    for _, group in groupby(puts, key=lambda one: rank(one[0])):
        files = list(group)
        for start in range(0, len(files), most):
            yield files[start : start + most]
