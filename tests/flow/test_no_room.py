"""A full disk at the steps of upkeep: each says so, changes nothing, and works again once there is room.

Taking in, delivering, the website, backups and restorations have tests of their own for it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.management import call_command

from syndicate.errors import StorageError
from syndicate.flow import accounts, leaving, notices, retention
from syndicate.flow.report import write_report
from syndicate.flow.upgrade import upgrade
from syndicate.model.review import Actor, Role
from syndicate.records import audit, models, people
from syndicate.records.connection import open_records
from tests.databases import on_sqlite
from tests.engine.filling import empty_the_log, no_room
from tests.flow.office import EDITOR, REVIEWER, Desk
from tests.flow.test_upgrade import FORMER

pytestmark = on_sqlite
SHELL = Actor("sample", Role.SYSTEM, "cli")
KEYS = {"records.disk_full", "site.disk", "doctor.no_room_for_copy"}


def _report(desk: Desk) -> None:
    write_report(desk.workspace, SHELL, desk.workspace.now().date() - timedelta(days=1))


def _tidy(desk: Desk) -> None:
    retention.tidy(desk.workspace, SHELL)


def _leave(desk: Desk) -> None:
    leaving.disable(desk.workspace, SHELL, EDITOR.name, REVIEWER.name)


def _recover(desk: Desk) -> None:
    accounts.recover(desk.workspace, SHELL, REVIEWER.name)


def _notify(desk: Desk) -> None:
    notices.collect(desk.workspace)


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    for one in (EDITOR, REVIEWER):
        people.add(one.name, one.role)
    desk.draft()
    models.Probe.objects.create(at=desk.now - timedelta(days=900), kind="site", target="https://www.example/", ok=True)
    return desk


@pytest.mark.parametrize("step", [_report, _tidy, _leave, _recover, _notify])
def test_a_step_on_a_full_disk_is_refused_and_done_when_there_is_room(
    staffed: Desk, step: Callable[[Desk], None]
) -> None:
    staffed.workspace  # noqa: B018 its files are read before the disk is full
    before = audit.length()
    with no_room(), pytest.raises(StorageError) as error:
        step(staffed)
    assert (error.value.message.key in KEYS, audit.length(), audit.verify().broken) == (True, before, None)
    step(staffed)


def test_an_upgrade_on_a_full_disk_leaves_the_tables_as_they_were(desk: Desk) -> None:
    desk.close()
    call_command("migrate", "records", FORMER[-1], verbosity=0, interactive=False)
    empty_the_log()
    with no_room(), pytest.raises(StorageError) as error:
        upgrade(desk.home, SHELL, lambda: desk.now)
    assert error.value.message.key in {*KEYS, "records.backup_broken"}
    open_records(desk.home)
    assert upgrade(desk.home, SHELL, lambda: desk.now).copy is not None
