"""Several workers, a database that goes away, a clock that jumps, a configuration that changes."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection

from syndicate.engine.embedded import Runner
from syndicate.errors import Conflict, StorageError
from syndicate.flow.claiming import claim
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import DeliveryState
from syndicate.records import claiming, deliveries, models
from syndicate.records.connection import close_connections, one_transaction
from syndicate.records.settings import DATABASE_FILE
from syndicate.records.waking import wake
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both, on_postgresql, on_sqlite
from tests.engine.running import PATIENCE, drain_and_close, running, state_of, until
from tests.flow.office import CONTENT, Desk
from tests.postgres import Cluster


def test_a_worker_goes_on_with_the_newest_configuration(desk: Desk, live: Workspace) -> None:
    path = desk.home / "channels" / "led.yaml"
    text = path.read_text("utf-8")
    path.write_text(text + 'windows: ["01:00-02:00"]\n', "utf-8")
    closed = open_workspace(desk.home, live.now)
    path.write_text(text, "utf-8")
    offices = [closed]
    runner = Runner(closed, renewed=lambda: offices[-1])
    thread = threading.Thread(target=runner.run_forever)
    thread.start()
    try:
        item = desk.approved("led")
        until(lambda: state_of(item, "led") is DeliveryState.WAITING)
        offices.append(live)
        wake(desk.home)
        until(lambda: state_of(item, "led") is DeliveryState.DELIVERED)
    finally:
        runner.stop()
        thread.join(PATIENCE)


@on_both
def test_what_a_locked_database_cannot_take_is_kept_and_settled_afterwards(desk: Desk, live: Workspace) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=0.6))
    with running(live):
        item = desk.approved("app")
        until(lambda: desk.sandbox.faults.hits("app"))
        with _database_away(desk):
            threading.Event().wait(1.5)
        until(lambda: state_of(item, "app") is DeliveryState.DELIVERED)
    attempts = deliveries.attempts(deliveries.of_item(item)[0].id)
    assert (desk.counts("app"), [one.outcome for one in attempts]) == ({"stored": 1}, ["delivered"])


@contextmanager
def _database_away(desk: Desk) -> Iterator[None]:
    """Nobody can write: the table is not where it was."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_attempt RENAME TO records_attempt_away")
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_attempt_away RENAME TO records_attempt")


@on_both
def test_a_worker_whose_database_is_away_waits_for_it(desk: Desk, live: Workspace) -> None:
    with running(live):
        with _database_away(desk):
            item = desk.approved("led")
            threading.Event().wait(1.5)
            before = state_of(item, "led")
        until(lambda: state_of(item, "led") is DeliveryState.DELIVERED)
    assert before is DeliveryState.DUE


@on_sqlite
def test_a_worker_whose_database_is_locked_says_so_and_goes_on_afterwards(
    desk: Desk, live: Workspace, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = desk.approved("app")
    close_connections()
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "init_command", "PRAGMA busy_timeout=20")
    with ExitStack() as until_the_end:
        with closing(sqlite3.connect(desk.home / "var" / DATABASE_FILE, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            until_the_end.enter_context(running(live))
            until(lambda: "数据库正被其他程序占用" in caplog.text)
        until(lambda: state_of(item, "app") is DeliveryState.DELIVERED)
    assert desk.counts("app") == {"stored": 1}


@on_postgresql
def test_a_worker_whose_server_was_away_says_so_and_goes_on_afterwards(
    desk: Desk, live: Workspace, caplog: pytest.LogCaptureFixture, cluster: Cluster
) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=0.6))
    name = connection.settings_dict["NAME"]
    with running(live):
        item = desk.approved("app")
        until(lambda: desk.sandbox.faults.hits("app"))
        cluster.psql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false")
        cluster.psql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        close_connections()
        until(lambda: "数据库无法使用" in caplog.text)
        cluster.psql(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        until(lambda: state_of(item, "app") is DeliveryState.DELIVERED)
    assert desk.counts("app") == {"stored": 1}


def test_draining_says_that_the_database_is_away(desk: Desk) -> None:
    desk.approved("led")
    with _database_away(desk), pytest.raises(StorageError):
        Runner(desk.workspace).drain()


@on_postgresql
def test_all_workers_together_make_no_more_calls_to_a_channel_than_it_allows(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=0.3))
    items = [desk.approved("app", content=replace(CONTENT, title=f"样例{n}")) for n in range(4)]
    started = time.monotonic()
    threads = [threading.Thread(target=drain_and_close, args=(desk,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    Runner(desk.workspace).drain()
    assert {state for item in items for state in desk.states(item).values()} == {DeliveryState.DELIVERED}
    assert time.monotonic() - started >= 1.2


@on_postgresql
def test_another_worker_goes_on_where_one_died_for_good(desk: Desk, live: Workspace) -> None:
    item = desk.approved("app")
    claimed = claim(live, [deliveries.of_item(item)[0].id], "dead")
    models.Delivery.objects.update(lease_until=live.now() + timedelta(seconds=0.5))
    with running(live):
        until(lambda: state_of(item, "app") is not DeliveryState.SENDING)
    tries = deliveries.attempts(claimed.calls[0].delivery.id)
    assert (tries[0].worker, tries[0].outcome) == ("dead", "lease_lost")


@on_postgresql
def test_a_dead_workers_place_on_a_channel_is_free_for_other_items_at_once(desk: Desk) -> None:
    items = [desk.approved("app", content=replace(CONTENT, title=f"样例{n}")) for n in range(2)]
    _claimed_by_a_worker_that_dies(desk, items[0])
    Runner(desk.workspace).drain()
    assert [state_of(item, "app") for item in items] == [DeliveryState.SENDING, DeliveryState.DELIVERED]


@on_postgresql
def test_a_living_workers_place_on_a_channel_is_taken(desk: Desk) -> None:
    items = [desk.approved("app", content=replace(CONTENT, title=f"样例{n}")) for n in range(2)]
    claim(desk.workspace, [deliveries.of_item(items[0])[0].id], "living")
    Runner(desk.workspace).drain()
    assert [state_of(item, "app") for item in items] == [DeliveryState.SENDING, DeliveryState.DUE]


@on_postgresql
def test_on_a_careful_channel_nothing_is_sent_while_nobody_knows_what_a_dead_worker_did(desk: Desk) -> None:
    items = [desk.approved("weibo", content=replace(CONTENT, title=f"样例{n}")) for n in range(2)]
    desk.step(deliveries.of_item(items[0])[0].id)
    _claimed_by_a_worker_that_dies(desk, items[0])
    Runner(desk.workspace).drain()
    assert (desk.counts("weibo"), state_of(items[1], "weibo")) == ({}, DeliveryState.DUE)


def _claimed_by_a_worker_that_dies(desk: Desk, item: int) -> None:
    """It takes the next step of the item's delivery and is never seen again."""

    def live() -> None:
        assert claim(desk.workspace, [deliveries.of_item(item)[0].id], "dead").calls
        close_connections()

    thread = threading.Thread(target=live)
    thread.start()
    thread.join(PATIENCE)
    until(lambda: not claiming.occupied(desk.now))


@on_both
def test_urgent_items_overtake_the_queue(desk: Desk) -> None:
    items = [desk.approved("led", content=replace(CONTENT, title=f"样例{n}")) for n in range(3)]
    models.Item.objects.filter(id=items[2]).update(urgent=True)
    Runner(desk.workspace).drain()
    order = models.Attempt.objects.order_by("id").values_list("delivery__item_id", flat=True)
    assert list(order) == [items[2], items[0], items[1]]


@on_sqlite
def test_a_second_standing_worker_on_sqlite_is_told_so(desk: Desk, live: Workspace) -> None:
    with running(live), pytest.raises(Conflict, match="SQLite"):
        Runner(live).run_forever()


@on_both
def test_a_clock_that_jumps_ahead_makes_nobody_take_over_a_call_that_is_under_way(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=1.0))
    item = desk.approved("app")
    thread = threading.Thread(target=drain_and_close, args=(desk,))
    thread.start()
    until(lambda: desk.sandbox.faults.hits("app"))
    desk.time[0] += timedelta(hours=1)
    Runner(desk.workspace).drain()
    thread.join(PATIENCE)
    desk.settle()
    assert (desk.counts("app"), state_of(item, "app")) == ({"stored": 1}, DeliveryState.DELIVERED)


def test_a_clock_that_jumps_back_loses_nothing(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.HTTP_500, nth=(1,), status=503))
    item = desk.approved("app")
    desk.run()
    desk.time[0] -= timedelta(minutes=10)
    desk.settle()
    assert (desk.counts("app"), state_of(item, "app")) == ({"stored": 1}, DeliveryState.DELIVERED)


@on_postgresql
def test_a_drain_does_not_end_while_another_worker_holds_a_row_that_is_due(desk: Desk) -> None:
    item = desk.approved("led")
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        with one_transaction():
            deliveries.hold([deliveries.of_item(item)[0].id])
            held.set()
            release.wait(PATIENCE)
        close_connections()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(PATIENCE)
    threading.Timer(0.5, release.set).start()
    Runner(desk.workspace).drain()
    holder.join(PATIENCE)
    assert state_of(item, "led") is DeliveryState.DELIVERED
