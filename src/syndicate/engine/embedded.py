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
from collections.abc import Callable
from datetime import timedelta

from syndicate.errors import SyndicateError
from syndicate.flow.deliver import deliver
from syndicate.flow.workspace import Workspace
from syndicate.records import deliveries
from syndicate.records.connection import close_connections
from syndicate.records.waking import socket_path

log = logging.getLogger("syndicate.engine")

LONGEST_SLEEP = timedelta(seconds=30)
"""Polling is only the fallback for a wake-up that got lost."""


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
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._orders: queue.SimpleQueue[tuple[int, str] | None] = queue.SimpleQueue()
        self._bell, self._ring = socket.socketpair()
        self._bell.setblocking(False)
        self._done = 0

    def stop(self) -> None:
        """Start nothing more; calls under way are finished. May be called from a signal handler."""
        self._stopping.set()
        with contextlib.suppress(OSError):
            self._ring.send(b".")

    def drain(self) -> int:
        """Work until nothing is due now; returns how many steps were taken."""
        return self._run(drain=True)

    def run_forever(self) -> int:
        """Work until `stop`; returns how many steps were taken."""
        return self._run(drain=False)

    def _run(self, *, drain: bool) -> int:
        listener = self._listen()
        hands = sum(channel.concurrency for channel in self._channels.values()) or 1
        threads = [threading.Thread(target=self._beat, name="heartbeat")]
        threads += [threading.Thread(target=self._work, name=f"deliver-{number}") for number in range(hands)]
        for thread in threads:
            thread.start()
        try:
            while not self._stopping.is_set():
                started = self._start_due()
                if drain and not started and not self._in_hand and not self._anything_due():
                    break
                if not started:
                    self._sleep(listener)
        finally:
            self._stopping.set()
            for _ in range(hands):
                self._orders.put(None)
            for thread in threads:
                thread.join()
            listener.close()
            socket_path(self._workspace.home).unlink(missing_ok=True)
            self._bell.close()
            self._ring.close()
            close_connections()
        return self._done

    def _start_due(self) -> int:
        """Hand every due delivery of a channel with a free place to a thread."""
        with self._guard:
            full = [name for name, channel in self._channels.items() if self._busy[name] >= channel.concurrency]
        started = 0
        for delivery, channel in deliveries.due(self._workspace.now(), limit=100, without=full):
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
                self._in_hand.discard(delivery)
                self._busy[channel] -= 1
                self._done += 1
                done = self._done
            self._progress(done)
            self._ring.send(b".")
        close_connections()

    def _anything_due(self) -> bool:
        return bool(deliveries.due(self._workspace.now(), limit=1))

    def _listen(self) -> socket.socket:
        """The local socket that approvals knock at; a second worker of the same office takes it over."""
        path = socket_path(self._workspace.home)
        path.unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.setblocking(False)
        listener.bind(str(path))
        path.chmod(0o600)
        return listener

    def _sleep(self, listener: socket.socket) -> None:
        """Until a thread is done, somebody knocks, or the next delivery falls due."""
        now = self._workspace.now()
        due = deliveries.next_due(now)
        wait = min(LONGEST_SLEEP, due - now) if due else LONGEST_SLEEP
        with selectors.DefaultSelector() as selector:
            selector.register(self._bell, selectors.EVENT_READ)
            selector.register(listener, selectors.EVENT_READ)
            selector.select(max(wait.total_seconds(), 0.01))
        for source in (self._bell, listener):
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
