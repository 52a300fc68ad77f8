"""A disk that is full: the worker says so and goes on asking; nothing is lost, nothing is sent twice once there is room."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection

from syndicate.engine.embedded import Runner
from syndicate.errors import StorageError
from syndicate.flow.calls import Answered, Call, make
from syndicate.flow.claiming import claim
from syndicate.flow.deliver import settle
from syndicate.flow.living import LOOK_EVERY, LivingOffice
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryState
from syndicate.records import deliveries
from syndicate.records.connection import close_connections
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_postgresql, on_sqlite
from tests.engine.filling import BACK, FULL, empty_the_log, no_room, no_room_until_told
from tests.engine.running import PATIENCE, running, state_of, until
from tests.flow.office import Desk


def outcomes(item: int, channel: str) -> list[str]:
    """What each try of the only delivery of an item to a channel brought."""
    (row,) = (row for row in deliveries.of_item(item) if row.channel == channel)
    return [one.outcome for one in deliveries.attempts(row.id)]


@on_sqlite
def test_a_claim_on_a_full_disk_is_told_and_made_once_there_is_room(
    desk: Desk, live: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    item = desk.approved("app")
    with ExitStack() as until_the_end:
        with no_room_until_told(caplog):
            until_the_end.enter_context(running(live))
        until(lambda: state_of(item, "app") is DeliveryState.DELIVERED)
    assert (desk.counts("app"), outcomes(item, "app")) == ({"stored": 1}, ["delivered"])


@on_sqlite
def test_an_outcome_and_its_receipt_on_a_full_disk_are_kept_and_written_once_there_is_room(
    desk: Desk, live: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    desk.strike(Fault("app", FaultKind.SLOW, delay=1.5))
    with running(live):
        item = desk.approved("app")
        until(lambda: desk.sandbox.faults.hits("app"))
        with no_room_until_told(caplog):
            pass
        until(lambda: state_of(item, "app") is DeliveryState.DELIVERED)
    assert (desk.counts("app"), outcomes(item, "app")) == ({"stored": 1}, ["delivered"])


@on_sqlite
def test_the_worker_says_what_to_do_and_that_it_goes_on(
    desk: Desk, live: Workspace, caplog: pytest.LogCaptureFixture
) -> None:
    item = desk.approved("led")
    with ExitStack() as until_the_end:
        with no_room_until_told(caplog):
            until_the_end.enter_context(running(live))
        until(lambda: state_of(item, "led") is DeliveryState.DELIVERED)
    assert "请腾出磁盘空间" in caplog.text
    assert caplog.text.count(FULL) == 1
    assert caplog.text.count(BACK) == 1


@on_sqlite
def test_a_drain_on_a_full_disk_ends_with_what_to_do(desk: Desk) -> None:
    desk.approved("led")
    desk.workspace.careful_channels()
    with no_room(), pytest.raises(StorageError, match="请腾出磁盘空间"):
        Runner(desk.workspace).drain()


@on_sqlite
def test_a_worker_keeps_its_configuration_where_a_new_one_cannot_be_noted_and_takes_it_later(desk: Desk) -> None:
    living = LivingOffice(desk.home, lambda: desk.now, first=desk.workspace)
    (desk.home / "channels" / "app.yaml").unlink()
    desk.wait(LOOK_EVERY)
    with no_room():
        while_full = living()
    desk.wait(LOOK_EVERY)
    afterwards = living()
    assert ("app" in while_full.snapshot.channels, "app" in afterwards.snapshot.channels) == (True, False)


def in_one_call(desk: Desk, item: int, channel: str, number: int) -> None:
    """Work on a delivery; the disk is full during its n-th call alone."""
    row = desk.delivery(item, channel)
    for _ in range(number):
        claimed = claim(desk.workspace, [row.id], "worker").calls
        settle(desk.workspace, [make(call) for call in claimed])
    claimed = claim(desk.workspace, [row.id], "worker").calls
    with no_room():
        answered = [make(call) for call in claimed]
    settle(desk.workspace, answered)


@on_sqlite
@pytest.mark.parametrize("channel", ["website", "led"])
def test_files_that_a_full_disk_does_not_take_are_named_and_written_later(desk: Desk, channel: str) -> None:
    item = desk.approved(channel)
    in_one_call(desk, item, channel, 0)
    told = desk.delivery(item, channel).message
    assert told is not None
    assert (told.zh.startswith(FULL), "请腾出磁盘空间" in told.action_zh) == (True, True)
    desk.settle()
    assert desk.states(item) == {channel: DeliveryState.DELIVERED}


@on_sqlite
@pytest.mark.parametrize("number", range(3))
def test_a_disk_that_is_full_before_any_call_of_wechat_publishes_once(desk: Desk, number: int) -> None:
    item = desk.approved("wechat")
    in_one_call(desk, item, "wechat", number)
    told = desk.delivery(item, "wechat").message
    desk.settle(timedelta(hours=4))
    assert told is not None
    assert (told.zh.startswith(FULL), desk.states(item)) == (True, {"wechat": DeliveryState.DELIVERED})
    assert desk.counts("wechat")["published"] == 1


@on_sqlite
@pytest.mark.parametrize(("endpoint", "number"), [("draft/add", 1), ("freepublish/submit", 2)])
def test_a_disk_that_is_full_when_wechat_has_taken_a_call_publishes_once(
    desk: Desk, endpoint: str, number: int
) -> None:
    item = desk.approved("wechat")
    row = desk.delivery(item, "wechat")
    for _ in range(number):
        settle(desk.workspace, [make(call) for call in claim(desk.workspace, [row.id], "worker").calls])
    desk.strike(Fault("wechat", FaultKind.SLOW, endpoint=f"*{endpoint}*", delay=1.5))
    answered = _full_during(desk, claim(desk.workspace, [row.id], "worker").calls[0])
    settle(desk.workspace, [answered])
    told, state = desk.delivery(item, "wechat").message, desk.states(item)
    desk.strike()
    desk.settle(timedelta(hours=4))
    assert told is not None
    assert (told.zh.startswith(FULL), state) == (True, {"wechat": DeliveryState.UNSURE})
    assert (desk.states(item), desk.counts("wechat")["published"]) == ({"wechat": DeliveryState.DELIVERED}, 1)


def _full_during(desk: Desk, call: Call) -> Answered:
    """Make a call; from its arrival on the disk is full."""
    found: list[Answered] = []

    def work() -> None:
        found.append(make(call))
        close_connections()

    thread = threading.Thread(target=work)
    empty_the_log()
    thread.start()
    until(lambda: desk.sandbox.faults.hits("wechat"))
    with no_room():
        thread.join(PATIENCE)
    return found[0]


TRIGGER = """
CREATE FUNCTION no_room() RETURNS trigger AS
$$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$
LANGUAGE plpgsql;
CREATE TRIGGER no_room BEFORE {moment} FOR EACH ROW EXECUTE FUNCTION no_room();
"""


@contextmanager
def _refusing(moment: str) -> Iterator[None]:
    """The server's disk is full whenever it comes to this."""
    with connection.cursor() as cursor:
        cursor.execute(TRIGGER.format(moment=moment))
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP FUNCTION no_room CASCADE")


WRITES = {
    "claim": "INSERT ON records_attempt",
    "outcome": "UPDATE ON records_attempt",
    "receipt": "INSERT ON records_receipt",
    "audit": "INSERT ON records_auditevent",
}


@on_postgresql
@pytest.mark.parametrize("write", WRITES)
def test_whatever_a_full_postgresql_refuses_is_told_and_written_once_there_is_room(
    desk: Desk, live: Workspace, caplog: pytest.LogCaptureFixture, write: str
) -> None:
    item = desk.approved("app")
    with ExitStack() as until_the_end:
        with _refusing(WRITES[write]):
            until_the_end.enter_context(running(live))
            until(lambda: FULL in caplog.text)
        until(lambda: state_of(item, "app") is DeliveryState.DELIVERED)
    assert (desk.counts("app"), outcomes(item, "app")) == ({"stored": 1}, ["delivered"])


def _may_mount() -> bool:
    """Whether this machine lets us have a small disk of our own (root, or user namespaces)."""
    if not shutil.which("unshare"):
        return False
    small = ["unshare", "-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "small", "/mnt"]
    return subprocess.run(small, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _may_mount(), reason="this machine lets nobody mount a small disk; the tests above need none")
def test_a_disk_that_is_really_full_again_and_again_loses_nothing_on_any_channel(
    tmp_path: Path, sqlite_template: Path
) -> None:
    mount = f"mount -t tmpfs -o size=32m small {tmp_path}"
    work = f"exec {sys.executable} -m tests.engine.full_disk_life {tmp_path} {sqlite_template}"
    life = subprocess.run(
        ["unshare", "-rm", "sh", "-c", f"{mount} && {work}"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=Path(__file__).parents[2],
    )
    assert life.returncode == 0, life.stderr
    told = json.loads(life.stdout)
    assert set(told["states"].values()) == {"delivered"}
    assert (told["times_full"], told["stored"], told["posted"], told["published"]) == (2, 1, 1, 1)
