"""恢复: an office again on an empty machine, proved against the list that its backup carries."""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from syndicate.errors import NotAllowed, StorageError, SyndicateError
from syndicate.flow.backup import Backup, backup
from syndicate.flow.restore import Restored, restore, take_over
from syndicate.flow.workspace import open_workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, items
from syndicate.records.connection import open_records
from tests.disk import full_disk
from tests.flow.archives import unpacked
from tests.flow.office import Desk
from tests.flow.web import PNG

CRON = Actor("cron", Role.SYSTEM, "cli")


@pytest.fixture
def made(desk: Desk) -> Backup:
    desk.workspace.files.put(PNG)
    desk.submitted("app")
    return backup(desk.workspace, CRON)


def _key(desk: Desk) -> bytes:
    return (desk.home / "var" / "secrets" / "office-key").read_bytes()


def _again(desk: Desk, made: Backup, target: Path) -> Restored:
    return restore(made.path, target, _key(desk), "")


def _changed(made: Backup, change: str, data: bytes | None) -> Path:
    """The backup with one member changed, or left out where `data` is None, or added."""
    target = made.path.with_name("changed.tar.gz")
    with tarfile.open(made.path) as source, tarfile.open(target, "w:gz") as copy:
        for member in source:
            if member.name != change:
                copy.addfile(member, source.extractfile(member))
        if data is not None:
            member = tarfile.TarInfo(change)
            member.size = len(data)
            copy.addfile(member, io.BytesIO(data))
    return target


def test_items_come_back(desk: Desk, made: Backup, tmp_path: Path) -> None:
    _again(desk, made, tmp_path / "again")
    assert items.get(1).state == "submitted"


def test_files_come_back(desk: Desk, made: Backup, tmp_path: Path) -> None:
    _again(desk, made, tmp_path / "again")
    found = [file for file in (tmp_path / "again" / "var" / "files").rglob("*") if file.is_file()]
    assert PNG in [file.read_bytes() for file in found]


def test_configuration_comes_back(desk: Desk, made: Backup, tmp_path: Path) -> None:
    before = (desk.home / "channels" / "app.yaml").read_bytes()
    _again(desk, made, tmp_path / "again")
    assert (tmp_path / "again" / "channels" / "app.yaml").read_bytes() == before


def test_the_audit_chain_is_proved_and_counted(desk: Desk, made: Backup, tmp_path: Path) -> None:
    expected = audit.verify().events - 1  # the backup itself is noted after it was made
    assert _again(desk, made, tmp_path / "again").audit_events == expected


def test_only_the_office_may_read_what_came_back(desk: Desk, made: Backup, tmp_path: Path) -> None:
    _again(desk, made, tmp_path / "again")
    var = tmp_path / "again" / "var"
    modes = [path.stat().st_mode & 0o777 for path in (var, var / "secrets", var / "secrets" / "office-key")]
    assert [*modes, (var / "syndicate.sqlite3").stat().st_mode & 0o777] == [0o700, 0o700, 0o600, 0o600]


def test_a_file_that_everybody_could_write_is_the_owners_again(desk: Desk, made: Backup, tmp_path: Path) -> None:
    loose = made.path.with_name("loose.tar.gz")
    with tarfile.open(made.path) as source, tarfile.open(loose, "w:gz") as copy:
        for member in source:
            member.mode = 0o6777
            copy.addfile(member, source.extractfile(member))
    restore(loose, tmp_path / "again", _key(desk), "")
    assert (tmp_path / "again" / "channels" / "app.yaml").stat().st_mode & 0o7777 == 0o755


def test_a_sealed_backup_comes_back_with_its_passphrase(desk: Desk, tmp_path: Path) -> None:
    desk.submitted("app")
    sealed = backup(desk.workspace, CRON, "样例口令")
    restore(sealed.path, tmp_path / "again", _key(desk), "样例口令")
    assert items.get(1).state == "submitted"


def test_a_folder_in_use_is_left_alone(desk: Desk, made: Backup, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed) as error:
        _again(desk, made, desk.home)
    assert error.value.message.key == "restore.not_empty"


def test_another_office_key_is_refused(desk: Desk, made: Backup, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed) as error:
        restore(made.path, tmp_path / "again", b"x" * 32)
    assert error.value.message.key == "restore.other_key"


@pytest.mark.parametrize(
    ("member", "data"),
    [
        ("channels/app.yaml", b"changed"),
        ("channels/app.yaml", None),
        ("content/more.yaml", b"more"),
        ("../outside.txt", b"climbs"),
        ("/etc/outside", b"absolute"),
        ("var/secrets/weibo-access-token", b"foreign place"),
        ("backup.json", None),
        ("backup.json", b"{}"),
        ("var/database.sqlite3", None),
        ("var/database.sqlite3", b"no database"),
    ],
)
def test_a_changed_backup_is_refused_and_leaves_nothing(
    desk: Desk, made: Backup, tmp_path: Path, member: str, data: bytes | None
) -> None:
    with pytest.raises(StorageError):
        restore(_changed(made, member, data), tmp_path / "again", _key(desk))
    assert [path.name for path in tmp_path.iterdir() if "again" in path.name] == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_backup_that_was_cut_short_is_refused(desk: Desk, made: Backup, tmp_path: Path, share: float) -> None:
    data = made.path.read_bytes()
    made.path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(StorageError) as error:
        _again(desk, made, tmp_path / "again")
    assert error.value.message.key == "restore.damaged"


def test_a_row_that_is_missing_is_found(desk: Desk, made: Backup, tmp_path: Path) -> None:
    unpacked(made.path, tmp_path / "taken")
    with closing(sqlite3.connect(tmp_path / "taken" / "var" / "database.sqlite3")) as database:
        database.execute("DELETE FROM records_probe")
        database.execute("DELETE FROM records_snapshot")
        database.commit()
    forged = (tmp_path / "taken" / "var" / "database.sqlite3").read_bytes()
    archive_ = _changed(made, "var/database.sqlite3", forged)
    listed = json.loads((tmp_path / "taken" / "backup.json").read_bytes())
    assert listed["rows"]["records_snapshot"] == 1
    with pytest.raises(StorageError):
        restore(archive_, tmp_path / "again", _key(desk))


def test_a_full_disk_leaves_nothing(desk: Desk, made: Backup, tmp_path: Path) -> None:
    key = _key(desk)
    with full_disk(100_000), pytest.raises(SyndicateError):
        restore(made.path, tmp_path / "again", key)
    assert [path.name for path in tmp_path.iterdir() if "again" in path.name] == []


def test_a_restored_office_sends_nothing_until_it_is_taken_over(desk: Desk, tmp_path: Path) -> None:
    open_workspace(desk.home, desk.workspace.now, sends=True).close()
    made = backup(desk.workspace, CRON)
    target = tmp_path / "again"
    _again(desk, made, target)
    shutil.copytree(desk.home / "var" / "secrets", target / "var" / "secrets", dirs_exist_ok=True)
    with pytest.raises(NotAllowed):
        open_workspace(target, desk.workspace.now, sends=True)
    take_over(target, CRON, desk.workspace.now())
    open_workspace(target, desk.workspace.now, sends=True).close()
    assert [event.action for event in audit.of_subject("office")] == ["office.taken_over"]


@pytest.fixture(autouse=True)
def _home_again(desk: Desk) -> object:
    yield
    open_records(desk.home)
