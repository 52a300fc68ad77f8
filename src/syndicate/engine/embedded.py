"""The embedded runner: one process, threads per channel, woken by approvals, asleep until the next delivery is due."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import secrets
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from syndicate.errors import SyndicateError
from syndicate.flow.deliver import deliver
from syndicate.flow.workspace import Workspace
from syndicate.records import deliveries
from syndicate.records.connection import close_connections
from syndicate.records.waking import listen

log = logging.getLogger("syndicate.engine")

LONGEST_SLEEP = timedelta(seconds=30)
"""Polling is only the fallback for a wake-up that got lost."""

REST = timedelta(seconds=30)
"""How long a delivery that made the ledger's own code fail is left alone: the database may be away."""


class Runner:
    """Works through what is due until it is stopped or, with `drain`, until nothing is due now.

    Every life of a process has its own worker name, so that a lease never outlives its owner unnoticed.
    """

    def __init__(self, workspace: Workspace, progress: Callable[[int], None] = lambda _: None) -> None:
        self.worker = f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._workspace = workspace
        self._progress = progress
        self._channels = workspace.snapshot.channels
        self._busy: Counter[str] = Counter()
        self._in_hand: set[int] = set()
        self._resting: dict[int, float] = {}
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._orders: queue.SimpleQueue[tuple[int, str] | None] = queue.SimpleQueue()
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._ring.setblocking(False)
        self._done = 0

    def stop(self) -> None:
        """Start nothing more; calls under way are finished. May be called from a signal handler."""
        self._stopping.set()
        self._knock()

    def drain(self) -> int:
        """Work until nothing is due now; returns how many steps were taken."""
        return self._run(drain=True)

    def run_forever(self) -> int:
        """Work until `stop`; returns how many steps were taken."""
        return self._run(drain=False)

    def _run(self, *, drain: bool) -> int:
        # Who drains goes home soon: the bell of an office belongs to the worker that stays.
        listener = None if drain else listen(self._workspace.home)
        hands = sum(channel.concurrency for channel in self._channels.values()) or 1
        threads = [threading.Thread(target=self._beat, name="heartbeat")]
        threads += [threading.Thread(target=self._work, name=f"deliver-{number}") for number in range(hands)]
        for thread in threads:
            thread.start()
        try:
            while not self._stopping.is_set():
                started = self._start_due()
                if drain and not started and not self._in_hand and not self._due_now():
                    break
                if not started:
                    self._sleep(listener)
        finally:
            self._stopping.set()
            for _ in range(hands):
                self._orders.put(None)
            for thread in threads:
                thread.join()
            if listener is not None:
                listener.close()
            self._bell.close()
            self._ring.close()
            close_connections()
        return self._done

    def _start_due(self) -> int:
        """Hand every due delivery of a channel with a free place to a thread."""
        with self._guard:
            full = [name for name, channel in self._channels.items() if self._busy[name] >= channel.concurrency]
        started = 0
        for delivery, channel in self._due_now(full):
            limit = self._channels[channel].concurrency if channel in self._channels else 1
            with self._guard:
                if delivery in self._in_hand or self._busy[channel] >= limit:
                    continue
                self._in_hand.add(delivery)
                self._busy[channel] += 1
            self._orders.put((delivery, channel))
            started += 1
        return started

    def _work(self) -> None:
        """The life of one delivery thread: orders until there are no more."""
        while (order := self._orders.get()) is not None:
            delivery, channel = order
            try:
                deliver(self._workspace, delivery, self.worker)
            except Exception as error:  # noqa: BLE001 the thread must live on for the next delivery
                # The row stays as it was written before the call; after its lease it is looked at, nothing is lost.
                log.error("delivery %s: %s", delivery, error if isinstance(error, SyndicateError) else type(error))
                with self._guard:
                    self._resting[delivery] = time.monotonic() + REST.total_seconds()
            with self._guard:
                self._in_hand.discard(delivery)
                self._busy[channel] -= 1
                self._done += 1
                done = self._done
            self._knock()
            self._progress(done)
        close_connections()

    def _knock(self) -> None:
        """Wake the main loop; a full pipe means that it will wake anyway."""
        with contextlib.suppress(OSError):
            self._ring.send(b".")

    def _due_now(self, without: Sequence[str] = ()) -> list[tuple[int, str]]:
        """What may be worked on now, without what rests after a failure of our own."""
        clock = time.monotonic()
        with self._guard:
            self._resting = {delivery: until for delivery, until in self._resting.items() if until > clock}
            resting = frozenset(self._resting)
        careful = self._workspace.careful_channels()
        rows = deliveries.due(self._workspace.now(), 100 + len(resting), without, careful)
        return [(delivery, channel) for delivery, channel in rows if delivery not in resting]

    def _sleep(self, listener: socket.socket | None) -> None:
        """Until a thread is done, somebody knocks, or the next delivery falls due."""
        now = self._workspace.now()
        due = deliveries.next_due(now)
        wait = min(LONGEST_SLEEP, due - now) if due else LONGEST_SLEEP
        sources = [self._bell] if listener is None else [self._bell, listener]
        with selectors.DefaultSelector() as selector:
            for source in sources:
                selector.register(source, selectors.EVENT_READ)
            selector.select(max(wait.total_seconds(), 0.01))
        for source in sources:
            try:
                while source.recv(4096):
                    pass
            except BlockingIOError:
                continue

    def _beat(self) -> None:
        """Keep the leases of slow calls alive as long as this process lives."""
        shortest = min((channel.ladder.lease for channel in self._channels.values()), default=timedelta(minutes=10))
        while not self._stopping.wait(shortest.total_seconds() / 3):
            try:
                deliveries.heartbeat(self.worker, self._workspace.now() + shortest)
            except SyndicateError as error:
                log.error("heartbeat: %s", error)
        close_connections()


def drain_until_settled(workspace: Workspace, patience: timedelta, progress: Callable[[int], None]) -> int:
    """Drain again and again, sleeping until the next delivery falls due, for at most `patience`."""
    end = time.monotonic() + patience.total_seconds()
    steps = 0
    while True:
        steps += Runner(workspace, progress).drain()
        now = workspace.now()
        due = deliveries.next_due(now)
        if due is None or time.monotonic() + (due - now).total_seconds() > end:
            return steps
        time.sleep(max((due - now).total_seconds(), 0.01))
