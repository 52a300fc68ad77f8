"""A lock on a file: one holder at a time over threads and processes; it ends with its holder, however that ends."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from syndicate.errors import disk_refusal


@contextmanager
def file_lock(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it. The file is made where there is none. Raises StorageError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        opened = path.open("w")
    except OSError as error:
        raise disk_refusal(path, error) from error
    with opened as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
