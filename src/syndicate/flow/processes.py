"""Work that keeps every processor busy: pieces made in processes of their own, taken in order by the one that asked."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NoReturn, TypeVar

from syndicate.records.connection import close_connections

Piece = TypeVar("Piece")


def processes_for(pieces: int) -> int:
    """How many processes such work may use; 1 where other threads run, as a fork would copy the locks they hold."""
    return 1 if threading.active_count() > 1 else max(1, min(len(os.sched_getaffinity(0)), pieces))


def in_order(make: Callable[[int], Sequence[Piece]], pieces: int, processes: int) -> Iterator[Piece]:
    """What `make(0)`, `make(1)` … `make(pieces - 1)` give, in that order.

    A process that fails or is killed leaves its pieces to this one, where the reason is raised as always.
    """
    if processes < 2:
        for number in range(pieces):
            yield from make(number)
        return
    close_connections()  # a connection to the database must not be used on both sides of a fork
    context = get_context("fork")
    gc.freeze()  # what stands is shared: looking for garbage in it would copy it into every process
    ends: list[Connection] = []
    children = []
    for first in range(processes):
        end, other = context.Pipe(duplex=False)
        ends.append(end)
        child = context.Process(target=_send, args=(make, range(first, pieces, processes), other, ends), daemon=True)
        child.start()
        other.close()
        children.append(child)
    try:
        for number in range(pieces):
            yield from _received(ends[number % processes], make, number)
    finally:
        gc.unfreeze()
        for end, child in zip(ends, children, strict=True):
            end.close()
            child.terminate()
            child.join()


def _send(
    make: Callable[[int], Sequence[Piece]], numbers: Iterable[int], other: Connection, ends: Iterable[Connection]
) -> None:
    """The life of a process. It says nothing of what goes wrong: whoever reads makes the piece again and tells."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one that asked is interrupted as well, and ends this one
    signal.signal(signal.SIGTERM, _end)
    for end in ends:
        end.close()  # with a reading end of its own it would never notice that nobody reads any more
    try:
        for number in numbers:
            other.send(make(number))
    except Exception:  # noqa: BLE001, S110 see above
        pass
    finally:
        close_connections()


def _end(number: int, _frame: object) -> NoReturn:
    """Ends so that what was begun is put away."""
    sys.exit(128 + number)


def _received(end: Connection, make: Callable[[int], Sequence[Piece]], number: int) -> Sequence[Piece]:
    try:
        received: Sequence[Piece] = end.recv()
    except (EOFError, OSError):
        return make(number)
    return received
