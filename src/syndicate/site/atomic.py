"""Atomic file writes: a reader sees the old file or the new one, never half of either, even after a power cut."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from syndicate.errors import StorageError

_MANY = 64
"""From this many files on, one sync of the disk costs less than one for each file and folder."""


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
    many = len(files) >= _MANY
    try:
        for path, data in files:
            temporary.append(_written(path, data, mode, durable=not many))
        if many:
            os.sync()
        for (path, _), name in zip(files, temporary, strict=True):
            os.replace(name, path)  # noqa: PTH105  # a Path for each of 50,000 files is felt
        if many:
            os.sync()
        else:
            for folder in dict.fromkeys(path.parent for path, _ in files):
                sync_folder(folder)
    except OSError as error:
        raise StorageError("site.disk", path=str(path), reason=error.strerror or str(error)) from error
    finally:
        _discard(temporary)


def _written(path: Path, data: bytes, mode: int, *, durable: bool) -> str:
    """The name of a new file beside `path` that holds `data`; it is removed again where it cannot be written whole."""
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except OSError:
        _discard([name])
        raise
    return name


def _discard(names: Sequence[str]) -> None:
    """Remove temporary files; after a successful replace their names are gone already."""
    for name in names:
        with suppress(OSError):
            os.unlink(name)  # noqa: PTH108  # as above


def sync_folder(folder: Path) -> None:
    """Make new names in a folder durable. Raises `OSError`."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
