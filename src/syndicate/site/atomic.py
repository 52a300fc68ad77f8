"""Atomic file writes: a reader sees the old file or the new one, never half of either, even after a power cut."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path

from syndicate.errors import disk_refusal

_MANY = 64
"""From this many files on, one sync of the disk costs less than one for each file and folder."""
_AT_ONCE = 16


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path`, whose folder must exist: temporary file beside it, fsync, replace, fsync of the folder.

    `mode` are the new file's permissions, set before the first byte is written. Raises `StorageError` (`site.disk`)
    when the disk is full, the folder is absent or not writable; the old file is then untouched.
    """
    write_together([(path, data)], mode)


def write_together(files: Sequence[tuple[Path, bytes]], mode: int = 0o644) -> None:
    """Put many files at their paths, as `write_atomic` does, with fewer waits for the disk.

    Every byte is durable before the first file is replaced; files are replaced in the order given. Raises as
    `write_atomic` does; nothing is replaced unless all of them fit on the disk.
    """
    temporary: list[str] = []
    path = Path()
    try:
        for path, data in files:
            temporary.append(_written(path, data, mode))
        _make_durable(temporary)
        for (path, _), name in zip(files, temporary, strict=True):
            os.replace(name, path)  # noqa: PTH105  # a Path for each of 50,000 files is felt
        _make_durable(list(dict.fromkeys(os.path.dirname(name) for name in temporary)))  # noqa: PTH120  # as above
    except OSError as error:
        raise disk_refusal(path, error) from error
    finally:
        _discard(temporary)


def _written(path: Path, data: bytes, mode: int) -> str:
    """The name of a new file beside `path` that holds `data`; it is removed again where it cannot be written whole."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
    except OSError:
        _discard([name])
        raise
    return name


def _discard(names: Sequence[str]) -> None:
    """Remove temporary files; after a successful replace their names are gone already."""
    for name in names:
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
