"""备份: database, files, reports and configuration in one archive; the office key is kept apart."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from syndicate.config.secrets import key_check, office_key
from syndicate.errors import StorageError, disk_refusal
from syndicate.flow.sealing import seal, unseal
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor
from syndicate.records import audit
from syndicate.records.backup import DatabaseCopy, copy_database
from syndicate.records.connection import one_transaction
from syndicate.site.atomic import sync_folder

CONTENTS = ("channels", "content", "cron", "var/files", "var/reports", "var/screens")
LIST = "backup.json"
"""The last member of an archive: what must be in it, so that a restoration can prove that all of it came back."""


@dataclass(frozen=True)
class Backup:
    """An archive as it was written and read again."""

    path: Path
    sha256: str
    files: int


def backup(workspace: Workspace, actor: Actor, passphrase: str = "") -> Backup:
    """Write `var/backups/<time>.tar.gz`, read it again, and note it in the audit. Secrets are never in it.

    With a passphrase the archive is encrypted as a whole and ends in `.sealed`. Raises StorageError.
    """
    now = workspace.now()
    folder = workspace.home / "var" / "backups"
    path = folder / f"{now:%Y%m%dT%H%M%S}.tar.gz{'.sealed' if passphrase else ''}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            unfinished = Path(scratch) / "archive"
            _write(workspace, unfinished, copy_database(Path(scratch)))
            files = _proved(unfinished)
            if passphrase:
                unfinished = _sealed(unfinished, passphrase)
            unfinished.chmod(0o600)
            with unfinished.open("rb") as file:
                os.fsync(file.fileno())
            sha256 = _sum_of(unfinished)
            unfinished.replace(path)
            sync_folder(folder)
    except OSError as error:
        raise disk_refusal(path, error) from error
    with one_transaction():
        data = {"path": path.name, "sha256": sha256, "files": files}
        audit.append(actor, "office.backup", "office", data, now)
    return Backup(path, sha256, files)


def _write(workspace: Workspace, target: Path, database: DatabaseCopy) -> None:
    sums: dict[str, str] = {}
    with tarfile.open(target, "w:gz") as archive:
        target.chmod(0o600)
        for file, name in _chosen(workspace.home, database):
            try:
                if file.is_file():
                    sums[name] = _sum_of(file)
                archive.add(file, arcname=name, recursive=False)
            except FileNotFoundError:
                # Tidying took a stray away, or a file was put under its own name, after the listing.
                sums.pop(name, None)
        listed = {
            "format": 1,
            "made_at": workspace.now().isoformat(),
            "key_check": key_check(office_key(workspace.home)),
            "rows": dict(database.rows),
            "files": sums,
        }
        data = json.dumps(listed, ensure_ascii=False, indent=1).encode()
        member = tarfile.TarInfo(LIST)
        member.size, member.mode = len(data), 0o600
        archive.addfile(member, io.BytesIO(data))


def _chosen(home: Path, database: DatabaseCopy) -> Iterator[tuple[Path, str]]:
    """Every plain file and folder of a backup and its name there; links are not followed.

    Folders too: an office with an empty table folder has no such tables, one without the folder has the packaged ones.
    """
    yield database.path, f"var/{database.path.name}"
    for name in CONTENTS:
        for path in sorted((home / name).rglob("*")):
            if (path.is_file() or path.is_dir()) and not path.is_symlink():
                yield path, path.relative_to(home).as_posix()


def _sealed(archive: Path, passphrase: str) -> Path:
    """The archive encrypted, and decrypted once more to see that it comes back. Raises StorageError where it does not."""
    target, again = archive.with_name("sealed"), archive.with_name("again")
    seal(archive, target, passphrase)
    unseal(target, again, passphrase)
    if _sum_of(again) != _sum_of(archive):
        raise StorageError("records.backup_broken", path=target.name, why="sealed")
    return target


def _sum_of(file: Path) -> str:
    with file.open("rb") as source:
        return _digest(source)


def _digest(source: IO[bytes]) -> str:
    found = hashlib.sha256()
    while piece := source.read(1 << 20):
        found.update(piece)
    return found.hexdigest()


def _proved(target: Path) -> int:
    """Read the archive to its end and compare every file with the list; how many files it holds.

    Raises StorageError where a file changed while it was written.
    """
    sums: dict[str, str] = {}
    with tarfile.open(target) as archive:
        for member in archive:
            source = archive.extractfile(member)
            if source is None:
                continue
            if member.name == LIST:
                listed = json.load(source)["files"]
            else:
                sums[member.name] = _digest(source)
    changed = sorted(name for name, value in listed.items() if sums.get(name) != value)
    if changed:
        raise StorageError("records.backup_broken", path=target.name, why=changed[0])
    return len(sums)
