"""备份: everything needed to begin again stands in one archive, read again after writing; secrets are never in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tarfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import StorageError
from syndicate.flow.backup import LIST, Backup, backup
from syndicate.model.review import Actor, Role
from syndicate.records import audit, items
from syndicate.records.connection import on_postgresql
from tests.databases import on_both, on_sqlite
from tests.disk import full_disk
from tests.flow.archives import unpacked
from tests.flow.office import SECRETS, Desk
from tests.flow.web import PNG

CRON = Actor("cron", Role.SYSTEM, "cli")


def _names(made: Backup) -> set[str]:
    with tarfile.open(made.path) as archive:
        return {member.name for member in archive if member.isfile()}


def _bytes(made: Backup) -> bytes:
    """Everything in the archive, unpacked, one after another."""
    with tarfile.open(made.path) as archive:
        files = [archive.extractfile(member) for member in archive if member.isfile()]
        return b"".join(file.read() for file in files if file)


def test_configuration_files_and_database_are_in_it(desk: Desk) -> None:
    sha256 = desk.workspace.files.put(PNG)
    names = _names(backup(desk.workspace, CRON))
    assert names >= {
        "var/database.dump" if on_postgresql() else "var/database.sqlite3",
        "channels/website.yaml",
        "content/office.yaml",
        f"var/files/{sha256[:2]}/{sha256}",
    }


def test_no_secret_is_in_it(desk: Desk) -> None:
    whole = _bytes(backup(desk.workspace, CRON))
    assert [name for name, value in SECRETS.items() if value.encode() in whole] == []


def test_the_office_key_is_kept_apart(desk: Desk) -> None:
    key = next((desk.home / "var" / "secrets").glob("*key*")).read_bytes().strip()
    assert key not in _bytes(backup(desk.workspace, CRON))


@on_sqlite
def test_the_database_in_it_holds_what_was_committed(desk: Desk) -> None:
    item = desk.submitted("app")
    made = backup(desk.workspace, CRON)
    with tarfile.open(made.path) as archive:
        member = archive.extractfile("var/database.sqlite3")
        assert member
        copy = desk.home / "copy.sqlite3"
        copy.write_bytes(member.read())
    with closing(sqlite3.connect(copy)) as database:
        rows = database.execute("SELECT id, state FROM records_item").fetchall()
    assert rows == [(item, "submitted")]


@on_both
def test_a_backup_says_how_many_files_it_holds(desk: Desk) -> None:
    made = backup(desk.workspace, CRON)
    assert made.files == len(_names(made) - {LIST})


def test_the_audit_names_the_backup_with_its_hash(desk: Desk) -> None:
    made = backup(desk.workspace, CRON)
    (row,) = [one for one in audit.of_subject("office") if one.action == "office.backup"]
    assert (row.data["sha256"], row.data["path"]) == (made.sha256, made.path.name)


def test_the_hash_is_that_of_the_archive(desk: Desk) -> None:
    made = backup(desk.workspace, CRON)
    assert hashlib.sha256(made.path.read_bytes()).hexdigest() == made.sha256


def test_only_the_office_may_read_a_backup(desk: Desk) -> None:
    made = backup(desk.workspace, CRON)
    assert (made.path.stat().st_mode & 0o777, made.path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_second_backup_stands_beside_the_first(desk: Desk) -> None:
    first = backup(desk.workspace, CRON)
    desk.wait(timedelta(seconds=1))
    second = backup(desk.workspace, CRON)
    assert (first.path.is_file(), second.path.is_file()) == (True, True)


def test_an_earlier_backup_is_not_in_it(desk: Desk) -> None:
    backup(desk.workspace, CRON)
    desk.wait(timedelta(seconds=1))
    assert not [name for name in _names(backup(desk.workspace, CRON)) if "backups" in name]


def test_nothing_unfinished_is_left_beside_a_backup(desk: Desk) -> None:
    made = backup(desk.workspace, CRON)
    assert list(made.path.parent.iterdir()) == [made.path]


def test_an_office_begins_again_from_its_backup(desk: Desk, tmp_path: Path) -> None:
    item = desk.submitted("app")
    made = backup(desk.workspace, CRON)
    other = tmp_path / "again"
    unpacked(made.path, other)
    shutil.rmtree(desk.home / "content")
    shutil.copytree(other / "content", desk.home / "content")
    desk.reload()
    assert items.get(item).state == "submitted"


def test_a_full_disk_is_told_and_leaves_nothing_half_done(desk: Desk) -> None:
    desk.workspace.files.put(os.urandom(3_000_000))
    with pytest.raises(StorageError), full_disk(2_000_000):
        backup(desk.workspace, CRON)
    assert list((desk.home / "var" / "backups").iterdir()) == []


def test_a_disk_that_cannot_take_the_database_is_told(desk: Desk) -> None:
    with pytest.raises(StorageError), full_disk(100_000):
        backup(desk.workspace, CRON)


def test_a_file_where_the_folder_of_backups_should_be_is_told(desk: Desk) -> None:
    (desk.home / "var" / "backups").write_text("in the way", "utf-8")
    with pytest.raises(StorageError):
        backup(desk.workspace, CRON)


def test_a_failed_backup_is_not_in_the_audit(desk: Desk) -> None:
    (desk.home / "var" / "backups").write_text("in the way", "utf-8")
    with pytest.raises(StorageError):
        backup(desk.workspace, CRON)
    assert [one for one in audit.of_subject("office") if one.action == "office.backup"] == []


def test_a_stray_that_is_tidied_away_meanwhile_stops_no_backup(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stray = desk.workspace.files.path(desk.workspace.files.put(b"stray"))
    add = tarfile.TarFile.add

    def add_too_late(archive: tarfile.TarFile, name: Path, arcname: str, recursive: bool) -> None:
        if name == stray:
            stray.unlink()
        add(archive, name, arcname, recursive)

    monkeypatch.setattr(tarfile.TarFile, "add", add_too_late)
    made = backup(desk.workspace, CRON)
    assert made.files == len(_names(made) - {LIST})
    assert stray.name not in {Path(name).name for name in _names(made)}


def test_a_link_out_of_the_office_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("not ours", "utf-8")
    (desk.home / "content" / "samples").mkdir(exist_ok=True)
    (desk.home / "content" / "samples" / "link.txt").symlink_to(outside)
    assert b"not ours" not in _bytes(backup(desk.workspace, CRON))
