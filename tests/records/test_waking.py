from __future__ import annotations

import select
import stat
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from syndicate.errors import Conflict, StorageError
from syndicate.records import waking
from tests.databases import on_postgresql, on_sqlite


def _rings(bell: waking.Bell, seconds: float = 5) -> bool:
    """Whether it rings within a time."""
    return bool(select.select([bell.fileno()], [], [], seconds)[0])


def _heard(home: Path) -> bool:
    with closing(waking.listen(home)) as bell:
        waking.wake(home)
        return _rings(bell)


def test_a_listening_worker_is_woken(records: Path) -> None:
    assert _heard(records)


def test_a_bell_that_was_heard_is_silent_until_it_rings_again(records: Path) -> None:
    with closing(waking.listen(records)) as bell:
        waking.wake(records)
        first = _rings(bell)
        bell.clear()
        silent = not _rings(bell, 0.05)
        waking.wake(records)
        assert (first, silent, _rings(bell)) == (True, True, True)


def test_waking_without_a_worker_does_nothing(records: Path) -> None:
    waking.wake(records)


def test_waking_an_office_without_a_data_folder_does_nothing(records: Path, tmp_path: Path) -> None:
    waking.wake(tmp_path / "nowhere")


def test_a_dead_workers_bell_does_not_disturb(records: Path) -> None:
    waking.listen(records).close()
    waking.wake(records)


def test_a_new_worker_takes_a_dead_workers_bell_over(records: Path) -> None:
    waking.listen(records).close()
    assert _heard(records)


@on_sqlite
def test_a_second_standing_worker_is_refused_and_the_first_keeps_its_bell(records: Path) -> None:
    with closing(waking.listen(records)) as bell:
        with pytest.raises(Conflict, match="SQLite"):
            waking.listen(records)
        waking.wake(records)
        assert _rings(bell)


@on_postgresql
def test_on_postgresql_every_worker_hears(records: Path) -> None:
    with closing(waking.listen(records)) as first, closing(waking.listen(records)) as second:
        waking.wake(records)
        assert _rings(first)
        assert _rings(second)


@on_postgresql
def test_a_bell_whose_server_ended_says_so(records: Path) -> None:
    with closing(waking.listen(records)) as bell:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN %'")
        assert _rings(bell)
        bell.clear()  # its last words
        assert _rings(bell)
        with pytest.raises(StorageError):
            bell.clear()


def test_a_bell_that_nobody_empties_never_blocks_who_rings(records: Path) -> None:
    with closing(waking.listen(records)):
        for _ in range(2000):
            waking.wake(records)


@on_sqlite
def test_nobody_else_on_the_machine_can_ring(records: Path) -> None:
    with closing(waking.listen(records)):
        assert stat.S_IMODE((records / "var" / "wake.sock").stat().st_mode) == 0o600


@on_sqlite
def test_an_office_deep_in_the_file_system_is_woken_too(records: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("很深的文件夹" * 10) / "office"
    (deep / "var").mkdir(parents=True)
    assert _heard(deep)
