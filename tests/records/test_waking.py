from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from syndicate.records import waking


def _heard(home: Path) -> bool:
    with waking.listen(home) as bell:
        waking.wake(home)
        return bell.recv(16) == b"due"


def test_a_listening_worker_is_woken(records: Path) -> None:
    assert _heard(records)


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


def test_a_bell_that_nobody_empties_never_blocks_who_rings(records: Path) -> None:
    with waking.listen(records):
        for _ in range(2000):
            waking.wake(records)


def test_nobody_else_on_the_machine_can_ring(records: Path) -> None:
    with waking.listen(records):
        assert stat.S_IMODE((records / "var" / "wake.sock").stat().st_mode) == 0o600


def test_an_office_deep_in_the_file_system_is_woken_too(records: Path, tmp_path: Path) -> None:
    deep = tmp_path / ("很深的文件夹" * 10) / "office"
    (deep / "var").mkdir(parents=True)
    assert _heard(deep)


@pytest.mark.parametrize("records", ["postgresql"], indirect=True)
def test_workers_on_other_machines_are_told_through_postgresql(records: Path) -> None:
    parameters = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    with psycopg.connect(**{k: v for k, v in parameters.items() if k in names and v}, autocommit=True) as listener:
        listener.execute(f"LISTEN {waking.CHANNEL}")
        waking.wake(records)
        assert [note.channel for note in listener.notifies(timeout=5, stop_after=1)] == [waking.CHANNEL]
