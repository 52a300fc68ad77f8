"""Atomic file writes: a reader sees the old file or the new one, never half of either, even after a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Self

from syndicate.errors import disk_refusal

_MANY = 64
"""From this many files on, one sync of the disk costs less than one for each file and folder."""
_AT_ONCE = 16
_NUMBERS = count()
"""Of temporary files; their names begin with the number of the process."""


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path`, whose folder must exist: temporary file beside it, fsync, replace, fsync of the folder.

    `mode` are the new file's permissions, set before the first byte is written. Raises `StorageError` (`site.disk`)
    when the disk is full, the folder is absent or not writable; the old file is then untouched.
    """
    write_together([(path, data)], mode)


def write_together(files: Iterable[tuple[Path, bytes]], mode: int = 0o644) -> None:
    """Put many files at their paths in this order, as `write_atomic` does. Raises as `AtomicWrites` does."""
    with AtomicWrites(mode) as writes:
        for path, data in files:
            writes.put(str(path), data)
        writes.replace()


class AtomicWrites:
    """Files that take their places together, as `write_atomic` puts one, with fewer waits for the disk.

    Every byte is durable before the first file is replaced. A context: what was not replaced when it ends is gone.
    Raises `StorageError` (`site.disk`) as `write_atomic` does; nothing is replaced unless all of them fit on the disk.
    """

    def __init__(self, mode: int = 0o644) -> None:
        self._mode = mode
        self._temporary: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for name in self._temporary.values():
            _discard(name)
        self._temporary.clear()

    def __len__(self) -> int:
        """How many files wait for their places."""
        return len(self._temporary)

    def __contains__(self, path: str) -> bool:
        return path in self._temporary

    def put(self, path: str, data: bytes) -> None:
        """Write `data` beside `path`. A path that is put again takes the last place, as later ones may need it."""
        if path in self._temporary:
            _discard(self._temporary.pop(path))
        try:
            self._temporary[path] = _written(_folder(path), data, self._mode)
        except OSError as error:
            raise disk_refusal(Path(path), error) from error

    def replace(self) -> None:
        """Give all of them their places, in the order in which they were put."""
        path = ""
        try:
            _make_durable(list(self._temporary.values()))
            folders = list(dict.fromkeys(map(_folder, self._temporary)))
            for path, name in list(self._temporary.items()):
                os.replace(name, path)  # noqa: PTH105  # a Path for each of 50,000 files is felt
                del self._temporary[path]
            _make_durable(folders)
        except OSError as error:
            raise disk_refusal(Path(path), error) from error


def _folder(path: str) -> str:
    return os.path.dirname(path) or "."  # noqa: PTH120  # as above


def _written(folder: str, data: bytes, mode: int) -> str:
    """The name of a new file in `folder` that holds `data`; it is removed again where it cannot be written whole."""
    while True:
        name = f"{folder}/.{os.getpid()}-{next(_NUMBERS)}.tmp"
        with suppress(FileExistsError):  # of a process with our number that was killed
            descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            break
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, mode)
            file.write(data)
    except BaseException:
        _discard(name)
        raise
    return name


def _discard(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)  # noqa: PTH108  # as above


def _make_durable(names: Sequence[str]) -> None:
    """Wait until files or folders are on the disk. Raises `OSError`.

    Side by side, as the file system then writes its journal once for all of them and not once for each.
    """
    if len(names) >= _MANY:
        os.sync()
    elif len(names) == 1:
        _sync(names[0])
    elif names:
        for _ in _threads(os.getpid()).map(_sync, names):
            pass


@cache
def _threads(process: int) -> ThreadPoolExecutor:
    """Threads that wait for the disk; a forked process has none of its parent's and starts its own."""
    return ThreadPoolExecutor(_AT_ONCE, f"disk-{process}")


def _sync(name: str | Path) -> None:
    descriptor = os.open(name, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable. Raises `OSError`."""
    _sync(folder)
