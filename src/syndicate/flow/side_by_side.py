"""Work on many things at once, a few threads and one database connection for each of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

from syndicate.records.connection import close_connections

Thing = TypeVar("Thing")


def side_by_side(work: Callable[[Thing], None], things: Iterable[Thing], at_once: int, name: str) -> None:
    """Call `work` with every thing, `at_once` of them at a time, in their order. Raises the first error of a call."""
    waiting, guard = iter(things), threading.Lock()

    def take() -> None:
        try:
            while True:
                with guard:
                    taken = list(islice(waiting, 1))
                if not taken:
                    return
                work(taken[0])
        finally:
            close_connections()  # at the end of the thread, not after each thing: to open one costs more than a look

    with ThreadPoolExecutor(at_once, thread_name_prefix=name) as pool:
        for done in [pool.submit(take) for _ in range(at_once)]:
            done.result()
