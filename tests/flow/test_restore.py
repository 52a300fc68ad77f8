"""恢复: an office again on an empty machine, proved against the list that its backup carries, on both databases."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from syndicate.errors import NotAllowed, StorageError, SyndicateError
from syndicate.flow.backup import LIST, Backup, backup
from syndicate.flow.restore import Restored, restore
from syndicate.flow.taking_over import take_over
from syndicate.flow.workspace import open_workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, items
from syndicate.records.backup import POSTGRESQL_COPY, SQLITE_COPY
from syndicate.records.connection import close_connections, on_postgresql, open_records, use_database
from tests.databases import on_both
from tests.disk import full_disk
from tests.flow.office import Desk
from tests.flow.web import PNG

CRON = Actor("cron", Role.SYSTEM, "cli")
Restoring = Callable[..., Restored]
pytestmark = on_both


@pytest.fixture
def made(desk: Desk) -> Backup:
    desk.workspace.files.put(PNG)
    desk.submitted("app")
    return backup(desk.workspace, CRON)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the office comes back."""
    return tmp_path / "again"


@pytest.fixture
def again(desk: Desk, target: Path, request: pytest.FixtureRequest) -> Iterator[Restoring]:
    """Restores on a machine of its own: an empty folder, and on PostgreSQL an empty database, the same at each call."""
    office = os.environ["DATABASE_URL"]
    with ExitStack() as machine:
        empty = ""
        if on_postgresql():
            empty = machine.enter_context(request.getfixturevalue("cluster").database("template0"))

        def restored(archive: Path, *, passphrase: str = "", key: bytes | None = None, home: Path = target) -> Restored:
            use_database(empty)
            return restore(archive, home, _key(desk) if key is None else key, passphrase)

        yield restored
        close_connections()
    use_database(office)
    open_records(desk.home)


def _key(desk: Desk) -> bytes:
    return (desk.home / "var" / "secrets" / "office-key").read_bytes()


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


def _with_another_row(made: Backup) -> Path:
    """The backup with a list that counts one row more than the database in it holds."""
    with tarfile.open(made.path) as archive:
        file = archive.extractfile(LIST)
        assert file
        listed = json.loads(file.read())
    listed["rows"]["records_item"] += 1
    return _changed(made, LIST, json.dumps(listed).encode())


def _left(tmp_path: Path) -> list[str]:
    return [path.name for path in tmp_path.iterdir() if "again" in path.name]


def test_items_come_back(again: Restoring, made: Backup) -> None:
    again(made.path)
    assert items.get(1).state == "submitted"


def test_files_come_back(again: Restoring, made: Backup, target: Path) -> None:
    again(made.path)
    found = [file for file in (target / "var" / "files").rglob("*") if file.is_file()]
    assert PNG in [file.read_bytes() for file in found]


def test_configuration_comes_back(desk: Desk, again: Restoring, made: Backup, target: Path) -> None:
    before = (desk.home / "channels" / "app.yaml").read_bytes()
    again(made.path)
    assert (target / "channels" / "app.yaml").read_bytes() == before


def test_the_audit_chain_is_proved_and_counted(again: Restoring, made: Backup) -> None:
    expected = audit.verify().events - 1  # the backup itself is noted after it was made
    assert again(made.path).audit_events == expected


def test_only_the_office_may_enter_what_came_back(again: Restoring, made: Backup, target: Path) -> None:
    again(made.path)
    var = target / "var"
    modes = [path.stat().st_mode & 0o777 for path in (var, var / "secrets", var / "secrets" / "office-key")]
    assert modes == [0o700, 0o700, 0o600]


def test_only_the_office_may_read_what_the_database_holds(again: Restoring, made: Backup, target: Path) -> None:
    """On PostgreSQL nothing of it is left in the folder."""
    again(made.path)
    kept = [path for path in (target / "var").iterdir() if "database" in path.name or "sqlite" in path.name]
    assert {path.stat().st_mode & 0o777 for path in kept} == (set() if on_postgresql() else {0o600})


def test_a_file_that_everybody_could_write_is_the_owners_again(again: Restoring, made: Backup, target: Path) -> None:
    loose = made.path.with_name("loose.tar.gz")
    with tarfile.open(made.path) as source, tarfile.open(loose, "w:gz") as copy:
        for member in source:
            member.mode = 0o6777
            copy.addfile(member, source.extractfile(member))
    again(loose)
    assert (target / "channels" / "app.yaml").stat().st_mode & 0o7777 == 0o755


def test_a_sealed_backup_comes_back_with_its_passphrase(desk: Desk, again: Restoring) -> None:
    desk.submitted("app")
    again(backup(desk.workspace, CRON, "样例口令").path, passphrase="样例口令")
    assert items.get(1).state == "submitted"


def test_a_folder_in_use_is_left_alone(desk: Desk, again: Restoring, made: Backup) -> None:
    with pytest.raises(NotAllowed) as error:
        again(made.path, home=desk.home)
    assert error.value.message.key == "restore.not_empty"


def test_another_office_key_is_refused(again: Restoring, made: Backup) -> None:
    with pytest.raises(NotAllowed) as error:
        again(made.path, key=b"x" * 32)
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
        (LIST, None),
        (LIST, b"{}"),
    ],
)
def test_a_changed_backup_is_refused_and_leaves_nothing(
    again: Restoring, made: Backup, tmp_path: Path, member: str, data: bytes | None
) -> None:
    with pytest.raises(StorageError):
        again(_changed(made, member, data))
    assert _left(tmp_path) == []


@pytest.mark.parametrize("data", [None, b"no database"])
def test_a_backup_without_its_database_is_refused_and_leaves_nothing(
    again: Restoring, made: Backup, tmp_path: Path, data: bytes | None
) -> None:
    database = POSTGRESQL_COPY if on_postgresql() else SQLITE_COPY
    with pytest.raises(StorageError):
        again(_changed(made, f"var/{database}", data))
    assert _left(tmp_path) == []


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_backup_that_was_cut_short_is_refused(again: Restoring, made: Backup, share: float) -> None:
    data = made.path.read_bytes()
    made.path.write_bytes(data[: int(len(data) * share)])
    with pytest.raises(StorageError) as error:
        again(made.path)
    assert error.value.message.key == "restore.damaged"


def test_a_row_that_is_missing_is_found(again: Restoring, made: Backup) -> None:
    with pytest.raises(StorageError) as error:
        again(_with_another_row(made))
    assert (error.value.message.key, error.value.message.values["why"]) == ("restore.damaged", "records_item")


def test_the_address_of_the_database_that_was_filled_is_kept(again: Restoring, made: Backup, target: Path) -> None:
    """Without it whatever does not know this call's environment would begin an empty office."""
    again(made.path)
    kept = target / "var" / "secrets" / "database-url"
    assert (kept.read_text("utf-8") if kept.exists() else "") == os.environ["DATABASE_URL"]


def test_after_a_refusal_the_same_machine_takes_the_right_backup(again: Restoring, made: Backup) -> None:
    with pytest.raises(StorageError):
        again(_with_another_row(made))
    again(made.path)
    assert items.get(1).state == "submitted"


def test_a_full_disk_leaves_nothing(again: Restoring, made: Backup, tmp_path: Path) -> None:
    with full_disk(100_000), pytest.raises(SyndicateError):
        again(made.path)
    assert _left(tmp_path) == []


def test_an_office_that_comes_back_in_its_old_place_sends_nothing_either(
    desk: Desk, again: Restoring, made: Backup, tmp_path: Path
) -> None:
    archive = made.path.rename(tmp_path / made.path.name)
    secrets, key = desk.home / "var" / "secrets", _key(desk)
    shutil.copytree(secrets, tmp_path / "secrets")
    close_connections()
    shutil.rmtree(desk.home)
    again(archive, home=desk.home, key=key)
    shutil.copytree(tmp_path / "secrets", secrets, dirs_exist_ok=True)
    with pytest.raises(NotAllowed) as error:
        open_workspace(desk.home, desk.workspace.now, sends=True)
    assert error.value.message.key == "restore.restored_seat"


def test_a_restored_office_sends_nothing_until_it_is_taken_over(desk: Desk, again: Restoring, target: Path) -> None:
    open_workspace(desk.home, desk.workspace.now, sends=True).close()
    again(backup(desk.workspace, CRON).path)
    shutil.copytree(desk.home / "var" / "secrets", target / "var" / "secrets", dirs_exist_ok=True)
    with pytest.raises(NotAllowed):
        open_workspace(target, desk.workspace.now, sends=True)
    take_over(target, CRON, desk.workspace.now())
    open_workspace(target, desk.workspace.now, sends=True).close()
    assert [event.action for event in audit.of_subject("office")] == ["office.taken_over"]
