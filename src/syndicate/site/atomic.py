"""Atomic file writes: a reader sees the old file or the new one, never half of either, even after a power cut."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from syndicate.errors import StorageError


def write_atomic(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Put `data` at `path`, whose folder must exist: temporary file beside it, fsync, replace, fsync of the folder.

    `mode` are the new file's permissions, set before the first byte is written. Raises `StorageError` (`site.disk`)
    when the disk is full, the folder is absent or not writable; the old file is then untouched.
    """
    temporary = ""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=".", suffix=".tmp", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise StorageError("site.disk", path=str(path), reason=error.strerror or str(error)) from error
    finally:
        # After a successful replace the temporary name is gone already.
        with suppress(OSError):
            if temporary:
                Path(temporary).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
