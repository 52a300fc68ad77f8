"""搬到 PostgreSQL: everything comes over, is proved equal, and the office lives there afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

import pytest

from syndicate.errors import Conflict, NotAllowed, StorageError
from syndicate.flow.moving import Moved, move
from syndicate.flow.workspace import open_workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, models
from syndicate.records import moving as moving_records
from syndicate.records.connection import close_connections, on_postgresql, open_records
from syndicate.records.search import find
from syndicate.records.waking import listen
from tests.databases import on_sqlite
from tests.flow.office import Desk
from tests.postgres import Cluster

OPERATOR = Actor("move", Role.SYSTEM, "cli")
pytestmark = on_sqlite


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    """An empty PostgreSQL database."""
    cluster.psql("CREATE DATABASE moved")
    yield cluster.url("moved")
    close_connections()
    cluster.psql("DROP DATABASE moved WITH (FORCE)")


def _moved(desk: Desk, url: str) -> Moved:
    desk.approved("website", "app")
    desk.settle()
    done = move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    open_records(desk.home)
    return done


def test_every_table_has_as_many_rows_as_before(desk: Desk, url: str) -> None:
    desk.approved("app")
    desk.settle()
    before = {"records_item": models.Item.objects.count(), "records_attempt": models.Attempt.objects.count()}
    done = move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    rows = {table.name: table.rows for table in done.tables}
    assert {name: rows[name] for name in before} == before


def test_the_office_opens_postgresql_from_then_on(desk: Desk, url: str) -> None:
    _moved(desk, url)
    assert on_postgresql()


def test_the_audit_chain_goes_on_unbroken(desk: Desk, url: str) -> None:
    _moved(desk, url)
    assert (audit.verify().broken, list(audit.everything())[-1].action) == (None, "office.moved")


def test_the_moved_office_may_send_at_once(desk: Desk, url: str) -> None:
    _moved(desk, url)
    workspace = open_workspace(desk.home, lambda: desk.time[0], sends=True)
    workspace.close()
    assert workspace.home == desk.home


def test_new_rows_get_numbers_of_their_own(desk: Desk, url: str) -> None:
    _moved(desk, url)
    desk.workspace = open_workspace(desk.home, lambda: desk.time[0])
    taken = {one.pk for one in models.Item.objects.all()}
    assert desk.submitted("app") not in taken


def test_what_is_on_the_website_is_found_afterwards(desk: Desk, url: str) -> None:
    _moved(desk, url)
    assert find("website", "道路").total == 1


def test_the_former_file_is_put_aside(desk: Desk, url: str) -> None:
    done = _moved(desk, url)
    assert (done.former.is_file(), (desk.home / "var" / "syndicate.sqlite3").exists()) == (True, False)


def test_a_database_that_is_in_use_is_refused(desk: Desk, cluster: Cluster) -> None:
    with cluster.database() as used, pytest.raises(NotAllowed) as error:
        move(desk.home, used, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    open_records(desk.home)
    assert (error.value.message.key, on_postgresql()) == ("restore.database_in_use", False)


def test_a_copy_that_differs_is_thrown_away(desk: Desk, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.submitted("app")
    monkeypatch.setattr(moving_records.search, "index_everything", lambda: models.Revision.objects.update(number=77))
    with pytest.raises(StorageError) as error:
        move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    monkeypatch.undo()
    open_records(desk.home)
    again = move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    assert (error.value.message.key, again.former.is_file()) == ("restore.moved_differs", True)


def test_what_was_written_meanwhile_stops_the_move(desk: Desk, url: str) -> None:
    """Nothing that a desk or a timer commits during the copying is left behind."""
    desk.submitted("app")
    file = desk.home / "var" / "syndicate.sqlite3"

    def clock() -> datetime:  # asked once every table has been compared
        with closing(sqlite3.connect(file)) as other, other:
            other.execute("UPDATE records_item SET title = title || '更正'")
        return desk.time[0]

    with pytest.raises(Conflict) as error:
        move(desk.home, url, OPERATOR, clock, lambda _table, _rows: None)
    open_records(desk.home)
    again = move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    assert (error.value.message.key, again.former.is_file()) == ("restore.moved_meanwhile", True)


def test_an_office_that_has_moved_moves_no_more(desk: Desk, url: str) -> None:
    _moved(desk, url)
    with pytest.raises(NotAllowed) as error:
        move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    assert error.value.message.key == "restore.move_nothing"


def test_nothing_moves_while_a_worker_stands(desk: Desk, url: str) -> None:
    desk.submitted("app")
    with closing(listen(desk.home)), pytest.raises(Conflict):
        move(desk.home, url, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)


@pytest.mark.parametrize("address", ["", "mysql://127.0.0.1/office", "office.sqlite3"])
def test_only_a_postgresql_is_moved_to(desk: Desk, address: str) -> None:
    with pytest.raises(NotAllowed) as error:
        move(desk.home, address, OPERATOR, lambda: desk.time[0], lambda _table, _rows: None)
    assert error.value.message.key == "restore.move_where"
