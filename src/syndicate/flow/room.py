"""磁盘空间: what is new is no longer taken in before the disk is full, so that what was approved can still go out."""

from __future__ import annotations

import csv
import shutil
from functools import cache
from importlib.resources import files
from pathlib import Path

from syndicate.errors import StorageError

_MEGABYTE = 1_000_000


@cache
def upkeep_limits() -> dict[str, int]:
    """The limits of `upkeep_limits.tsv`, each in the unit that stands there."""
    text = files("syndicate.flow").joinpath("upkeep_limits.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: int(row["value"]) for row in rows}


def free_megabytes(home: Path) -> int:
    """Room on the disk of the office, in millions of bytes. Raises StorageError where the disk cannot be asked."""
    try:
        return shutil.disk_usage(home).free // _MEGABYTE
    except OSError as error:
        raise StorageError("site.disk", path=str(home), reason=error.strerror or str(error)) from error


def check_room(home: Path) -> None:
    """Raises StorageError when there is too little room to take anything new in."""
    free, stop = free_megabytes(home), upkeep_limits()["disk_stop"]
    if free < stop:
        raise StorageError("doctor.no_room", free=free, stop=stop)
