"""What one target is known to hold: copies of the manifest's shards beside the site, in `<site>.targets/<name>/`.

A shard whose copy is the same file on the disk (a hard link) is unchanged and is not opened. Before a file is changed
at the target its entry becomes doubtful, durably, and only after proof it says what is there: a process killed in
between does the work again, whatever the manifest says by then.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from syndicate.errors import StorageError, disk_refusal
from syndicate.site.atomic import sync_folder, write_together
from syndicate.site.manifest import Recorded, dumped, folder_of, read_shard, shard_of
from syndicate.site.mirroring import DOUBTFUL, Difference, difference
from syndicate.site.paths import is_safe


def folder_of_target(root: Path, target: str) -> Path:
    """Where the copies of one target stand."""
    return root.with_name(f"{root.name}.targets") / target


@dataclass(frozen=True)
class Snapshot:
    """Every shard that differed at one moment: its bytes (empty where it is gone) and its entries."""

    data: Mapping[str, bytes]
    entries: Mapping[str, Mapping[str, Recorded]]


class Holding:
    """What one target holds. One at a time per target; nothing is read before `compare`.

    What was noted while the target was at another `place` is forgotten.
    """

    def __init__(self, root: Path, target: str, place: str) -> None:
        self.folder = folder_of_target(root, target)
        self._place = place
        self._root = root
        self._manifest = folder_of(root)
        self._held: dict[str, dict[str, Recorded]] = {}
        self._snapshot = Snapshot({}, {})

    def compare(self) -> Difference:
        """Take a snapshot of the manifest and say what the target lacks. Call it while nobody writes the site.

        Raises `StorageError` where the manifest is lost or damaged, or where it does not know a file that stands:
        nothing is ever removed from a target because of that.
        """
        try:
            self._settle_in()
            names = self._differing()
            self._snapshot = self._read(names)
        except OSError as error:
            raise disk_refusal(self.folder, error) from error
        self._held = {name: read_shard(self.folder / f"{name}.json") for name in names}
        found = difference(self._snapshot.entries, self._held)
        for path in found.removals:
            if not is_safe(path):
                raise StorageError("site.path", path=path)
            if (self._root / path).exists():
                raise StorageError("targets.not_recorded", path=path)
        return found

    def doubt(self, paths: Iterable[str]) -> None:
        """These files are about to change at the target. Raises `StorageError`."""
        self._write(dict.fromkeys(paths, DOUBTFUL))

    def distrust(self, paths: Iterable[str]) -> None:
        """A look at the target found these files otherwise: the next mirroring sends them again. Raises `StorageError`."""
        known = tuple(paths) if self.folder.is_dir() else ()
        for name in {shard_of(path) for path in known}:
            self._held[name] = read_shard(self.folder / f"{name}.json")
        self.doubt(known)

    def settle(self, paths: Iterable[str]) -> None:
        """The target is proved to hold these files as the snapshot has them. Raises `StorageError`."""
        entries = self._snapshot.entries
        self._write({path: entries[shard_of(path)][path] for path in paths})

    def complete(self) -> None:
        """The target is proved to hold all that the snapshot says: the copies become the shards. Raises `StorageError`."""
        for name, data in self._snapshot.data.items():
            copy = self.folder / f"{name}.json"
            try:
                if data:
                    self._link(self._manifest / copy.name, copy, data)
                else:
                    copy.unlink(missing_ok=True)
                sync_folder(self.folder)
            except OSError as error:
                raise disk_refusal(copy, error) from error

    def _settle_in(self) -> None:
        """Make the folder, and forget what it says of another place before it says anything of this one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        noted = self.folder / "place"
        if noted.exists() and noted.read_text("utf-8") == self._place:
            return
        for copy in self.folder.glob("*.json"):
            copy.unlink()
        write_together([(noted, self._place.encode())])

    def _differing(self) -> list[str]:
        standing, copies = _inodes(self._manifest), _inodes(self.folder)
        if copies and not standing:
            raise StorageError("targets.manifest_lost", path=str(self._manifest))
        return sorted(name for name in {*standing, *copies} if standing.get(name) != copies.get(name))

    def _read(self, names: Iterable[str]) -> Snapshot:
        data: dict[str, bytes] = {}
        entries: dict[str, Mapping[str, Recorded]] = {}
        for name in names:
            file = self._manifest / f"{name}.json"
            data[name] = file.read_bytes() if file.exists() else b""
            entries[name] = read_shard(file)
            if data[name] and not entries[name]:
                raise StorageError("targets.manifest_lost", path=str(file))
        return Snapshot(data, entries)

    def _write(self, changes: Mapping[str, Recorded]) -> None:
        for path, known in changes.items():
            self._held.setdefault(shard_of(path), {})[path] = known
        touched = sorted({shard_of(path) for path in changes})
        write_together([(self.folder / f"{name}.json", dumped(self._held[name])) for name in touched])

    @staticmethod
    def _link(shard: Path, copy: Path, data: bytes) -> None:
        """Make the copy the very file of the shard, if that still is what was mirrored; else it keeps its own bytes."""
        link = copy.with_suffix(".link")
        link.unlink(missing_ok=True)
        with suppress(OSError):  # another file system: the copy is compared by its bytes next time
            os.link(shard, link)
            if link.read_bytes() == data:
                link.replace(copy)
                return
        link.unlink(missing_ok=True)
        write_together([(copy, data)])


def _inodes(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file on the disk each shard is."""
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as files:
        shards = [(one.name.removesuffix(".json"), one.stat()) for one in files if one.name.endswith(".json")]
    return {name: (state.st_dev, state.st_ino) for name, state in shards}
