"""A runner that works beside a test, and what the tests wait for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from syndicate.engine.embedded import Runner
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryState
from syndicate.records import deliveries
from syndicate.records.connection import close_connections
from tests.flow.office import Desk

PATIENCE = 20.0
"""Seconds after which a test that waits for a thread has failed."""


def until(true: Callable[[], object]) -> float:
    """Seconds until something holds, looked at every few milliseconds."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < PATIENCE, "it never happened"
        threading.Event().wait(0.005)
    return time.monotonic() - started


@contextmanager
def running(workspace: Workspace) -> Iterator[Runner]:
    """A runner that works in a thread until the test is over."""
    runner = Runner(workspace)
    thread = threading.Thread(target=runner.run_forever)
    thread.start()
    try:
        until(lambda: any(one.name == "heartbeat" for one in threading.enumerate()))  # its bell hangs by then
        yield runner
    finally:
        runner.stop()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def state_of(item: int, channel: str) -> DeliveryState:
    return next(row.state for row in deliveries.of_item(item) if row.channel == channel)


def drain_and_close(desk: Desk) -> None:
    Runner(desk.workspace).drain()
    close_connections()
