"""One writer per site at a time, over all threads and processes of the machine."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from syndicate.errors import StorageError, disk_refusal

_PAUSE_SECONDS = 0.02


@contextmanager
def site_lock(root: Path, patience: timedelta) -> Iterator[int]:
    """Hold the lock of a site; it ends with the process. Raises `StorageError` when `patience` runs out.

    Gives the lock's descriptor: a program that inherits it holds the lock until it ends, even when we are killed.
    Without it two publications at once would each write lists without the other's article.
    """
    file = root.with_name(f"{root.name}.lock")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise disk_refusal(file, error) from error
    try:
        _acquire(descriptor, time.monotonic() + patience.total_seconds())
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise StorageError("site.busy") from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return
