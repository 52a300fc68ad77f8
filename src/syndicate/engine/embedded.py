"""The embedded runner: one bookkeeper for the ledger, threads that make the calls, asleep until something is due.

Only the bookkeeper (the thread that runs the worker) writes outcomes and claims. What came back while it was busy is
settled together and what is free is claimed together, so that many deliveries share a transaction and its disk sync.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import secrets
import socket
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

from syndicate.engine.backlog import Backlog
from syndicate.engine.bells import Bells, Woken
from syndicate.errors import Message, StorageError, SyndicateError
from syndicate.flow.calls import Answered, Call, Proved, Unproved, make, prove
from syndicate.flow.claiming import claim
from syndicate.flow.deliver import keep_proofs, settle
from syndicate.flow.silence import ask_windows_again
from syndicate.flow.workspace import Workspace
from syndicate.records import deliveries, pulses
from syndicate.records.connection import close_connections, database_refusals, one_transaction
from syndicate.records.waking import wake

log = logging.getLogger("syndicate.engine")

LONGEST_SLEEP = timedelta(seconds=30)
"""Polling is only the fallback for a wake-up that got lost."""

REST = timedelta(seconds=30)
"""How long a delivery that made the ledger's own code fail is left alone."""

PAUSE = timedelta(seconds=1)
"""Between two questions to a database that is away, locked or full."""

GLANCE = timedelta(milliseconds=10)
"""How long another worker may hold a row while it claims or settles it."""

PATIENCE = timedelta(minutes=2)
"""How long a worker that drains keeps outcomes that the database does not take."""

PULSE = timedelta(minutes=1)
"""How often a worker says that it is alive."""

Order = Call | Unproved
Done = Answered | Proved


class Runner:
    """Works through what is due until it is stopped or, with `drain`, until nothing is due now.

    Every life of a process has its own worker name, so that a lease never outlives its owner unnoticed. `renewed`
    gives the office as it is configured now.
    """

    def __init__(
        self,
        workspace: Workspace,
        progress: Callable[[int], None] = lambda _: None,
        renewed: Callable[[], Workspace] | None = None,
    ) -> None:
        self.worker = f"{socket.gethostname()[:32]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._workspace = workspace
        self._renewed = renewed or (lambda: workspace)
        self._progress = progress
        self._backlog = Backlog(workspace.snapshot.channels)
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[Done] = queue.SimpleQueue()
        self._unsettled: list[Done] = []
        self._trouble_since: float | None = None
        self._said_alive: float | None = None
        self._bells = Bells()
        self._steps = 0

    def stop(self) -> None:
        """Start nothing more; calls under way are finished. May be called from a signal handler."""
        self._stopping.set()
        self._bells.knock()

    def drain(self) -> int:
        """Work until nothing is due now; returns how many steps were taken.

        Raises StorageError when the database cannot be used.
        """
        return self._run(drain=True)

    def run_forever(self) -> int:
        """Work until `stop`; returns how many steps were taken. Raises Conflict where another worker stands already."""
        return self._run(drain=False)

    def _run(self, *, drain: bool) -> int:
        heartbeat = threading.Thread(target=self._beat, name="heartbeat")
        try:
            if not drain:
                # Who drains goes home soon: the bell of an office belongs to the worker that stays.
                self._bells.hang(self._workspace.home)
            heartbeat.start()
            self._work_on(drain)
        finally:
            self._stopping.set()
            self._ended.set()
            for _ in self._threads:
                self._orders.put(None)
            for thread in (*self._threads, *([heartbeat] if heartbeat.ident else [])):
                thread.join()
            self._bells.close()
            close_connections()
        return self._steps

    def _work_on(self, drain: bool) -> None:
        while True:
            try:
                worked = self._turn()
                self._breathe()
            except StorageError as error:
                self._endure(error, drain)
                continue
            under_way = self._backlog.under_way or self._unsettled
            if not worked and not under_way and (drain or self._stopping.is_set()):
                break
            if not worked:
                self._sleep()
        # Whoever waited for a place that this worker held is told that it is free.
        wake(self._workspace.home)

    def _turn(self) -> bool:
        """Settle what came back, then start what may start; whether there was anything to do."""
        self._renew()
        self._say_alive()
        if self._bells.wait(0) is Woken.RUNG:
            self._heed(Woken.RUNG)
        done = self._collected()
        if done:
            self._book(done)
        started = 0 if self._stopping.is_set() else self._start_due()
        return bool(started or done)

    def _renew(self) -> None:
        """Go on with the newest configuration; calls under way keep the one they began with."""
        fresh = self._renewed()
        if fresh is self._workspace:
            return
        self._workspace = fresh
        self._backlog.channels = fresh.snapshot.channels
        self._backlog.forget()
        ask_windows_again(fresh)

    def _say_alive(self) -> None:
        """Leave a sign of life for `doctor` and monitoring; a database that cannot take it is told of by the work itself."""
        clock = time.monotonic()
        if self._said_alive is None or clock - self._said_alive >= PULSE.total_seconds():
            self._said_alive = clock
            with contextlib.suppress(StorageError), one_transaction():
                pulses.beat(pulses.WORKER, self._workspace.now())

    def _collected(self) -> list[Done]:
        done, self._unsettled = self._unsettled, []
        while True:
            try:
                done.append(self._done.get_nowait())
            except queue.Empty:
                return done

    def _book(self, done: Sequence[Done]) -> None:
        """Write down what came back. What the database does not take now is kept and offered again."""
        try:
            self._booked(done)
        except Exception as error:
            if len(done) > 1:
                self._book_one_by_one(done)
            elif isinstance(error, StorageError) and not self._is_outlived(done[0]):
                self._unsettled.extend(done)
                raise
            else:
                self._fail(done[0], error)

    def _book_one_by_one(self, done: Sequence[Done]) -> None:
        """One delivery that cannot be written down holds up no other."""
        for number, one in enumerate(done):
            try:
                self._book([one])
            except StorageError:
                self._unsettled.extend(done[number + 1 :])
                raise

    def _booked(self, done: Sequence[Done]) -> None:
        answered = [one for one in done if isinstance(one, Answered)]
        proved = [one for one in done if isinstance(one, Proved)]
        keep_proofs(self._workspace, proved)
        to_prove = settle(self._workspace, answered)
        unproved = {one.call.delivery.id for one in to_prove}
        for one in answered:
            if one.call.delivery.id not in unproved:
                self._backlog.free(one.call.delivery)
        for proof in proved:
            self._backlog.free(proof.unproved.call.delivery)
        for order in to_prove:
            self._orders.put(order)
        self._backlog.refresh()
        self._count(len(answered))

    def _count(self, steps: int) -> None:
        for _ in range(steps):
            self._steps += 1
            self._progress(self._steps)

    def _is_outlived(self, one: Done) -> bool:
        """Whether an outcome was kept for longer than its lease lasts: by then somebody else may have looked."""
        call = one.call if isinstance(one, Answered) else one.unproved.call
        return self._trouble_since is not None and time.monotonic() - self._trouble_since > (
            call.channel.ladder.lease.total_seconds()
        )

    def _fail(self, one: Done, error: Exception) -> None:
        """Our own code cannot go on with it. The row stays as it was written before the call, nothing is lost."""
        delivery = (one.call if isinstance(one, Answered) else one.unproved.call).delivery
        log.error("delivery %s: %s", delivery.id, error if isinstance(error, SyndicateError) else type(error))
        self._backlog.free(delivery)
        self._backlog.rest(delivery.id, REST)
        self._count(1)

    def _start_due(self) -> int:
        """Claim what is due on channels with a free place, and hand the calls to the threads."""
        if self._backlog.is_stale:
            with database_refusals():
                self._backlog.look(self._workspace.now(), self._workspace.careful_channels())
        numbers = self._backlog.next()
        return self._claimed(numbers) if numbers else 0

    def _claimed(self, numbers: Sequence[int]) -> int:
        try:
            claimed = claim(self._workspace, numbers, self.worker)
        except StorageError:
            self._backlog.refresh()
            raise
        except Exception as error:  # noqa: BLE001 one delivery that our own code cannot read holds up no other
            if len(numbers) > 1:
                return sum(self._claimed([number]) for number in numbers)
            log.error("delivery %s: %s", numbers[0], error if isinstance(error, SyndicateError) else type(error))
            self._backlog.rest(numbers[0], REST)
            self._count(1)
            return 1
        for call in claimed.calls:
            self._backlog.occupy(call.delivery)
            self._orders.put(call)
        self._staff()
        if claimed.moved or claimed.missed:
            self._backlog.refresh()
        if claimed.missed:
            # Another worker has them, or had them at that moment and died: whoever still finds them due may try again.
            self._ended.wait(GLANCE.total_seconds())
        self._count(claimed.moved)
        return len(claimed.calls) + claimed.moved + claimed.missed

    def _staff(self) -> None:
        """As many threads as there are calls under way; one that has nothing to do costs nothing."""
        while len(self._threads) < self._backlog.under_way:
            name = f"deliver-{len(self._threads)}"
            self._threads.append(threading.Thread(target=self._make_calls, name=name))
            self._threads[-1].start()

    def _make_calls(self) -> None:
        """The life of one calling thread: orders until there are no more."""
        while (order := self._orders.get()) is not None:
            self._done.put(make(order) if isinstance(order, Call) else prove(order))
            self._bells.knock()
        close_connections()

    def _sleep(self) -> None:
        """Until a call is done, somebody rings, or the next delivery falls due."""
        if self._backlog.under_way:
            # Other channels may have something due in between.
            wait = PAUSE
        else:
            with database_refusals():
                # From the last look on: what fell due since then must not be slept over.
                due = deliveries.next_due(self._backlog.looked_at or self._workspace.now())
            wait = min(LONGEST_SLEEP, due - self._workspace.now()) if due else LONGEST_SLEEP
        self._heed(self._bells.wait(max(wait.total_seconds(), 0.01)))

    def _heed(self, woken: Woken) -> None:
        match woken:
            case Woken.RUNG:
                self._backlog.forget()  # what is urgent goes before everything known
            case Woken.RESTED:
                self._backlog.refresh()
            case Woken.KNOCKED:
                pass

    def _endure(self, error: StorageError, drain: bool) -> None:
        """The database is away, locked or full: say so once, go on asking. Who drains gives up after a while."""
        clock = time.monotonic()
        if self._trouble_since is None:
            self._trouble_since = clock
            log.error("%s", error)
        waits = self._backlog.under_way or self._unsettled
        if (drain or self._stopping.is_set()) and (not waits or clock - self._trouble_since > PATIENCE.total_seconds()):
            raise error
        close_connections()  # a connection to a server that went away never comes back by itself
        self._backlog.refresh()  # so that the next turn asks the database in any case
        self._ended.wait(PAUSE.total_seconds())

    def _breathe(self) -> None:
        """The database took everything: say so where it did not before."""
        if self._trouble_since is not None:
            self._trouble_since = None
            log.warning("%s", Message("ledger.storage_back"))

    def _beat(self) -> None:
        """Keep the leases of slow calls alive as long as this process lives."""
        leases = (channel.ladder.lease for channel in self._backlog.channels.values())
        shortest = min(leases, default=timedelta(minutes=10))
        while not self._ended.wait(shortest.total_seconds() / 3):
            try:
                deliveries.heartbeat(self.worker, self._workspace.now() + shortest)
            except SyndicateError as error:
                log.error("heartbeat: %s", error)
                close_connections()
        close_connections()


def drain_until_settled(workspace: Workspace, patience: timedelta, progress: Callable[[int], None]) -> int:
    """Drain again and again, sleeping until the next delivery falls due, for at most `patience`.

    Another worker may die at any time: only when nobody holds anything and nothing is left to do is it the end.
    """
    end = time.monotonic() + patience.total_seconds()
    steps = 0
    while True:
        began = workspace.now()
        steps += Runner(workspace, progress).drain()
        due = deliveries.next_chance(began, workspace.now(), workspace.careful_channels())
        wait = (due - workspace.now()).total_seconds() if due else 0.0
        if due is None or time.monotonic() + wait > end:
            return steps
        time.sleep(max(wait, 0.01))
