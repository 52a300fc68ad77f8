"""The manifest: SHA-256 of every file of the site, in shards, so that one publication rewrites two of them.

It stands beside the site's folder and not in it: it is not served, and whoever can change pages through the web
server cannot change it with them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from syndicate.errors import StorageError
from syndicate.site.atomic import write_atomic

_ARTICLE = re.compile(r"[^/]+/\d{6}/(\d+)\.html")
_ARCHIVE = re.compile(r"([^/]+)/p(\d+)\.html")
_FILE = re.compile(r"files/(\d+)/.*")
_PER_SHARD = 250


def folder_of(root: Path) -> Path:
    """Where the manifest of a site stands."""
    return root.with_name(f"{root.name}.manifest")


def shard_of(path: str) -> str:
    """Which shard names a file; none grows with the site but the one of lists, feeds and sitemaps, and that slowly."""
    if article := _ARTICLE.fullmatch(path):
        return f"articles-{int(article[1]) // _PER_SHARD}"
    if archive := _ARCHIVE.fullmatch(path):
        return f"archive-{archive[1]}-{int(archive[2]) // _PER_SHARD}"
    if file := _FILE.fullmatch(path):
        return f"files-{int(file[1]) // _PER_SHARD}"
    return "site"


class Manifest:
    """Changes to the manifest of one site, written at the end of a piece of work. Not for several threads."""

    def __init__(self, root: Path) -> None:
        self._folder = folder_of(root)
        self._shards: dict[str, dict[str, str]] = {}
        self._stored: dict[str, dict[str, str]] = {}

    def record(self, path: str, sha256: str) -> None:
        """A file stands with this content."""
        self._shard(shard_of(path))[path] = sha256

    def forget(self, path: str) -> None:
        """A file is gone."""
        self._shard(shard_of(path)).pop(path, None)

    def save(self) -> None:
        """Write the shards that changed; one without files is removed. Raises `StorageError`."""
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
                raise StorageError("site.disk", path=str(file), reason=error.strerror or str(error)) from error
            write_atomic(file, _dumped(entries))

    def _shard(self, name: str) -> dict[str, str]:
        if name not in self._shards:
            self._stored[name] = read_shard(self._folder / f"{name}.json")
            self._shards[name] = dict(self._stored[name])
        return self._shards[name]


def _dumped(entries: Mapping[str, str]) -> bytes:
    return (json.dumps(dict(sorted(entries.items())), indent=0) + "\n").encode()


def read_shard(file: Path) -> dict[str, str]:
    """Path → SHA-256; a shard that is absent or damaged is empty, so that `verify` shows its files as foreign."""
    try:
        loaded = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(path): str(sha256) for path, sha256 in loaded.items()} if isinstance(loaded, dict) else {}


def recorded(root: Path) -> Iterator[tuple[str, str]]:
    """Every file that the manifest names, with its hash."""
    for file in sorted(folder_of(root).glob("*.json")):
        yield from read_shard(file).items()
