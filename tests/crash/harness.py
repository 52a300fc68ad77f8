"""Crash runs: worker lives, forked from a warm parent and ended by SIGKILL, while the drill platforms misbehave.

Counted on the remote side: what each platform and the website's folder hold, against what the ledger says.
"""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from syndicate.engine.embedded import Runner, drain_until_settled
from syndicate.flow import items
from syndicate.flow.decide import Vote, decide
from syndicate.flow.practice import PracticeAddresses, write_practice_office
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import DeliveryEvent, DeliveryState
from syndicate.model.review import Actor, Role, Verdict
from syndicate.records import deliveries, people
from syndicate.records.connection import close_connections, open_records, prepare_schema
from syndicate.sandbox.settings import Settings

HERE = Path(__file__).parent
EDITOR = Actor("编辑", Role.EDITOR, "cli")
REVIEWER = Actor("审核", Role.REVIEWER, "cli")
PUBLISHER = Actor("签发", Role.PUBLISHER, "cli")
DIED = (DeliveryEvent.LEASE_LOST, DeliveryEvent.LEASE_LOST_REPEATABLE)
SETTLED = (
    DeliveryState.DELIVERED,
    DeliveryState.NEEDS_PERSON,
    DeliveryState.REFUSED,
    DeliveryState.CANCELLED,
    DeliveryState.EXPIRED,
)


@dataclass
class Outcome:
    """What a crash run ended with. `interrupted`: the steps in which a worker died; `lost` … name `item@channel`."""

    lives: int
    kills: int
    deliveries: int
    states: Counter[str] = field(default_factory=Counter)
    interrupted: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unexplained: list[str] = field(default_factory=list)


@contextmanager
def platform(home: Path) -> Iterator[dict[str, str]]:
    """One set of drill platforms in its own process."""
    command = [sys.executable, "-m", "tests.crash.servers", str(HERE / "faults.yaml"), str(home / "var" / "led")]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


def crash_run(home: Path, number_of_items: int, lives: int, seed: int, database: str = "") -> Outcome:
    """Approve items for five channels, kill `lives` workers at random moments, let the last one live, and count."""
    with platform(home) as fast, platform(home) as quota:
        addresses = PracticeAddresses(
            weibo=quota["weibo"],
            wechat=quota["wechat"],
            app=fast["app"],
            led=fast["led"],
            sources="http://127.0.0.1:8808",
            site="http://127.0.0.1:8809",
        )
        workspace = _office(home, addresses)
        numbers = _approved(workspace, number_of_items)
        kills = _lives(workspace, lives, random.Random(seed), [quota["weibo"], quota["wechat"]])
        _last_life(workspace, [quota["weibo"], quota["wechat"]])
        outcome = _count(home, workspace, numbers, addresses)
        outcome.lives, outcome.kills = lives, kills
        workspace.close()
        close_connections()
        return outcome


def _clock() -> datetime:
    return datetime.now(UTC)


def _office(home: Path, addresses: PracticeAddresses) -> Workspace:
    write_practice_office(home, addresses, Settings())
    # A lease shorter than WeChat's publishing delay: whoever repeats a submission blindly publishes twice.
    ladders = home / "content" / "ladders.yaml"
    text = ladders.read_text("utf-8").replace("lease: 4s", "lease: 1.5s").replace("timeout: 2s", "timeout: 1s")
    ladders.write_text(text, "utf-8")
    open_records(home)
    prepare_schema()
    for actor in (EDITOR, REVIEWER, PUBLISHER):
        people.add(actor.name, actor.role)
    return open_workspace(home, _clock)


def _approved(workspace: Workspace, count: int) -> list[int]:
    numbers = []
    for number in range(count):
        text = f"<p>演练样例第{number:04d}篇：云川县开展安全生产检查，各单位按要求整改。</p>"
        content = items.original(workspace, f"演练样例{number:04d}：安全检查", text)
        item = items.create(workspace, EDITOR, items.Placement("news"), content)
        items.submit(workspace, EDITOR, item)
        decide(workspace, REVIEWER, item, Vote(Verdict.APPROVE, 1))
        decide(workspace, PUBLISHER, item, Vote(Verdict.APPROVE, 2))
        numbers.append(item)
    return numbers


def _lives(workspace: Workspace, lives: int, chance: random.Random, quota_platforms: list[str]) -> int:
    """Every life is forked from this warm parent, so that it works from its first millisecond."""
    kills = 0
    workspace.careful_channels()  # opens the drivers: their libraries are loaded once, here
    for life in range(lives):
        close_connections()
        child = os.fork()
        if child == 0:
            try:
                Runner(workspace).run_forever()
            finally:
                os._exit(0)
        # Short lives die in the website's and the screen's writes, longer ones in the calls that follow these.
        time.sleep(chance.uniform(0.01, 0.25) if life % 3 == 0 else chance.uniform(0.2, 1.2))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        kills += 1
        if life % 8 == 7:
            _next_day(quota_platforms)
    return kills


def _last_life(workspace: Workspace, quota_platforms: list[str]) -> None:
    """Nobody kills any more: everything must settle by itself."""
    close_connections()
    child = os.fork()
    if child == 0:
        try:
            drain_until_settled(workspace, timedelta(seconds=90), lambda steps: None)
        finally:
            os._exit(0)
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        time.sleep(3)
        _next_day(quota_platforms)


def _next_day(addresses: list[str]) -> None:
    """Daily quotas of the platforms start anew: this suite is about crashes, not about quotas."""
    for address in addresses:
        httpx.post(f"{address}/_sandbox/clock", json={"seconds": 86400}, trust_env=False).raise_for_status()


def _count(home: Path, workspace: Workspace, numbers: list[int], addresses: PracticeAddresses) -> Outcome:
    rows = [row for number in numbers for row in deliveries.of_item(number)]
    outcome = Outcome(0, 0, len(rows), Counter(row.state.value for row in rows))
    tries = deliveries.attempts_of([row.id for row in rows])
    died = (f"{row.channel} {one.step}" for row in rows for one in tries.get(row.id, ()) if one.outcome in DIED)
    outcome.interrupted = Counter(died)
    seen = {
        "weibo": _titles(addresses.weibo),
        "wechat": _titles(addresses.wechat),
        "app": _titles(addresses.app),
        "led": Counter(_playlist(home)),
        "website": Counter(_pages(home)),
    }
    for row in rows:
        name = f"{row.item}@{row.channel}"
        there = seen[row.channel][_number(workspace, row.item)]
        if there > 1:
            outcome.doubled.append(name)
        if row.state is DeliveryState.DELIVERED and there == 0:
            outcome.lost.append(name)
        if row.state not in SETTLED:
            outcome.unexplained.append(f"{name} {row.state}")
    return outcome


def _number(workspace: Workspace, item: int) -> str:
    from syndicate.records import items as item_records

    match = re.search(r"演练样例(\d{4})", item_records.latest_revision(item).content.title)
    assert match
    return match[1]


def _titles(address: str) -> Counter[str]:
    """How often each sample was put before the public on a platform, deletions not subtracted."""
    state = httpx.get(f"{address}/_sandbox/state", trust_env=False, timeout=20).json()
    appeared = {"published", "posted", "stored"}
    found: Counter[str] = Counter()
    ids: dict[str, set[str]] = {}
    for effect in state["effects"]:
        match = re.search(r"演练样例(\d{4})", json.dumps(effect, ensure_ascii=False))
        if effect["kind"] in appeared and match:
            ids.setdefault(match[1], set()).add(effect["id"])
    for number, carried in ids.items():
        found[number] = len(carried)
    return found


def _playlist(home: Path) -> list[str]:
    playlist = json.loads((home / "var" / "led" / "playlist.json").read_text("utf-8"))
    return [re.search(r"演练样例(\d{4})", entry["title"])[1] for entry in playlist["items"]]  # type: ignore[index]


def _pages(home: Path) -> list[str]:
    found = []
    for page in (home / "var" / "site").glob("news/*/*.html"):
        match = re.search(r'ArticleTitle" content="演练样例(\d{4})', page.read_text("utf-8"))
        found += [match[1]] if match else []
    return found
