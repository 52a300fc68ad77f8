"""整理: removes what the office keeps no longer, by the days of `retention.tsv`. Receipts and the audit log never end."""

from __future__ import annotations

import csv
import re
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path

from syndicate.errors import NotAllowed, disk_refusal
from syndicate.flow.screens import FOLDER as SCREENS
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor
from syndicate.records import audit, pulses, retention
from syndicate.records.connection import one_transaction

OF_REPORTS = (
    *("attempts", "probes", "source_looks", "site_problems", "site_rounds", "screen_logs"),
    *("kept_facts", "former_findings", "page_ratings"),
)
"""What reports are made of."""
LOOKS_BACK = timedelta(days=365)
"""The longest time that an indicator looks back."""
REPORTS_STAY = timedelta(days=400) + LOOKS_BACK
"""What reports are made of is kept for at least so long, so that those of the last 400 days stay the same."""
_BEFORE_UPGRADE = "before-upgrade-"
_BACKUP = re.compile(rf"(?:{_BEFORE_UPGRADE})?(\d{{8}}T\d{{6}})\.[a-z0-9.]+")
_MONTHS_OF_BACKUPS = timedelta(days=366)


@cache
def kept_for() -> Mapping[str, timedelta]:
    """How long each kind is kept, by its key in `retention.tsv`."""
    text = files("syndicate.flow").joinpath("retention.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: timedelta(days=int(row["days"])) for row in rows}


def tidy(workspace: Workspace, actor: Actor) -> Mapping[str, int]:
    """Remove what is older than the office keeps it; how much of each kind. What was removed is in the audit.

    Raises NotAllowed where `retention.tsv` names what is never purged, StorageError when the disk refuses.
    """
    now = workspace.now()
    folders = {
        "screen_logs": _screen_logs(workspace.home, now - kept_for()["screen_logs"]),
        "converted_files": _older(workspace.home / "var" / "converted", now - kept_for()["converted_files"]),
        "stray_files": _strays(workspace.home / "var" / "files", now - kept_for()["stray_files"]),
        "backups": _backups(workspace.home / "var" / "backups", now),
    }
    removed = {
        kind: _unlinked(folders[kind]) if kind in folders else retention.remove(kind, now - span)
        for kind, span in kept_for().items()
    }
    with one_transaction():
        pulses.beat("tidy", now)
        if any(removed.values()):
            told = {kind: count for kind, count in removed.items() if count}
            audit.append(actor, retention.TIDIED, "office", told, now)
    return removed


def check_kept(end: datetime) -> None:
    """Raises NotAllowed where a part of what a report of a period that ended then is made of has been removed."""
    tidied = retention.last_tidied()
    if tidied is not None and end - LOOKS_BACK < tidied - min(kept_for()[kind] for kind in OF_REPORTS):
        raise NotAllowed("retention.too_old", day=f"{end - timedelta(days=1):%Y-%m-%d}")


def _unlinked(paths: Iterator[Path]) -> int:
    count = 0
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise disk_refusal(path, error) from error
        count += 1
    return count


def _older(folder: Path, before: datetime) -> Iterator[Path]:
    """Files anywhere below a folder that nobody wrote or took up since then."""
    return (path for path in sorted(folder.rglob("*")) if _is_older(path, before))


def _is_older(path: Path, before: datetime) -> bool:
    """Whether it is a file that nobody wrote or took up since then; what has gone since it was listed is none."""
    try:
        found = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(found.st_mode) and found.st_mtime < before.timestamp()


def _screen_logs(home: Path, before: datetime) -> Iterator[Path]:
    """Each holds the day that its name says."""
    return (path for path in sorted((home / SCREENS).glob("*/*.tsv")) if path.stem < f"{before:%Y-%m-%d}")


def _strays(folder: Path, before: datetime) -> Iterator[Path]:
    """Files of the store that belong to nothing. `FileStore.put` marks a file that is put again as new."""
    found = {path.name: path for path in _older(folder, before)}
    for name in sorted(retention.unused(found)):
        if _is_older(found[name], before):  # not put again while the texts were read
            yield found[name]


def _backups(folder: Path, now: datetime) -> Iterator[Path]:
    """Older ones, but the first of each month of a year, and never the newest there is."""
    found = sorted((made, path) for path in folder.glob("*") if (made := _made_at(path)) is not None)
    firsts: dict[str, Path] = {}
    for made, path in found:
        if not path.name.startswith(_BEFORE_UPGRADE):
            firsts.setdefault(f"{made:%Y-%m}", path)
    for made, path in found[:-1]:
        age = now.replace(tzinfo=None) - made
        first = path == firsts.get(f"{made:%Y-%m}") and age <= _MONTHS_OF_BACKUPS
        if age > kept_for()["backups"] and not first:
            yield path


def _made_at(path: Path) -> datetime | None:
    """When a backup was made, in the office's time, by its name; None for a file of somebody else."""
    match = _BACKUP.fullmatch(path.name)
    try:
        return datetime.strptime(match[1], "%Y%m%dT%H%M%S") if match else None  # noqa: DTZ007 the name holds no zone
    except ValueError:
        return None
