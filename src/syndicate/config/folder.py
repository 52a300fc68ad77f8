"""Reads an office's configuration files, falls back to the packaged ones, and hashes what was read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Protocol

from syndicate.config.defaults import defaults
from syndicate.config.places import ConfigFile, Problems

_LARGEST_YAML = 1_000_000
_LARGEST_TABLE = 10_000_000
_MEGABYTE = 1_000_000


class Folders(Protocol):
    """Where tables are read from."""

    def folder(self, name: str, suffix: str) -> tuple[ConfigFile, ...]:
        """The files ending in `suffix` in the folder `name`, in order."""
        ...


class FilesRead:
    """Files as they were when they were read; what the disk says by now does not matter."""

    def __init__(self, data: Mapping[str, bytes]) -> None:
        self._data = data

    def folder(self, name: str, suffix: str) -> tuple[ConfigFile, ...]:
        """The files ending in `suffix` that were read from the folder `name`."""
        chosen = (path for path in self._data if path.rpartition("/")[0] == name and path.endswith(suffix))
        return tuple(ConfigFile(path, self._data[path].decode("utf-8-sig")) for path in chosen)


class OfficeFolder:
    """The files of one load. Every read file counts for `hash`, whether it came from the office or the package.

    A single file or a whole folder that the office does not have is taken from the package, so that an office which
    deletes one rule file does not get it back; templates are laid over the packaged ones file by file.
    """

    def __init__(self, home: Path, problems: Problems) -> None:
        self._home = home
        self._packaged = defaults()
        self._problems = problems
        self._read_bytes: dict[str, bytes] = {}
        self._files: dict[str, ConfigFile] = {}

    @property
    def hash(self) -> str:
        """SHA-256 over the names and bytes of all files read so far, independent of the order of reading."""
        import hashlib  # loads a large library, which checking a file does not need

        whole = hashlib.sha256()
        for name, data in sorted(self._read_bytes.items()):
            whole.update(f"{len(name)}:{name}".encode() + hashlib.sha256(data).digest())
        return whole.hexdigest()

    def take_in(self, other: OfficeFolder) -> None:
        """What another one has read belongs to this load."""
        self._read_bytes.update(other._read_bytes)
        self._files.update(other._files)

    def as_read(self) -> FilesRead:
        """What can be read as text, without the texts: a tenth of the memory that tables take."""
        return FilesRead({name: self._read_bytes[name] for name in self._files})

    def read_before(self, name: str) -> ConfigFile:
        """A file that was read in this load, by its name; without text when there was none."""
        return self._files.get(name, ConfigFile(name, ""))

    def own(self, name: str) -> ConfigFile | None:
        """The office's own file `name`; a missing one is a mistake."""
        return self._read(self._home / name, name)

    def one(self, name: str) -> ConfigFile | None:
        """The file `name`, the office's or else the packaged one."""
        path = self._home / name
        return self._read(path if os.path.lexists(path) else self._packaged / name, name)

    def own_folder(self, name: str) -> tuple[ConfigFile, ...]:
        """The office's own YAML files in the folder `name`; none when there is no such folder."""
        return self._chosen(name, self._entries(self._home, name) or [], ".yaml")

    def folder(self, name: str, suffix: str) -> tuple[ConfigFile, ...]:
        """The files ending in `suffix` in the folder `name`, the office's or else the packaged ones."""
        own = self._entries(self._home, name)
        return self._chosen(name, self._entries(self._packaged, name) or [] if own is None else own, suffix)

    def tree(self, name: str, wanted: Callable[[str], bool]) -> tuple[ConfigFile, ...]:
        """All wanted files below the folder `name`; the office's replace the packaged ones path by path."""
        paths: dict[str, Path] = {}
        try:
            for root in (self._packaged / name, self._home / name):
                for path in sorted(root.rglob("*")):
                    if not path.is_dir() and not path.name.startswith(".") and wanted(path.name):
                        paths[_printable(path.relative_to(root).as_posix())] = path
        except OSError as error:
            self._problems.add(ConfigFile(name, ""), 1, "unreadable", reason=error.strerror or str(error))
        return self._all(name, paths.items())

    def _entries(self, root: Path, name: str) -> list[Path] | None:
        """What lies in the folder `name`, in order; None when there is no such folder."""
        try:
            return sorted((root / name).iterdir())
        except FileNotFoundError:
            return None
        except OSError as error:
            self._problems.add(ConfigFile(name, ""), 1, "unreadable", reason=error.strerror or str(error))
            return []

    def _chosen(self, folder: str, entries: list[Path], suffix: str) -> tuple[ConfigFile, ...]:
        """The files ending in `suffix`; hidden ones and others are passed over."""
        for path in entries:
            # A file that nobody reads because of its ending would be a silent mistake.
            if suffix == ".yaml" and path.name.endswith(".yml"):
                self._problems.add(ConfigFile(f"{folder}/{_printable(path.name)}", ""), 1, "yml")
        chosen = [path for path in entries if path.name.endswith(suffix) and not path.name.startswith(".")]
        return self._all(folder, [(_printable(path.name), path) for path in chosen])

    def _all(self, folder: str, paths: Iterable[tuple[str, Path]]) -> tuple[ConfigFile, ...]:
        files = (self._read(path, f"{folder}/{name}") for name, path in paths)
        return tuple(file for file in files if file is not None)

    def _read(self, path: Path, name: str) -> ConfigFile | None:
        """The decoded file, or None after noting why it cannot be read."""
        limit = _LARGEST_TABLE if name.endswith(".tsv") else _LARGEST_YAML
        nothing = ConfigFile(name, "")
        try:
            if not path.exists():
                self._problems.add(nothing, 1, "missing_file")
                return None
            # A pipe or a device would block for ever.
            if not path.is_file():
                self._problems.add(nothing, 1, "no_file")
                return None
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
        except OSError as error:
            self._problems.add(nothing, 1, "unreadable", reason=error.strerror or str(error))
            return None
        if len(data) > limit:
            self._problems.add(nothing, 1, "too_large", limit=limit // _MEGABYTE)
            return None
        return self.put(name, data)

    def put(self, name: str, data: bytes) -> ConfigFile | None:
        """Take `data` for the file `name`, whatever the disk holds; None after noting that it is no text."""
        self._read_bytes[name] = data
        try:
            self._files[name] = ConfigFile(name, data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data[: error.start].count(b"\n") + 1
            self._problems.add(ConfigFile(name, data.decode("utf-8", "replace")), line, "not_utf8")
            return None
        return self._files[name]


def _printable(name: str) -> str:
    """A file name for people; names may hold any bytes."""
    decoded = os.fsencode(name).decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "·" for c in decoded)
