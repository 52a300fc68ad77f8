"""恢复: an office again from a backup, on an empty machine, with proof that all of it came back.

Everything is unpacked and proved beside the office's future place, and moved there last. A restored office sends nothing
until somebody has taken it over: the one it was copied from may be alive.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from syndicate.config.secrets import FOLDER, OFFICE_KEY, OFFICE_KEY_BYTES, key_check
from syndicate.errors import NotAllowed, StorageError, disk_refusal
from syndicate.flow.backup import CONTENTS, LIST
from syndicate.flow.sealing import is_sealed, unseal
from syndicate.records import audit, seat
from syndicate.records.backup import POSTGRESQL_COPY, SQLITE_COPY, count_rows, empty_postgresql, put_back
from syndicate.records.connection import (
    close_connections,
    on_postgresql,
    one_transaction,
    open_records,
    prepare_schema,
)
from syndicate.records.settings import DATABASE_ADDRESS, database_url
from syndicate.site.atomic import write_atomic

_DATABASES = (f"var/{SQLITE_COPY}", f"var/{POSTGRESQL_COPY}")
_PRIVATE = 0o700
_OWN, _SHARED = 0o600, 0o755
"""What the owner of a file may always do, and all that an archive may allow."""


@dataclass(frozen=True)
class Restored:
    """What came back, each compared with the list that the backup carries."""

    home: Path
    made_at: str
    files: int
    rows: int
    audit_events: int


def restore(archive: Path, home: Path, key: bytes, passphrase: str = "") -> Restored:
    """Make `home`, which must be empty or absent, the office that the backup holds; the database is opened there.

    `key` is the office key that was kept apart. Raises NotAllowed for a folder in use, a wrong key or passphrase, or a
    database that is not empty; StorageError for a damaged backup or a full disk. Then nothing is left behind.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise NotAllowed("restore.not_empty", path=str(home))
    try:
        home.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{home.name}-", dir=home.parent) as scratch:
            plain = archive
            if is_sealed(archive):
                plain = Path(scratch) / "archive"
                unseal(archive, plain, passphrase)
            office = Path(scratch) / "office"
            listed = _unpack(plain, office)
            _put_key(office, key, str(listed["key_check"]))
            with _database_of(office, listed) as events:
                if home.exists():
                    home.rmdir()
                office.rename(home)
    except OSError as error:
        raise disk_refusal(error.filename or home, error) from error
    open_records(home)
    rows = sum(int(count) for count in listed["rows"].values())
    return Restored(home, str(listed["made_at"]), len(listed["files"]), rows, events)


def _unpack(archive: Path, office: Path) -> Mapping[str, Any]:
    """Unpack what belongs to an office and prove each file; returns the list that the archive carries."""
    for folder in (office, office / "var", office / FOLDER):
        folder.mkdir(mode=_PRIVATE)
    sums: dict[str, str] = {}
    try:
        with tarfile.open(archive) as members:
            for member in members:
                if not (member.isfile() or member.isdir()) or not _belongs(member.name):
                    raise StorageError("restore.damaged", path=archive.name, why=member.name)
                if member.isfile():
                    sums[member.name] = _write(members, member, office / member.name)
                else:
                    (office / member.name).mkdir(parents=True, exist_ok=True)
    except (tarfile.TarError, EOFError, zlib.error, ValueError) as error:
        raise StorageError("restore.damaged", path=archive.name, why=str(error)) from error
    listed = _list(office / LIST, archive.name)
    sums.pop(LIST)
    differing = sorted(
        {*sums, *listed["files"]} - {name for name, value in sums.items() if listed["files"].get(name) == value}
    )
    if differing:
        raise StorageError("restore.damaged", path=archive.name, why=differing[0])
    return listed


def _write(members: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> str:
    """One file at its place, which a link cannot lead away from as none is ever unpacked; returns its SHA-256.

    Written here: Python 3.11 has the filters of `tarfile` only from 3.11.4 on, and Debian 12 has 3.11.2.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    source = members.extractfile(member)
    assert source is not None, "a plain file has content"
    with source, target.open("wb+") as file:
        shutil.copyfileobj(source, file)
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    target.chmod(member.mode & _SHARED | _OWN)
    return digest


def _belongs(name: str) -> bool:
    """Whether a member may be part of a backup: nothing absolute, nothing that climbs, nothing of another place."""
    if ".." in name.split("/") or name.startswith("/"):
        return False
    return name in (LIST, *_DATABASES) or any(name.startswith(f"{folder}/") for folder in CONTENTS)


def _list(file: Path, name: str) -> Mapping[str, Any]:
    try:
        listed = json.loads(file.read_bytes())
        file.unlink()
        if listed["format"] != 1 or not isinstance(listed["files"], dict) or not isinstance(listed["rows"], dict):
            raise ValueError(LIST)
        return {key: listed[key] for key in ("files", "rows", "made_at", "key_check")}
    except (FileNotFoundError, ValueError, KeyError, TypeError) as error:
        raise StorageError("restore.damaged", path=name, why=LIST) from error


def _put_key(office: Path, key: bytes, check: str) -> None:
    if len(key) != OFFICE_KEY_BYTES or key_check(key) != check:
        raise NotAllowed("restore.other_key")
    file = office / FOLDER / OFFICE_KEY
    file.touch(mode=0o600)
    file.write_bytes(key)


@contextmanager
def _database_of(office: Path, listed: Mapping[str, Any]) -> Iterator[int]:
    """The database put back, its rows and audit chain proved; gives how many audit events there are.

    Emptied again where anything of this fails, or what is done inside.
    """
    copy = next((office / name for name in _DATABASES if (office / name).is_file()), None)
    if copy is None:
        raise StorageError("restore.damaged", path=LIST, why="database")
    open_records(office)
    put_back(copy, office)
    try:
        copy.unlink()
        events = _proved(listed)
        prepare_schema()
        if on_postgresql():
            # Otherwise whatever does not know the environment of this call would begin an empty SQLite file.
            write_atomic(office / FOLDER / DATABASE_ADDRESS, database_url(office).encode(), 0o600)
        with one_transaction():
            seat.leave(datetime.fromisoformat(str(listed["made_at"])))
        close_connections()
        yield events
    except BaseException:
        empty_postgresql()
        raise
    finally:
        close_connections()


def _proved(listed: Mapping[str, Any]) -> int:
    rows = count_rows(listed["rows"])
    differing = sorted(table for table, count in listed["rows"].items() if rows.get(table) != count)
    if differing:
        raise StorageError("restore.damaged", path=LIST, why=differing[0])
    verified = audit.verify()
    if verified.broken is not None:
        raise StorageError("restore.audit_broken", number=verified.broken)
    return verified.events
