"""The manifest: SHA-256 and template version of every file of the site, in shards, so that one publication rewrites two.

It stands beside the site's folder and not in it: it is not served, and whoever can change pages through the web
server cannot change it with them.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from syndicate.errors import disk_refusal

_ARTICLE = re.compile(r"[^/]+/\d{6}/(\d+)\.html")
_ARCHIVE = re.compile(r"(.+)/p(\d+)\.html")
_FILE = re.compile(r"files/(\d+)/.*")
_LISTED = re.compile(
    r"[a-z][a-z0-9-]*/(?:index\.html|rss\.xml|atom\.xml|feed\.json)|disclosure/[^/]+/index\.html"
    r"|(?:assets|sitemap)/[^/]+|(?:index|404|map)\.html|favicon\.svg|robots\.txt|sitemap\.xml"
)
"""What every site has, and its lists."""
_PER_SHARD = 250
_OF_LISTINGS = 10
"""Pages of each list of the directory in one shard: a document often fills pages of several lists at once."""


class Recorded(NamedTuple):
    """What the manifest says of one file: its hash, and the version of the templates that it was made with."""

    sha256: str
    templates: str


def folder_of(root: Path) -> Path:
    """Where the manifest of a site stands."""
    return root.with_name(f"{root.name}.manifest")


def shard_of(path: str) -> str:
    """Which shard names a file; none grows with the site but the one of lists, feeds and sitemaps, and that slowly."""
    if article := _ARTICLE.fullmatch(path):
        return f"articles-{int(article[1]) // _PER_SHARD}"
    if archive := _ARCHIVE.fullmatch(path):
        if "/" in archive[1]:
            return f"archive-disclosure-{int(archive[2]) // _OF_LISTINGS}"
        return f"archive-{archive[1]}-{int(archive[2]) // _PER_SHARD}"
    if file := _FILE.fullmatch(path):
        return f"files-{int(file[1]) // _PER_SHARD}"
    if _LISTED.fullmatch(path):
        return "site"
    # An article that stays where it stood on a former website: no number of ours is in its address.
    return f"kept-{hashlib.sha256(path.encode()).hexdigest()[:2]}"


class Manifest:
    """Changes to the manifest of one site, written at the end of a piece of work. Not for several threads."""

    def __init__(self, root: Path, templates: str) -> None:
        self._folder = folder_of(root)
        self._templates = templates
        self._shards: dict[str, dict[str, Recorded]] = {}
        self._stored: dict[str, dict[str, Recorded]] = {}

    def record(self, path: str, sha256: str) -> None:
        """A file stands with this content, as the present templates make it."""
        self._shard(shard_of(path))[path] = Recorded(sha256, self._templates)

    def forget(self, path: str) -> None:
        """A file is gone."""
        self._shard(shard_of(path)).pop(path, None)

    def changes(self) -> list[tuple[Path, bytes]]:
        """The shards that differ from what stands, to be written last; one without files is removed here.

        Raises `StorageError`.
        """
        changed = []
        for name, entries in self._shards.items():
            if entries == self._stored[name]:
                continue
            file = self._folder / f"{name}.json"
            try:
                self._folder.mkdir(exist_ok=True)
                if not entries:
                    file.unlink(missing_ok=True)
                    continue
            except OSError as error:
                raise disk_refusal(file, error) from error
            changed.append((file, dumped(entries)))
        return changed

    def _shard(self, name: str) -> dict[str, Recorded]:
        if name not in self._shards:
            self._stored[name] = read_shard(self._folder / f"{name}.json")
            self._shards[name] = dict(self._stored[name])
        return self._shards[name]


def dumped(entries: Mapping[str, Recorded]) -> bytes:
    """The bytes of a shard; the same entries always give the same bytes."""
    return (json.dumps(dict(sorted(entries.items())), separators=(",", ":")).replace("],", "],\n") + "\n").encode()


def read_shard(file: Path) -> dict[str, Recorded]:
    """Path → what is recorded; a shard that is absent or damaged is empty: `verify` then shows its files as foreign."""
    try:
        loaded = json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {
        path: Recorded(str(value[0]), sys.intern(str(value[1])))  # one version for thousands of files
        for path, value in loaded.items()
        if isinstance(value, list) and len(value) == 2
    }


def recorded(root: Path) -> Iterator[tuple[str, Recorded]]:
    """Every file that the manifest names."""
    for file in sorted(folder_of(root).glob("*.json")):
        yield from read_shard(file).items()
