"""Crash runs: worker lives, forked from a warm parent and ended by SIGKILL, while the drill platforms misbehave.

One run is one seed: an office with one or three approved items on five channels, workers that die again and again, then one
that lives. On PostgreSQL two workers stand at once, and the one that dies in the end is never replaced. Counted on the
remote side: what each platform and the website's folder hold, against what the ledger says.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from syndicate.engine.embedded import Runner, drain_until_settled
from syndicate.flow import items, withdraw
from syndicate.flow.decide import Vote, decide
from syndicate.flow.practice import PracticeAddresses, write_practice_office
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState
from syndicate.model.review import Actor, Role, Verdict, WithdrawalKind
from syndicate.records import deliveries, models, people
from syndicate.records.connection import close_connections, open_records, prepare_schema, use_database
from syndicate.records.values import DeliveryRecord
from syndicate.sandbox.settings import Settings
from tests.crash.fuse import Fuse
from tests.postgres import Cluster

LONGEST_LIFE = 4.0
"""Seconds for which a fuse may burn; whoever has nothing more to do never reaches its end."""
PATIENCE = timedelta(minutes=15)
"""On a busy machine the last worker needs its time; what is unsettled by then is told as such."""
HERE = Path(__file__).parent
CHANNELS = ("website", "weibo", "wechat", "app", "led")
TITLES = ("演练样例0001：安全检查", "演练样例0002：道路施工", "演练样例0003：图书馆开放")
EDITOR = Actor("编辑", Role.EDITOR, "cli")
REVIEWER = Actor("审核", Role.REVIEWER, "cli")
PUBLISHER = Actor("签发", Role.PUBLISHER, "cli")
DIED = (DeliveryEvent.LEASE_LOST, DeliveryEvent.LEASE_LOST_REPEATABLE)
WITH_A_PERSON = (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED)
SETTLED = (*WITH_A_PERSON, DeliveryState.DELIVERED, DeliveryState.CANCELLED, DeliveryState.EXPIRED)
LADDERS = """\
default:
  retry: [0.1s, 0.2s, 0.5s]
  give_up: 90s
  jitter: 0.1
  read_back: [0.5s, 1s, 2s, 3s, 4s, 4s]
  poll: [0.5s, 0.5s, 1s]
  lease: 1.2s
  website_wait: 24h
  timeout: 0.9s
"""
"""A lease shorter than WeChat's publishing delay: whoever repeats a submission blindly publishes twice."""


@dataclass
class Outcome:
    """What crash runs ended with. `interrupted`: the steps in which a worker died; `lost` … name `seed item@channel`."""

    runs: int = 0
    kills: int = 0
    deliveries: int = 0
    states: Counter[str] = field(default_factory=Counter)
    interrupted: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        """Take in another run."""
        self.runs += other.runs
        self.kills += other.kills
        self.deliveries += other.deliveries
        self.states += other.states
        self.interrupted += other.interrupted
        self.lost += other.lost
        self.doubled += other.doubled
        self.unexplained += other.unexplained

    @property
    def holds(self) -> bool:
        """Nothing lost, nothing twice, everything settled or with a person."""
        return not (self.lost or self.doubled or self.unexplained)


class Platforms:
    """One set of drill platforms in its own process, emptied for every run."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "tests.crash.servers", str(HERE / "faults.yaml"), str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addresses: dict[str, str] = json.loads(self._line())

    def _line(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()

    def begin(self, seed: int) -> None:
        """Empty accounts, and the faults of this seed."""
        assert self._process.stdin
        self._process.stdin.write(f"{seed}\n")
        self._process.stdin.flush()
        assert int(self._line()) == seed

    def state(self, platform: str) -> dict[str, Any]:
        """What a platform holds, and every effect it ever had."""
        address = f"{self.addresses[platform]}/_sandbox/state"
        found: dict[str, Any] = httpx.get(address, trust_env=False, timeout=30).json()
        return found

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()


class Range:
    """An office beside its platforms, where one run follows another; every run begins with the same approved items."""

    def __init__(self, folder: Path, cluster: Cluster | None = None) -> None:
        self.home = folder / "office"
        self._cluster = cluster
        self._kept = folder / "kept"
        self.platforms = Platforms(self.home / "var" / "led")
        self._template = f"crash_{os.getpid()}"
        self.workspace = self._prepared()

    def _prepared(self) -> Workspace:
        there = self.platforms.addresses
        nowhere = "http://127.0.0.1:9"
        addresses = PracticeAddresses(there["weibo"], there["wechat"], there["app"], there["led"], nowhere, nowhere)
        write_practice_office(self.home, addresses, Settings())
        (self.home / "content" / "ladders.yaml").write_text(LADDERS, "utf-8")
        wechat = self.home / "channels" / "wechat.yaml"
        wechat.write_text(wechat.read_text("utf-8").replace("publishing_delay: 3s", "publishing_delay: 1.6s"), "utf-8")
        if self._cluster:
            self._cluster.psql(f"CREATE DATABASE {self._template} TEMPLATE office_template")
            use_database(self._cluster.url(self._template))
        else:
            use_database("")
        open_records(self.home)
        prepare_schema()
        for actor in (EDITOR, REVIEWER, PUBLISHER):
            people.add(actor.name, actor.role)
        workspace = open_workspace(self.home, lambda: datetime.now(UTC))
        for title in TITLES:
            _approve(workspace, title)
        workspace.careful_channels()  # opens the drivers: their libraries are loaded once, here
        close_connections()
        shutil.copytree(self.home / "var", self._kept)
        return workspace

    @contextmanager
    def _fresh(self, seed: int) -> Iterator[None]:
        """The database as it was prepared, empty folders, empty platforms."""
        shutil.rmtree(self.home / "var")
        shutil.copytree(self._kept, self.home / "var")
        self.platforms.begin(seed)
        if self._cluster is None:
            yield
            close_connections()
            return
        name = f"{self._template}_{seed}"
        self._cluster.psql(f"CREATE DATABASE {name} TEMPLATE {self._template} STRATEGY FILE_COPY")
        use_database(self._cluster.url(name))
        open_records(self.home)
        try:
            yield
        finally:
            close_connections()
            self._cluster.psql(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, seed: int, lives: int, fuse: Fuse | None = None) -> Outcome:
        """One crash run. `fuse`: every life ends so, instead of by chance."""
        chance = random.Random(seed)
        withdrawn = chance.random() < 0.3
        with self._fresh(seed):
            if chance.random() < 0.7:
                _leave_one_item()
            for life in range(lives):
                self._life(chance, fuse)
                if withdrawn and life == lives // 2:
                    number = deliveries.listed((), 1)[0].item
                    withdraw.withdraw(self.workspace, PUBLISHER, number, WithdrawalKind.ERROR, "演练撤稿")
                    close_connections()
            begun = time.monotonic()
            self._last_life(chance)
            outcome = self._count(seed)
            outcome.unexplained = [f"{one} after {time.monotonic() - begun:.0f} s" for one in outcome.unexplained]
        outcome.runs, outcome.kills = 1, lives
        return outcome

    def _life(self, chance: random.Random, fuse: Fuse | None) -> None:
        """One worker dies at a moment that matters or at any; on PostgreSQL another stands beside it and dies later."""
        at_a_moment = fuse or (_fuse(chance) if chance.random() < 0.7 else None)
        first = self._fork(at_a_moment)
        second = self._fork(None) if self._cluster else None
        _kill(first, time.monotonic() + (LONGEST_LIFE if at_a_moment else chance.uniform(0.01, 1.5)))
        if second:
            _kill(second, time.monotonic() + chance.uniform(0.0, 0.3))

    def _last_life(self, chance: random.Random) -> None:
        """Nobody kills any more: everything must settle by itself. On PostgreSQL one of two still dies, for good."""
        survivor = _forked(lambda: drain_until_settled(self.workspace, PATIENCE, lambda _: None))
        if self._cluster:
            _kill(self._fork(_fuse(chance)), time.monotonic() + LONGEST_LIFE)
        _, status = os.waitpid(survivor, 0)
        assert status == 0, "the last worker did not end by itself"

    def _fork(self, fuse: Fuse | None) -> int:
        def live() -> None:
            if fuse:
                fuse.light()
            Runner(self.workspace).run_forever()

        return _forked(live)

    def _count(self, seed: int) -> Outcome:
        rows = deliveries.listed((), 1000)
        outcome = Outcome(deliveries=len(rows), states=Counter(row.state.value for row in rows))
        tries = deliveries.attempts_of([row.id for row in rows])
        died = (f"{row.channel} {one.step}" for row in rows for one in tries.get(row.id, ()) if one.outcome in DIED)
        outcome.interrupted = Counter(died)
        appeared, visible = self._seen()
        for item in sorted({row.item for row in rows}):
            for channel in CHANNELS:
                mine = [row for row in rows if (row.item, row.channel) == (item, channel)]
                self._judge(f"{seed} {item}@{channel}", mine, appeared[channel, item], visible[channel, item], outcome)
        return outcome

    def _judge(self, name: str, rows: list[DeliveryRecord], appeared: int, visible: bool, outcome: Outcome) -> None:
        """What one item's deliveries to one channel say, against what is there."""
        if appeared > 1:
            outcome.doubled.append(name)
        outcome.unexplained += [f"{name} {row.action} {row.state}" for row in rows if row.state not in SETTLED]
        with_a_person = any(row.state in WITH_A_PERSON for row in rows)
        taken_down = any(row.action is Action.RETRACT for row in rows)
        arrived = any(row.state is DeliveryState.DELIVERED for row in rows if row.action is not Action.RETRACT)
        if not rows or (arrived and not taken_down and not visible):
            outcome.lost.append(name)
        if taken_down and visible and not with_a_person:
            outcome.lost.append(f"{name} still there")

    def _seen(self) -> tuple[Counter[tuple[str, int]], Counter[tuple[str, int]]]:
        """How often each item was put before the public on each channel, and whether it stands there now."""
        appeared: Counter[tuple[str, int]] = Counter()
        visible: Counter[tuple[str, int]] = Counter()
        for platform in ("weibo", "wechat", "app"):
            state = self.platforms.state(platform)
            ids = {(_number(effect), effect["id"]) for effect in state["effects"] if effect["kind"] in PUT_OUT}
            appeared.update((platform, number) for number, _ in ids)
            visible.update((platform, _number(one)) for one in state["visible"])
        playlist = self.home / "var" / "led" / "playlist.json"
        entries = json.loads(playlist.read_text("utf-8"))["items"] if playlist.exists() else []
        pages = [path.read_text("utf-8") for path in (self.home / "var" / "site").glob("news/*/*.html")]
        articles = [page for page in pages if 'ArticleTitle" content="演练样例' in page]
        for channel, found in (("led", entries), ("website", articles)):
            appeared.update((channel, _number(one)) for one in found)
            visible.update((channel, _number(one)) for one in found)
        return appeared, visible

    def close(self) -> None:
        """End the platforms and drop what was prepared."""
        self.workspace.close()
        close_connections()
        self.platforms.close()
        if self._cluster:
            self._cluster.psql(f"DROP DATABASE {self._template} WITH (FORCE)")


def _leave_one_item() -> None:
    """Most runs have a single item: every kill hits it, and a run is short."""
    models.Delivery.objects.exclude(item_id=deliveries.listed((), 1)[0].item).delete()
    close_connections()


PUT_OUT = {"published", "posted", "stored"}


def _approve(workspace: Workspace, title: str) -> None:
    text = f"<p>{title}，云川县各单位按要求落实。</p>"
    item = items.create(workspace, EDITOR, items.Placement("news"), items.original(workspace, title, text))
    items.submit(workspace, EDITOR, item)
    decide(workspace, REVIEWER, item, Vote(Verdict.APPROVE, 1))
    decide(workspace, PUBLISHER, item, Vote(Verdict.APPROVE, 2))


def _number(found: object) -> int:
    """Which of the samples something carries; 0 for none. They were approved in the order of their numbers."""
    match = re.search(r"演练样例(\d{4})", json.dumps(found, ensure_ascii=False))
    return int(match[1]) if match else 0


def _fuse(chance: random.Random) -> Fuse:
    """The n-th commit, request or file from now on, or the n-th of all together."""
    moment, most = chance.choice((("", 60), ("commit", 30), ("http", 8), ("http", 24), ("POST", 8), ("file", 40)))
    return Fuse(chance.randint(1, most), moment)


def _forked(life: Any) -> int:
    child = os.fork()
    if child == 0:
        try:
            life()
            os._exit(0)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    return child


def _kill(child: int, at: float) -> None:
    """End a life at a time, unless it has ended by then."""
    while time.monotonic() < at:
        if os.waitpid(child, os.WNOHANG)[0]:
            return
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
