"""The embedded runner: ends when it shall, wakes when it must, rests when nothing is due, never spins."""

from __future__ import annotations

import select
import threading
import time
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from syndicate.engine.embedded import LONGEST_SLEEP, Runner, drain_until_settled
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import DeliveryState
from syndicate.records import deliveries, models, pulses
from syndicate.records.waking import listen, wake
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.engine.running import PATIENCE, drain_and_close, running, state_of, until
from tests.flow.office import CONTENT, NOON, Desk


@on_both
def test_draining_brings_out_everything_that_is_due_and_ends(desk: Desk) -> None:
    items = [desk.approved("led", "app", content=replace(CONTENT, title=f"样例{n}")) for n in range(5)]
    Runner(desk.workspace).drain()
    assert {state for item in items for state in desk.states(item).values()} == {DeliveryState.DELIVERED}


def test_draining_counts_its_steps(desk: Desk) -> None:
    desk.approved("led", "app")
    assert Runner(desk.workspace).drain() == 2


def test_progress_is_told_after_every_step(desk: Desk) -> None:
    desk.approved("led", "app")
    told: list[int] = []
    Runner(desk.workspace, told.append).drain()
    assert sorted(told) == [1, 2]


def test_draining_without_work_ends_at_once(desk: Desk) -> None:
    started = time.monotonic()
    assert (Runner(desk.workspace).drain(), time.monotonic() - started < 5) == (0, True)


def test_draining_leaves_what_is_due_later(desk: Desk) -> None:
    item = desk.approved("led", undo=timedelta(minutes=1))
    Runner(desk.workspace).drain()
    assert desk.states(item) == {"led": DeliveryState.WAITING}


def test_draining_follows_a_chain_of_steps_and_waits(desk: Desk) -> None:
    item = desk.approved("website", "weibo")
    Runner(desk.workspace).drain()
    assert set(desk.states(item).values()) == {DeliveryState.DELIVERED}


def test_draining_does_not_take_the_bell_of_the_worker_that_stays(desk: Desk) -> None:
    with closing(listen(desk.home)) as bell:
        Runner(desk.workspace).drain()
        bell.clear()
        wake(desk.home)
        assert select.select([bell.fileno()], [], [], 5)[0]


def _ruin(item: int) -> None:
    """The stored rendition can no longer be read: the ledger's own code fails, again and again."""
    models.Rendition.objects.filter(revision__item_id=item, channel="led").update(files=[["not a file"]])


def test_a_delivery_that_makes_our_own_code_fail_does_not_keep_a_drain_busy_for_ever(desk: Desk) -> None:
    broken, healthy = desk.approved("led"), desk.approved("led", content=replace(CONTENT, title="另一篇"))
    _ruin(broken)
    steps = Runner(desk.workspace).drain()
    assert (steps, desk.states(broken), desk.states(healthy)) == (
        2,
        {"led": DeliveryState.DUE},
        {"led": DeliveryState.DELIVERED},
    )


def test_a_channel_that_is_gone_does_not_keep_a_drain_busy_for_ever(desk: Desk) -> None:
    item = desk.approved("app", "led")
    desk.without("app")
    Runner(desk.workspace).drain()
    assert desk.states(item) == {"app": DeliveryState.NEEDS_PERSON, "led": DeliveryState.DELIVERED}


def test_a_channel_gets_no_more_calls_at_once_than_it_allows(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=0.2))
    for number in range(3):
        desk.approved("app", content=replace(CONTENT, title=f"样例{number}"))
    started = time.monotonic()
    Runner(desk.workspace).drain()
    assert time.monotonic() - started >= 0.6


@on_both
def test_a_slow_channel_does_not_hold_up_another(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=1.5))
    item = desk.approved("app", "led")
    thread = threading.Thread(target=Runner(desk.workspace).drain)
    thread.start()
    until(lambda: state_of(item, "led") is DeliveryState.DELIVERED)
    slow = state_of(item, "app")
    thread.join(PATIENCE)
    assert slow is DeliveryState.SENDING


@on_both
def test_an_approval_wakes_an_idle_worker_within_a_fraction_of_a_second(desk: Desk, live: Workspace) -> None:
    with running(live):
        threading.Event().wait(0.3)
        item = desk.approved("led")
        assert until(lambda: state_of(item, "led") is DeliveryState.DELIVERED) < 2.0 < LONGEST_SLEEP.total_seconds()


def test_a_worker_wakes_by_itself_when_a_wait_is_over(desk: Desk, live: Workspace) -> None:
    with running(live):
        item = desk.approved("led", undo=timedelta(seconds=0.5))
        assert 0.3 < until(lambda: state_of(item, "led") is DeliveryState.DELIVERED) < 3.0


@on_both
def test_a_stop_finishes_the_call_that_is_under_way(desk: Desk, live: Workspace) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=0.7))
    with running(live) as runner:
        item = desk.approved("app")
        until(lambda: desk.sandbox.faults.hits("app"))
        runner.stop()
    assert state_of(item, "app") is DeliveryState.DELIVERED


def test_a_stop_starts_nothing_more(desk: Desk, live: Workspace) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=0.7))
    with running(live) as runner:
        first = desk.approved("app")
        until(lambda: desk.sandbox.faults.hits("app"))
        second = desk.approved("app", content=replace(CONTENT, title="另一篇"))
        runner.stop()
    assert (state_of(first, "app"), state_of(second, "app")) == (DeliveryState.DELIVERED, DeliveryState.DUE)


def test_a_stop_before_the_start_ends_at_once(desk: Desk) -> None:
    desk.approved("led")
    runner = Runner(desk.workspace)
    runner.stop()
    assert runner.run_forever() == 0


@on_both
def test_an_idle_worker_uses_next_to_no_time(desk: Desk, live: Workspace) -> None:
    desk.approved("led", undo=timedelta(hours=1))
    desk.sandbox.stop()
    with running(live):
        threading.Event().wait(0.3)
        before = time.process_time()
        threading.Event().wait(2.0)
        used = time.process_time() - before
    assert used < 0.1


def test_a_worker_with_a_broken_delivery_does_not_spin(desk: Desk, live: Workspace) -> None:
    broken = desk.approved("led")
    _ruin(broken)
    desk.sandbox.stop()
    with running(live):
        threading.Event().wait(0.5)
        before = time.process_time()
        threading.Event().wait(2.0)
        used = time.process_time() - before
    assert used < 0.1


@on_both
def test_a_heartbeat_keeps_a_slow_call_its_workers_own(desk: Desk, live: Workspace) -> None:
    ladders = desk.home / "content" / "ladders.yaml"
    text = ladders.read_text("utf-8")
    ladders.write_text(text.replace("lease: 5m", "lease: 2.1s"), "utf-8")
    started = time.monotonic()
    workspace = open_workspace(desk.home, lambda: NOON + timedelta(seconds=time.monotonic() - started))
    desk.workspace = workspace
    desk.strike(Fault("app", FaultKind.SLOW, delay=1.8))
    with running(workspace):
        item = desk.approved("app")
        until(lambda: desk.sandbox.faults.hits("app"))
        first = deliveries.of_item(item)[0].lease_until
        until(lambda: deliveries.of_item(item)[0].lease_until != first)
        assert first is not None
        assert state_of(item, "app") is DeliveryState.SENDING
    assert (state_of(item, "app"), len(deliveries.attempts(deliveries.of_item(item)[0].id))) == (
        DeliveryState.DELIVERED,
        1,
    )


@on_both
def test_two_workers_of_one_office_send_nothing_twice(desk: Desk) -> None:
    items = [desk.approved("app", content=replace(CONTENT, title=f"样例{n}")) for n in range(6)]
    threads = [threading.Thread(target=drain_and_close, args=(desk,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert {state for item in items for state in desk.states(item).values()} == {DeliveryState.DELIVERED}
    assert desk.counts("app") == {"stored": 6}


def test_every_life_of_a_worker_has_its_own_name(desk: Desk) -> None:
    item = desk.approved("led", "app")
    Runner(desk.workspace).drain()
    desk.corrected(item, "改正后的标题")
    Runner(desk.workspace).drain()
    workers = [attempt.worker for row in deliveries.of_item(item) for attempt in deliveries.attempts(row.id)]
    assert len(set(workers)) == 2


def test_draining_until_settled_sleeps_until_the_next_step_is_due(desk: Desk, live: Workspace) -> None:
    item = desk.approved("led", undo=timedelta(seconds=0.4))
    drain_until_settled(live, timedelta(seconds=10), lambda _: None)
    assert state_of(item, "led") is DeliveryState.DELIVERED


def test_draining_until_settled_ends_when_its_patience_does(desk: Desk, live: Workspace) -> None:
    desk.approved("led", undo=timedelta(hours=1))
    started = time.monotonic()
    drain_until_settled(live, timedelta(seconds=1), lambda _: None)
    assert time.monotonic() - started < 5


def test_a_worker_leaves_a_sign_of_life(desk: Desk) -> None:
    Runner(desk.workspace).drain()
    assert pulses.last() == {pulses.WORKER: desk.workspace.now()}
