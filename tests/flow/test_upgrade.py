"""升级: from every former state of the tables to the present one, or back to exactly what was there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from syndicate.errors import Conflict, NotAllowed, StorageError, UsageError
from syndicate.flow.upgrade import upgrade
from syndicate.flow.workspace import open_workspace
from syndicate.model.delivery import DeliveryState
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, Role
from syndicate.records import audit, deliveries, items, models, upkeep
from syndicate.records.connection import close_connections, one_transaction, open_records, prepare_schema
from syndicate.records.waking import listen
from tests.databases import on_both
from tests.flow.office import Desk
from tests.flow.test_doctor import with_newest_migration

OPERATOR = Actor("upgrade", Role.SYSTEM, "cli")
FOLDER = Path(models.__file__).parents[1] / "migrations"
FORMER = [file.stem for file in sorted(FOLDER.glob("[0-9]*.py"))][:-1]


def _older(step: str) -> None:
    call_command("migrate", "records", step, verbosity=0, interactive=False)


@pytest.mark.parametrize("step", FORMER)
def test_every_former_state_of_the_tables_is_upgraded(home: Path, now: datetime, step: str) -> None:
    open_records(home)
    _older(step)
    done = upgrade(home, OPERATOR, lambda: now)
    left = upkeep.missing_migrations()
    close_connections()
    assert (done.steps[0] > f"records.{step}", left) == (True, ())


@on_both
def test_what_was_there_is_there_afterwards(records: Path, now: datetime) -> None:
    _older(FORMER[-1])
    with one_transaction():
        audit.append(OPERATOR, "office.backup", "office", {}, now)
    upgrade(records, OPERATOR, lambda: now)
    assert [one.action for one in audit.everything()] == ["office.backup", "office.upgraded"]


def test_an_office_that_is_up_to_date_is_left_alone(records: Path, now: datetime) -> None:
    assert upgrade(records, OPERATOR, lambda: now).copy is None


@on_both
def test_a_step_that_fails_leaves_the_tables_as_they_were(records: Path, now: datetime) -> None:
    _older(FORMER[-1])
    before = set(connection.introspection.table_names())

    def fail() -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE half_done (id integer)")
        raise StorageError("records.unreachable", why="no space left")

    with pytest.raises(StorageError):
        upgrade(records, OPERATOR, lambda: now, fail)
    open_records(records)
    assert set(connection.introspection.table_names()) == before


@on_both
def test_rows_that_an_upgrade_loses_bring_the_former_database_back(records: Path, now: datetime) -> None:
    _older(FORMER[-1])
    models.Probe.objects.create(at=now, kind="site", target="https://www.example.gov.cn/", ok=True)

    def lose() -> None:
        prepare_schema()
        models.Probe.objects.all().delete()

    with pytest.raises(StorageError) as error:
        upgrade(records, OPERATOR, lambda: now, lose)
    open_records(records)
    assert (error.value.message.key, models.Probe.objects.count()) == ("doctor.upgrade_failed", 1)


def test_the_copy_from_before_is_a_whole_database(home: Path, now: datetime) -> None:
    open_records(home)
    _older(FORMER[-1])
    done = upgrade(home, OPERATOR, lambda: now)
    close_connections()
    assert done.copy is not None
    with closing(sqlite3.connect(done.copy)) as copy:
        newest = copy.execute("SELECT max(name) FROM django_migrations WHERE app = 'records'").fetchone()[0]
    assert newest == FORMER[-1]


def test_nothing_is_upgraded_while_a_worker_stands(home: Path, now: datetime) -> None:
    open_records(home)
    _older(FORMER[-1])
    with closing(listen(home)), pytest.raises(Conflict):
        upgrade(home, OPERATOR, lambda: now)
    close_connections()


def test_tables_of_a_newer_program_are_not_touched(records: Path, now: datetime) -> None:
    with_newest_migration(taken=True)
    with pytest.raises(NotAllowed) as error:
        upgrade(records, OPERATOR, lambda: now)
    assert error.value.message.key == "doctor.newer_tables"


def test_a_folder_without_an_office_is_told_so(home: Path, now: datetime) -> None:
    open_records(home)
    with pytest.raises(NotAllowed) as error:
        upgrade(home, OPERATOR, lambda: now)
    close_connections()
    assert error.value.message.key == "doctor.no_tables"


@pytest.mark.parametrize(("taken", "key"), [(False, "doctor.old_tables"), (True, "doctor.newer_tables")])
def test_no_verb_works_on_tables_of_another_version(desk: Desk, taken: bool, key: str) -> None:
    with_newest_migration(taken=taken)
    with pytest.raises(UsageError) as error:
        open_workspace(desk.home, lambda: desk.time[0])
    assert error.value.message.key == key


@on_both
@pytest.mark.parametrize("step", FORMER[5:])  # the sixth step has no way back
def test_what_an_office_holds_outlives_every_later_step(desk: Desk, step: str) -> None:
    """Rows of a day's work, taken back to the tables of that time and brought up again."""
    item = desk.approved("app", "weibo")
    desk.settle()
    close_connections()
    _older(step)
    upgrade(desk.home, OPERATOR, lambda: desk.time[0])
    states = {one.state for one in deliveries.of_item(item)}
    assert (items.get(item).state, states) == (ItemState.PUBLISHED, {DeliveryState.DELIVERED})
