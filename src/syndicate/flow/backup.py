"""备份: database, files, reports and configuration in one archive; the office key is kept apart."""

from __future__ import annotations

import hashlib
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

from syndicate.errors import StorageError
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor
from syndicate.records import audit
from syndicate.records.backup import copy_database
from syndicate.records.connection import one_transaction

CONTENTS = ("channels", "content", "cron", "var/files", "var/reports")


@dataclass(frozen=True)
class Backup:
    """An archive as it was written and read again."""

    path: Path
    sha256: str
    files: int


def backup(workspace: Workspace, actor: Actor) -> Backup:
    """Write `var/backups/<time>.tar.gz`, read it again, and note it in the audit. Secrets are never in it."""
    now = workspace.now()
    folder = workspace.home / "var" / "backups"
    path = folder / f"{now:%Y%m%dT%H%M%S}.tar.gz"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            unfinished = Path(scratch) / "archive"
            _write(workspace.home, unfinished, copy_database(Path(scratch)))
            names, sha256 = _read_again(unfinished)
            unfinished.replace(path)
    except OSError as error:
        raise StorageError("site.disk", path=path, reason=error.strerror or "") from error
    with one_transaction():
        data = {"path": path.name, "sha256": sha256, "files": len(names)}
        audit.append(actor, "office.backup", "office", data, now)
    return Backup(path, sha256, len(names))


def _write(home: Path, target: Path, database: Path) -> None:
    with tarfile.open(target, "w:gz") as archive:
        target.chmod(0o600)
        archive.add(database, arcname=f"var/{database.name}")
        for name in CONTENTS:
            if (home / name).exists():
                archive.add(home / name, arcname=name)


def _read_again(target: Path) -> tuple[tuple[str, ...], str]:
    """Every member of the archive, read to its end, and the archive's SHA-256."""
    names = []
    with tarfile.open(target) as archive:
        for member in archive:
            source = archive.extractfile(member) if member.isfile() else None
            while source and source.read(1 << 20):
                pass
            names += [member.name] if member.isfile() else []
    with target.open("rb") as file:
        return tuple(names), hashlib.file_digest(file, "sha256").hexdigest()
