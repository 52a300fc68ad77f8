"""`syndicate init`, the half that writes files; the database and the administrator's link come after it."""

from __future__ import annotations

from pathlib import Path

from syndicate.config.office_files import is_office, write_office
from syndicate.errors import Message


def prepare_office(directory: Path) -> Message:
    """Write the office and return what to tell the person who asked for it.

    Raises `NotAllowed` for a folder with other things in it and `StorageError` when the disk refuses.
    """
    key = "config.office_completed" if is_office(directory) else "config.office_made"
    written = write_office(directory)
    return Message(key, {"path": str(directory.resolve()), "count": len(written)})
