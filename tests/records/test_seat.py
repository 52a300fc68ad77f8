"""所在: a copy of an office's database is told apart from the one it was made of."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.errors import NotAllowed
from syndicate.records import models, seat
from syndicate.records.connection import close_connections, open_records, use_database
from tests.databases import on_postgresql
from tests.postgres import Cluster

KEY = "a" * 64


def test_an_office_sits_down_once_and_stays(records: Path, now: datetime) -> None:
    seat.sit(records, now, KEY)
    seat.sit(records, now + timedelta(days=400), KEY)
    assert models.Seat.objects.get().since == now


def test_a_copy_of_the_file_in_another_folder_sends_nothing(
    home: Path, sqlite_template: Path, tmp_path: Path, now: datetime
) -> None:
    shutil.copy(sqlite_template, home / "var" / "syndicate.sqlite3")
    open_records(home)
    seat.sit(home, now, KEY)
    close_connections()
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    open_records(copy)
    with pytest.raises(NotAllowed) as error:
        seat.sit(copy, now, KEY)
    close_connections()
    assert error.value.message.key == "restore.other_seat"


def test_a_copy_of_a_postgresql_database_sends_nothing(cluster: Cluster, home: Path, now: datetime) -> None:
    with cluster.database() as url:
        use_database(url)
        open_records(home)
        seat.sit(home, now, KEY)
        close_connections()
        name = url.partition("@/")[2].partition("?")[0]
        cluster.psql(f"CREATE DATABASE copied TEMPLATE {name}")
        use_database(cluster.url("copied"))
        open_records(home)
        try:
            with pytest.raises(NotAllowed):
                seat.sit(home, now, KEY)
        finally:
            close_connections()
            use_database("")
            cluster.psql("DROP DATABASE copied WITH (FORCE)")


@on_postgresql
def test_another_machine_of_the_same_postgresql_may_send(records: Path, now: datetime, tmp_path: Path) -> None:
    seat.sit(records, now, KEY)
    seat.sit(tmp_path / "another", now + timedelta(hours=1), KEY)
    assert models.Seat.objects.get().since == now


def test_an_office_from_a_backup_sends_nothing_even_in_its_old_place(records: Path, now: datetime) -> None:
    seat.sit(records, now, KEY)
    seat.leave(now)
    with pytest.raises(NotAllowed) as error:
        seat.sit(records, now + timedelta(hours=1), KEY)
    assert error.value.message.key == "restore.restored_seat"


def test_a_copy_that_is_taken_over_may_send(records: Path, now: datetime) -> None:
    models.Seat.objects.create(id=1, place="elsewhere", since=now)
    assert seat.take_over(records, now + timedelta(hours=1)) is True
    seat.sit(records, now + timedelta(hours=2), KEY)
    assert models.Seat.objects.get().since == now + timedelta(hours=1)


def test_taking_over_what_is_here_changes_nothing(records: Path, now: datetime) -> None:
    seat.sit(records, now, KEY)
    assert seat.take_over(records, now + timedelta(hours=1)) is False


def test_another_key_than_the_first_is_refused(records: Path, now: datetime) -> None:
    seat.sit(records, now, KEY)
    seat.sit(records, now, "b" * 64)
    with pytest.raises(NotAllowed) as error:
        seat.check_key("b" * 64)
    assert error.value.message.key == "restore.key_changed"


def test_the_key_of_the_office_is_known_again(records: Path, now: datetime) -> None:
    seat.sit(records, now, KEY)
    assert seat.check_key(KEY) is None


def test_an_office_that_never_sent_knows_no_key_yet(records: Path) -> None:
    assert seat.check_key(KEY) is None
