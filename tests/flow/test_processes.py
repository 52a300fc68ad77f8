"""Pieces made in several processes come in order, whatever happens to the processes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from syndicate.errors import NotFound
from syndicate.flow.processes import in_order, processes_for
from tests.engine.running import until


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody asked about does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


def squares(number: int) -> Sequence[int]:
    return [number, number * number]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_the_order_is_that_of_the_pieces(processes: int) -> None:
    assert list(in_order(squares, 5, processes)) == [0, 0, 1, 1, 2, 4, 3, 9, 4, 16]


def test_pieces_are_made_in_other_processes() -> None:
    makers = list(in_order(lambda _: [os.getpid()], 4, 2))
    assert (len(set(makers)), os.getpid() in makers) == (2, False)


def test_what_a_killed_process_did_not_give_is_made_here() -> None:
    here = os.getpid()

    def make(number: int) -> list[int]:
        if os.getpid() != here and number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return [number]

    assert list(in_order(make, 6, 2)) == [0, 1, 2, 3, 4, 5]


def test_a_mistake_is_raised_as_it_is() -> None:
    def make(number: int) -> list[int]:
        if number == 3:
            raise NotFound("ledger.no_channel", channel="website")
        return [number]

    with pytest.raises(NotFound, match="website"):
        list(in_order(make, 6, 2))


def test_whoever_stops_early_leaves_no_process_behind() -> None:
    results = in_order(lambda _: [os.getpid(), "x" * 1_000_000], 400, 2)
    child = next(results)
    results.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_processes_end_when_the_one_that_asked_is_killed() -> None:
    reader, writer = os.pipe()
    asking = os.fork()
    if asking == 0:
        results = in_order(lambda _: [os.getpid(), "x" * 1_000_000], 400, 2)
        pids = [next(results), next(results), next(results)]
        os.write(writer, f"{pids[0]} {pids[2]}".encode())
        signal.pause()
    children = [int(pid) for pid in os.read(reader, 100).split()]
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    until(lambda: not any(alive(pid) for pid in children))


def test_little_work_stays_in_one_process() -> None:
    assert processes_for(0) == 1


def test_no_process_is_started_beside_other_threads() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        assert processes_for(100) == 1
    finally:
        done.set()
        thread.join()


def test_a_process_that_is_ended_puts_away_what_it_began(tmp_path: Path) -> None:
    def make(number: int) -> list[int]:
        if number == 1:
            try:
                (tmp_path / "begun").touch()
                signal.pause()
            finally:
                (tmp_path / "begun").unlink()
        return [number]

    results = in_order(make, 2, 2)
    assert next(iter(results)) == 0
    until((tmp_path / "begun").exists)
    results.close()  # type: ignore[attr-defined]
    assert list(tmp_path.iterdir()) == []
