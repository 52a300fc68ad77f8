"""Writes a new office: the packaged defaults, the private folders and the office key."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from syndicate.config.defaults import defaults
from syndicate.config.secrets import FOLDER, OFFICE_KEY, OFFICE_KEY_BYTES
from syndicate.errors import NotAllowed, disk_refusal
from syndicate.site.atomic import write_atomic

_COPIED = ("channels", "content", "cron")
# The file that makes a folder an office is written last, so that an interrupted `init` can simply be run again.
_MARK = Path("content/office.yaml")
_PRIVATE = 0o700


def is_office(directory: Path) -> bool:
    """True for a folder that holds an office."""
    return (directory / _MARK).is_file()


def write_office(directory: Path) -> tuple[Path, ...]:
    """Make `directory` an office and return the files written, relative to it.

    In a folder that is an office already, only what is missing of the private folders and the key is added: what its
    people changed or deleted stays so. Raises `NotAllowed` for a folder with other things in it, `StorageError` when
    the disk refuses.
    """
    written: list[Path] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        if not is_office(directory):
            written += _copy_defaults(directory)
        for folder in (directory / "var", directory / FOLDER):
            folder.mkdir(mode=_PRIVATE, exist_ok=True)
            folder.chmod(_PRIVATE)
        written += _make_key(directory)
    except OSError as error:
        raise disk_refusal(directory, error) from error
    return tuple(written)


def _copy_defaults(directory: Path) -> list[Path]:
    """Copy every default file that is not there yet; the mark comes last."""
    root = defaults()
    wanted = [path.relative_to(root) for name in _COPIED for path in sorted((root / name).rglob("*")) if _counts(path)]
    _refuse_foreign(directory, frozenset(wanted))
    wanted.sort(key=lambda path: (path == _MARK, path))
    missing = [path for path in wanted if not os.path.lexists(directory / path)]
    for path in missing:
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        write_atomic(directory / path, (root / path).read_bytes())
    return missing


def _counts(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and "__pycache__" not in path.parts


def _refuse_foreign(directory: Path, wanted: frozenset[Path]) -> None:
    """Refuse a folder that holds anything but hidden files, `var/` and what an interrupted `init` left."""
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory)
        if relative.parts[0] == "var" or any(part.startswith(".") for part in relative.parts):
            continue
        if relative not in wanted and not path.is_dir():
            raise NotAllowed("config.not_empty", path=str(directory), name=str(relative))


def _make_key(directory: Path) -> list[Path]:
    """Make the office key unless there is one; an existing key is never replaced, or its data would be lost."""
    path = FOLDER / OFFICE_KEY
    if os.path.lexists(directory / path):
        return []
    write_atomic(directory / path, secrets.token_bytes(OFFICE_KEY_BYTES), 0o600)
    return [path]
