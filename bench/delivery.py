"""What the ledger costs: deliveries a second through a channel that does nothing, waking, and an idle worker (SQLite).

The peer is a bare loop on a database of the same office: claim one row by compare-and-set, commit, set its outcome,
commit. It writes no attempt, no receipt, no audit and no item, and wakes nobody. Both run alternating, on tmpfs and on disk.
"""

from __future__ import annotations

import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from syndicate.records.connection import close_connections, open_records, prepare_schema

open_records(Path(tempfile.gettempdir()))

from django.db import connection, transaction  # noqa: E402 only after the settings are there

from syndicate.config.load import load  # noqa: E402
from syndicate.engine.embedded import Runner  # noqa: E402
from syndicate.flow import items as item_flow  # noqa: E402
from syndicate.flow.decide import Vote, decide  # noqa: E402
from syndicate.flow.practice import PracticeAddresses, write_practice_office  # noqa: E402
from syndicate.flow.workspace import Workspace  # noqa: E402
from syndicate.model.channel import Rendition  # noqa: E402
from syndicate.model.delivery import (  # noqa: E402
    Action,
    CannotTell,
    Delivered,
    DeliveryState,
    Driver,
    FindResult,
    Job,
    Proof,
    Receipt,
    Step,
    StepResult,
)
from syndicate.model.item import Content, ItemKind  # noqa: E402
from syndicate.model.review import Actor, Role, Verdict  # noqa: E402
from syndicate.records import deliveries, items, models, people, reviews  # noqa: E402
from syndicate.sandbox.settings import Settings  # noqa: E402

COUNT = int(os.environ.get("BENCH_DELIVERIES", "1000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
WAKINGS = 15
IDLE = 10.0
EDITOR, REVIEWER, PUBLISHER = (Actor(role.value, role, "cli") for role in (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER))


class NoChannel:
    """A channel that holds everything at once. `called` is set by the first call."""

    actions = frozenset(Action)
    careful = False

    def __init__(self) -> None:
        self.called = threading.Event()
        self.at = 0.0

    def next_step(self, job: Job) -> Step:
        return Step("put", repeatable=False)

    def perform(self, step: Step, job: Job) -> StepResult:
        if not self.called.is_set():
            self.at = time.monotonic()
            self.called.set()
        return StepResult(Delivered(Receipt(str(job.delivery), "http://127.0.0.1/", job.now)), {})

    def find(self, step: Step, job: Job) -> FindResult:
        raise AssertionError(CannotTell)

    def read_back(self, receipt: Receipt, job: Job) -> Proof:
        return Proof("0" * 64)

    def close(self) -> None:
        pass


class Office(Workspace):
    """An office whose one channel does nothing."""

    nothing = NoChannel()

    def driver(self, channel: str) -> Driver:
        return self.nothing


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 a benchmark is no stage


def made(home: Path) -> Office:
    """A new office with an empty database."""
    write_practice_office(home, PracticeAddresses(*["http://127.0.0.1:9"] * 6), Settings())
    for file in (home / "channels").glob("*.yaml"):
        file.unlink()
    (home / "channels" / "nothing.yaml").write_text("title: 空渠道\nkind: manual\nconcurrency: 16\n", "utf-8")
    open_records(home)
    prepare_schema()
    for actor in (EDITOR, REVIEWER, PUBLISHER):
        people.add(actor.name, actor.role)
    return Office(home, load(home), now)


@contextmanager
def office(folder: str | None) -> Iterator[Office]:
    with tempfile.TemporaryDirectory(dir=folder) as home:
        yield made(Path(home))
        close_connections()


def fill() -> None:
    """Deliveries that are due, as approvals leave them."""
    at = now()
    with transaction.atomic():
        for number in range(COUNT):
            content = Content(f"样例{number}", "<p>样例正文。</p>" * 40, ItemKind.ORIGINAL, "样例单位")
            item, revision = items.create(items.NewItem("news", ItemKind.ORIGINAL, 2, "editor"), content, at)
            models.Item.objects.filter(id=item).update(state="approved")
            reviews.store_renditions(revision, [Rendition("nothing", {"title": content.title}, content.body)], at)
            (row,) = reviews.renditions(revision)
            duty = deliveries.Duty(item, revision, row.id, "nothing", Action.PUBLISH, DeliveryState.DUE, None, at)
            deliveries.create(duty, at)


def through_the_ledger(workspace: Office) -> tuple[float, float]:
    """Deliveries a second, from due to delivered with receipt, item, audit and proof; and a second of processor time."""
    fill()
    started = time.perf_counter()
    processor = time.process_time()
    Runner(workspace).drain()
    spent, used = time.perf_counter() - started, time.process_time() - processor
    assert not deliveries.counts().get(("nothing", DeliveryState.DUE))
    return COUNT / spent, COUNT / used


def bare_loop(workspace: Office) -> float:
    """Rows a second: two updates and two commits each, nothing else."""
    fill()
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, version FROM records_delivery WHERE state = 'due'")
        rows = cursor.fetchall()
        started = time.perf_counter()
        for number, version in rows:
            for state, step in (("sending", 1), ("delivered", 2)):
                with transaction.atomic():
                    cursor.execute(
                        "UPDATE records_delivery SET state = %s, version = %s WHERE id = %s AND version = %s",
                        [state, version + step, number, version + step - 1],
                    )
        return len(rows) / (time.perf_counter() - started)


@contextmanager
def standing(workspace: Office) -> Iterator[Runner]:
    runner = Runner(workspace)
    thread = threading.Thread(target=runner.run_forever)
    thread.start()
    time.sleep(1)
    try:
        yield runner
    finally:
        runner.stop()
        thread.join()


def wakings(home: Path) -> tuple[list[float], list[float]]:
    """Milliseconds from an approval in another process to the first call: since its end, since its beginning."""
    workspace = Office(home, load(home), now)
    since_end, since_begin = [], []
    with (
        standing(workspace),
        subprocess.Popen(
            [sys.executable, __file__, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other,
    ):
        assert other.stdin
        assert other.stdout
        for _ in range(WAKINGS):
            time.sleep(0.3)
            workspace.nothing.called.clear()
            other.stdin.write("approve\n")
            other.stdin.flush()
            begin, end = json.loads(other.stdout.readline())
            assert workspace.nothing.called.wait(10)
            since_begin.append((workspace.nothing.at - begin) * 1000)
            since_end.append((workspace.nothing.at - end) * 1000)
        other.stdin.close()
    return since_end, since_begin


def approve_when_told(home: Path) -> None:
    """The other process: one item through its last approval for every line."""
    open_records(home)
    workspace = Office(home, load(home), now)
    for number, _ in enumerate(sys.stdin):
        content = item_flow.original(workspace, f"样例稿件{number}", "<p>样例正文，请各单位按要求落实。</p>")
        item = item_flow.create(workspace, EDITOR, item_flow.Placement("news"), content)
        item_flow.submit(workspace, EDITOR, item)
        decide(workspace, REVIEWER, item, Vote(Verdict.APPROVE, 1))
        begin = time.monotonic()
        decide(workspace, PUBLISHER, item, Vote(Verdict.APPROVE, 2))
        print(json.dumps([begin, time.monotonic()]), flush=True)


def idle(home: Path) -> tuple[float, float]:
    """Per cent of a core, and MB resident, of a worker with nothing to do, in a process of its own."""
    command = [str(Path(sys.executable).with_name("syndicate")), "work", "--forever", "--home", str(home)]
    subprocess.run(
        [*command[:2], "--drain", *command[3:]], check=True, stdout=subprocess.DEVNULL
    )  # a new configuration is compiled once
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as worker:
        _wait_until_at_rest(worker.pid)
        before = _ticks(worker.pid)
        time.sleep(IDLE)
        used = (_ticks(worker.pid) - before) / os.sysconf("SC_CLK_TCK") / IDLE * 100
        resident = int(Path(f"/proc/{worker.pid}/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
        worker.terminate()
    return used, resident


def _wait_until_at_rest(process: int) -> None:
    """Until it has stood, and then used no time for two seconds."""
    time.sleep(3)
    quiet, end, used = 0, time.monotonic() + 30, -1
    while quiet < 4 and time.monotonic() < end:
        time.sleep(0.5)
        quiet, used = (quiet + 1 if used == _ticks(process) else 0), _ticks(process)


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    return int(fields[11]) + int(fields[12])


def claim(name: str, ours: float, peer: float | None, unit: str, goal: str, holds: bool, n: int) -> None:
    row = {"claim": name, "ours": round(ours, 2), "peer": None if peer is None else round(peer, 2), "unit": unit}
    print(json.dumps({**row, "goal": goal, "holds": holds, "n": n}, ensure_ascii=False), flush=True)


def main() -> None:
    conditions = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    more = {"deliveries": COUNT, "load": round(os.getloadavg()[0], 1), "concurrency": 16}
    print(json.dumps({"conditions": conditions | more}), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        made(Path(folder))
        close_connections()
        used, resident = idle(Path(folder))
        claim("processor time of an idle worker", used, None, "% of a core", "< 1 %", used < 1, 1)
        claim("memory of an idle worker", resident, None, "MB", "<= 120 MB", resident <= 120, 1)
    places = [("tmpfs", "/dev/shm")] if Path("/dev/shm").is_dir() else []
    for name, folder in [*places, ("disk", tempfile.gettempdir())]:
        ours, peer = [], []
        for _ in range(ROUNDS):
            with office(folder) as workspace:
                ours.append(through_the_ledger(workspace))
            with office(folder) as workspace:
                peer.append(bare_loop(workspace))
        rate = statistics.median(rate for rate, _ in ours)
        unhindered = statistics.median(used for _, used in ours)
        claim(
            f"deliveries through the whole ledger, {name}",
            rate,
            statistics.median(peer),
            "1/s",
            ">= 300 1/s",
            rate >= 300,
            ROUNDS,
        )
        text = f"the same per second of processor time, {name}: what a machine with nothing else to do would reach"
        claim(text, unhindered, None, "1/s", "none", True, ROUNDS)
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        made(home)
        since_end, since_begin = (statistics.median(times) for times in wakings(home))
        claim(
            "first call after an approval in another process has ended",
            since_end,
            None,
            "ms",
            "<= 60 ms",
            since_end <= 60,
            WAKINGS,
        )
        claim(
            "the same from the beginning of the approval",
            since_begin,
            None,
            "ms",
            "none: checking and rendering count too",
            True,
            WAKINGS,
        )
        close_connections()


if __name__ == "__main__":
    if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir():
        approve_when_told(Path(sys.argv[1]))
    else:
        main()
