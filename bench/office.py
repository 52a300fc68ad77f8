"""A whole office at work on two cores: a full database, editors clicking, sources, five channels, patrol and report at once.

Everything runs as it does in an office: `desk` and `work --forever` as processes, `sync`, `patrol`, `report` and `notify` again
and again as cron does. Platforms are the drill servers with production waiting times, sources are 30 hosts on loopback that
publish all the time. No peer: the claims are the project's own. BENCH_OFFICE_ITEMS and BENCH_OFFICE_MINUTES make it short.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import platform
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from bench._full_office import FINDINGS_EACH, FullOffice
from bench._office_world import PASSWORD, SOURCES, World, open_world, write_sources

ITEMS = int(os.environ.get("BENCH_OFFICE_ITEMS", "100000"))
MINUTES = float(os.environ.get("BENCH_OFFICE_MINUTES", "10"))
EDITORS, REVIEWERS, PUBLISHERS = 14, 4, 2
THINKING = (1.0, 5.0)
"""Seconds between two clicks of one person."""
ARRIVING = 30.0
"""Seconds within which everybody logs in."""
WRITING = 25.0
"""Seconds between two new items; WeChat's and Weibo's daily quotas bear no more for ten minutes."""
WARMING = 40.0
"""Seconds of one new item each before anything is measured."""
REGULAR = {"sync": 60, "patrol": 60, "report": 120, "notify": 60}
"""Seconds between two runs of a verb: oftener than the crontab, so that ten minutes hold several of each."""
LADDER = 60.0
"""Seconds: the first wait of the production ladder. What is due longer than that has been left lying."""
GROWTH = 1.10
CHECKS = ("politics", "law", "policy", "secrecy", "wording")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 a benchmark is no stage


@dataclass
class Seen:
    """What was measured, from many threads."""

    clicks: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    memory: dict[str, list[float]] = field(default_factory=dict)
    runs: dict[str, list[float]] = field(default_factory=dict)
    guard: threading.Lock = field(default_factory=threading.Lock)

    def add(self, table: dict[str, list[float]], name: str, value: float) -> None:
        with self.guard:
            table.setdefault(name, []).append(value)

    def wrong(self, what: str) -> None:
        with self.guard:
            self.errors.append(what)


@dataclass(frozen=True)
class Person:
    """Somebody with a session of the desk, and a token for what is written."""

    name: str
    role: str
    token: str


def fill(home: Path, world: World) -> list[Person]:
    """The office with its people, written in a process of its own, so that this one stays small."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_fill, (home, world))


def _fill(home: Path, world: World) -> list[Person]:
    from syndicate.flow.practice import PracticeAddresses, write_practice_office
    from syndicate.sandbox.settings import LedSettings, Settings

    addresses = PracticeAddresses(world.weibo, world.wechat, world.app, world.led, world.site, world.site)
    write_practice_office(home, addresses, Settings(led=LedSettings(home / "var" / "led")))
    write_sources(home, world)
    from syndicate.records.connection import open_records, prepare_schema

    open_records(home)
    prepare_schema()
    FullOffice(ITEMS, now() - timedelta(hours=1), world.site, waits=False).fill()
    from syndicate.flow import personal_tokens
    from syndicate.flow.workspace import open_workspace
    from syndicate.model.review import Actor, Role
    from syndicate.model.token import Scope
    from syndicate.records import people

    workspace = open_workspace(home, now)
    found = []
    roles = [Role.EDITOR] * EDITORS + [Role.REVIEWER] * REVIEWERS + [Role.PUBLISHER] * PUBLISHERS
    for number, role in enumerate(roles):
        name = f"样例{number:02d}"
        people.add(name, role)
        people.set_password(name, PASSWORD)
        actor = Actor(name, role, "cli")
        found.append(
            Person(name, role.value, personal_tokens.make(workspace, actor, name, "样例", frozenset(Scope), 1))
        )
    workspace.close()
    return found


def verb(home: Path, *words: str, before: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    program = [*before, str(Path(sys.executable).with_name("syndicate")), words[0], "--home", str(home), *words[1:]]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@contextlib.contextmanager
def standing(home: Path, seen: Seen) -> Iterator[tuple[str, dict[str, int]]]:
    """Desk and worker; the desk's address, and both processes."""
    desk, worker = verb(home, "desk", "--port", "0"), verb(home, "work", "--forever")
    assert desk.stdout is not None
    line = desk.stdout.readline()
    address = line.partition("http://")[2].partition("/")[0]
    assert address, "the desk did not start"
    try:
        yield f"http://{address}", {"desk": desk.pid, "worker": worker.pid}
    finally:
        for name, process in (("desk", desk), ("worker", worker)):
            process.terminate()
            _, said = process.communicate(timeout=60)
            if process.returncode or "Traceback" in said:
                seen.wrong(f"{name} ended with {process.returncode}: {said[-500:]}")


def regular(home: Path, name: str, end: float, seen: Seen) -> None:
    """One verb again and again, as cron starts it: behind desk and worker."""
    while time.monotonic() < end:
        started = time.monotonic()
        process = verb(home, name, before=("nice",))
        _, said = process.communicate()
        seen.add(seen.runs, name, time.monotonic() - started)
        if process.returncode not in (0, 1) or "Traceback" in said:  # 1: done, but something needs attention
            seen.wrong(f"{name} ended with {process.returncode}: {said[-500:]}")
        time.sleep(max(0.0, min(started + REGULAR[name], end) - time.monotonic()))


PAGES = (
    (
        "queue",
        8,
        lambda chosen: f"/queue?tab={chosen.choice(['mine', 'own', 'returned', 'stopped', 'published', 'all'])}",
    ),
    ("queue, deep", 2, lambda chosen: f"/queue?tab=published&page={chosen.randrange(1, max(2, ITEMS // 31))}"),
    ("search", 2, lambda chosen: f"/queue?tab=all&q={chosen.choice(['安全检查', '县', '4711', '不存在的词'])}"),
    ("item", 10, lambda chosen: f"/items/{chosen.randrange(1, ITEMS + 1)}"),
    ("overview", 3, lambda chosen: "/"),
    ("figures", 1, lambda chosen: "/figures?days=30"),
    ("deliveries", 2, lambda chosen: "/deliveries"),
    ("sources", 1, lambda chosen: "/sources"),
    ("notices", 1, lambda chosen: "/notices"),
)


def click(address: str, person: Person, number: int, end: float, seen: Seen) -> None:
    """Somebody who reads one page after another."""
    chosen = random.Random(number)
    time.sleep(chosen.uniform(0, ARRIVING))
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        page = client.get("/login")
        token = page.text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
        form = {"csrfmiddlewaretoken": token, "name": person.name, "password": PASSWORD}
        if client.post("/login", data=form).status_code != 302:
            seen.wrong(f"{person.name} cannot log in")
            return
        while time.monotonic() < end:
            time.sleep(chosen.uniform(*THINKING))
            name, _, where = chosen.choices(PAGES, [weight for _, weight, _ in PAGES])[0]
            ask(client, "GET", where(chosen), name, seen)


def ask(client: httpx.Client, method: str, where: str, name: str, seen: Seen, **more: Any) -> Any:
    """One request; its time is kept, and everything but a good answer."""
    started = time.perf_counter()
    try:
        answer = client.request(method, where, **more)
    except httpx.HTTPError as error:
        seen.wrong(f"{where}: {type(error).__name__}")
        return None
    seen.add(seen.clicks, name, (time.perf_counter() - started) * 1000)
    if answer.status_code not in (200, 201):
        seen.wrong(f"{method} {where}: {answer.status_code} {answer.text[:200]}")
        return None
    return answer


def write(address: str, people: list[Person], end: float, pause: float, seen: Seen) -> None:
    """New items, each through both levels of review at once: five deliveries each; `pause` seconds between two."""
    by_role = {role: [one for one in people if one.role == role] for role in ("editor", "reviewer", "publisher")}
    chosen, written = random.Random(5), 0
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:

        def act(person: Person, where: str, name: str, body: dict[str, object]) -> Any:
            answer = ask(
                client,
                "POST",
                f"/api/v1{where}",
                name,
                seen,
                json=body,
                headers={"Authorization": f"Bearer {person.token}"},
            )
            return answer.json() if answer else None

        while time.monotonic() < end:
            written += 1
            draft = {
                "title": f"样例县开展第{written}次联合检查（样例）",
                "column": "news",
                "body": "<p>样例县组织检查，发现的问题已经整改。</p>" * 5,
                "submit": True,
            }
            made = act(chosen.choice(by_role["editor"]), "/items", "write", draft)
            for level, role in ((1, "reviewer"), (2, "publisher")):
                if made:
                    vote = {"verdict": "approve", "level": level, "seen": made["seen"], "checked": list(CHECKS)}
                    made = act(chosen.choice(by_role[role]), f"/items/{made['id']}/decisions", "decide", vote) and made
            time.sleep(min(pause, max(0.0, end - time.monotonic())))


def warm_up(address: str, people: list[Person]) -> None:
    """An office's desk and worker have run for days: rules are compiled, and every channel's driver and connections stand."""
    seen = Seen()
    write(address, people, time.monotonic() + WARMING, 1.0, seen)
    assert not seen.errors, seen.errors
    time.sleep(WARMING / 4)


def watch(home: Path, processes: dict[str, int], end: float, seen: Seen) -> None:
    """How long anything has been due, and what the processes weigh, every two seconds."""
    reader = sqlite3.connect(f"file:{home / 'var' / 'syndicate.sqlite3'}?mode=ro", uri=True)
    due = "SELECT MIN(due_at) FROM records_delivery WHERE state IN ('due', 'accepted', 'unsure')"
    while time.monotonic() < end:
        (oldest,) = reader.execute(due).fetchone()
        waited = (now() - datetime.fromisoformat(oldest).replace(tzinfo=UTC)).total_seconds() if oldest else 0.0
        seen.late.append(max(0.0, waited))
        for name, pid in processes.items():
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{pid}/status").read_text("utf-8")
                seen.add(seen.memory, name, int(status.partition("VmRSS:")[2].split()[0]) / 1000)
        time.sleep(2)
    reader.close()


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else max(times, default=0.0)


def claim(name: str, ours: float, unit: str, goal: float, n: int) -> None:
    row = {"claim": name, "ours": round(ours, 2), "peer": None, "unit": unit, "goal": f"<= {goal:g}"}
    print(json.dumps({**row, "holds": ours <= goal, "n": n}, ensure_ascii=False), flush=True)


def told(home: Path, seen: Seen) -> None:
    """Every claim; what was wrong goes to stderr."""
    for error in seen.errors[:20]:
        print(error, file=sys.stderr)
    every = [one for times in seen.clicks.values() for one in times]
    claim("errors: replies, processes and verbs", len(seen.errors), "errors", 0, len(every))
    claim("desk: p95 of all clicks, by the browser's clock", p95(every), "ms", 300, len(every))
    for name, times in sorted(seen.clicks.items()):
        claim(f"desk, {name}: p95", p95(times), "ms", 300, len(times))
    claim("deliveries: longest that anything was left due", max(seen.late), "s", LADDER, len(seen.late))
    with contextlib.closing(sqlite3.connect(home / "var" / "syndicate.sqlite3")) as reader:
        rows = reader.execute(
            "SELECT state, wait_reason, COUNT(*) FROM records_delivery WHERE item_id > ? GROUP BY 1, 2", [ITEMS]
        ).fetchall()
        (taken,) = reader.execute("SELECT COUNT(*) FROM records_itemsource WHERE item_id > ?", [ITEMS]).fetchone()
    states = Counter({f"{state} {reason}".strip(): count for state, reason, count in rows})
    stopped = states["needs_person"] + states["refused"]
    claim("deliveries that stopped", stopped, "deliveries", 0, states.total())
    for name, sizes in seen.memory.items():
        fifth = max(1, len(sizes) // 5)
        growth = statistics.median(sizes[-fifth:]) / statistics.median(sizes[fifth : 2 * fifth] or sizes)
        claim(f"memory of {name}: last fifth of the time over the second", growth, "x", GROWTH, len(sizes))
    runs = {
        name: [round(statistics.median(times), 1), round(max(times), 1), len(times)]
        for name, times in seen.runs.items()
    }
    peaks = {name: round(max(sizes)) for name, sizes in seen.memory.items()}
    print(json.dumps({"new deliveries": states, "items from sources": taken, "verbs: median s, longest s, runs": runs, "peak MB": peaks}, ensure_ascii=False))  # fmt: skip


def main() -> None:
    seen = Seen()
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder, open_world(Path(folder) / "office") as world:
        home = Path(folder) / "office"
        started = time.perf_counter()
        people = fill(home, world)
        conditions = {
            "python": platform.python_version(), "machine": platform.machine(), "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1), "items": ITEMS, "findings": ITEMS * FINDINGS_EACH, "minutes": MINUTES,
            "people": len(people), "sources": SOURCES, "channels": 5, "database": "SQLite",
            "megabytes": (home / "var" / "syndicate.sqlite3").stat().st_size // 1_000_000,
            "seconds to fill": round(time.perf_counter() - started),
        }  # fmt: skip
        print(json.dumps({"conditions": conditions}, ensure_ascii=False), flush=True)
        with standing(home, seen) as (address, processes):
            warm_up(address, people)
            end = time.monotonic() + MINUTES * 60
            work = [threading.Thread(target=click, args=(address, one, n, end, seen)) for n, one in enumerate(people)]
            work += [threading.Thread(target=regular, args=(home, name, end, seen)) for name in REGULAR]
            work += [threading.Thread(target=write, args=(address, people, end - LADDER / 2, WRITING, seen))]
            work += [threading.Thread(target=watch, args=(home, processes, end, seen))]
            for thread in work:
                thread.start()
            for thread in work:
                thread.join()
        told(home, seen)


if __name__ == "__main__":
    main()
