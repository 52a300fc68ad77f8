"""What the desk costs at 100,000 items and 1,000,000 findings on SQLite: queue, overview and item page, by the server's time.

The office and its rows are invented, with a fixed seed. Requests go through the whole application: middleware, session,
templates. There is no peer to measure beside: the claims are the project's own.
"""

from __future__ import annotations

import gc
import json
import os
import platform
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench._full_office import EDITOR, FINDINGS_EACH, PUBLISHER, FullOffice

ITEMS = int(os.environ.get("BENCH_DESK_ITEMS", "100000"))
NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)
ROUNDS = 40


def open_office(home: Path) -> Callable[[], Any]:
    """A new office with the desk's settings; returns what gives its workspace to the desk."""
    os.environ["SYNDICATE_HOME"] = str(home)
    from syndicate.config.office_files import write_office

    write_office(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "syndicate.desk.settings"
    from syndicate.records.connection import open_records, prepare_schema

    open_records(home)
    prepare_schema()
    FullOffice(ITEMS, NOW).fill()
    from syndicate.flow.workspace import open_workspace

    workspace = open_workspace(home, lambda: NOW)
    return lambda: workspace


@dataclass
class Measured:
    """Milliseconds of every request by the clock and by the processor, the most queries and the most bytes of a page."""

    clock: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    queries: int = 0
    weight: int = 0


def measure(client: Any, addresses: Iterable[str]) -> Measured:
    """Ask for every page twice: once to count its queries, once for its time."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    found = Measured()
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(address)
        found.queries = max(found.queries, len(captured))
        started, used = time.perf_counter(), time.process_time()
        response = client.get(address)
        found.clock.append((time.perf_counter() - started) * 1000)
        found.processor.append((time.process_time() - used) * 1000)
        assert response.status_code == 200, (address, response.status_code)
        found.weight = max(found.weight, page_weight(response.content))
    return found


def page_weight(page: bytes) -> int:
    """Bytes of a page with its style sheets and scripts, as they go over the wire (compressed where kept so)."""
    import syndicate.desk

    static = Path(syndicate.desk.__file__).parent / "static"
    total = len(page)
    for name in set(re.findall(rb'/static/([^"?]+\.(?:css|js))', page)):
        path = static / name.decode()
        packed = path.with_name(path.name + ".gz")
        total += (packed if packed.exists() else path).stat().st_size
    return total


def queue_addresses() -> dict[str, list[str]]:
    """The questions of the queue: every tab, filters, search, deep pages."""
    deep = ITEMS * 98 // 100 // 30
    return {
        "tabs": [f"/queue?tab={tab}" for tab in ("mine", "own", "returned", "approved", "stopped", "published", "all")],
        "filters": [
            "/queue?tab=published&column=news",
            "/queue?tab=published&source=sample-7",
            f"/queue?tab=published&editor={EDITOR}",
            "/queue?tab=mine&kind=reprint",
            "/queue?tab=all&state=returned",
        ],
        "search": [
            "/queue?tab=all&q=安全检查",
            "/queue?tab=all&q=不存在的词",
            "/queue?tab=mine&q=县",
            "/queue?tab=all&q=4711",
        ],
        "deep pages": [f"/queue?tab=published&page={page}" for page in (2, 100, deep // 2, deep)],
    }


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def claim(name: str, ours: float, unit: str, goal: float, n: int) -> None:
    row = {"claim": name, "ours": round(ours, 1), "peer": None, "unit": unit, "goal": f"<= {goal:g}"}
    print(json.dumps({**row, "holds": ours <= goal, "n": n}, ensure_ascii=False), flush=True)


def claims(what: str, found: Measured) -> None:
    count = len(found.clock)
    claim(f"{what}: p95 of the server's time", p95(found.clock), "ms", 120, count)
    claim(
        f"{what}: p95 of the processor's time, whatever else the machine does", p95(found.processor), "ms", 120, count
    )
    claim(f"{what}: queries of one page", found.queries, "queries", 15, count)
    claim(f"{what}: page weight", found.weight / 1000, "kB", 150, count)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder:
        home = Path(folder) / "office"
        started = time.perf_counter()
        opening = open_office(home)
        conditions = {
            "python": platform.python_version(), "machine": platform.machine(), "cpus": os.cpu_count(),
            "load": round(os.getloadavg()[0], 1), "items": ITEMS, "findings": ITEMS * FINDINGS_EACH,
            "megabytes": (home / "var" / "syndicate.sqlite3").stat().st_size // 1_000_000,
            "seconds to fill": round(time.perf_counter() - started),
        }  # fmt: skip
        print(json.dumps({"conditions": conditions}, ensure_ascii=False), flush=True)
        from django.test import Client

        from syndicate.desk.request import OPENING
        from syndicate.records.models import User

        client = Client(headers={"host": "127.0.0.1"}, **{OPENING: opening})
        client.force_login(User.objects.get(username=PUBLISHER))
        client.get("/queue")
        gc.freeze()  # as the verb `desk` does
        for name, addresses in queue_addresses().items():
            claims(f"queue, {name}", measure(client, addresses * max(1, ROUNDS // len(addresses))))
        chosen = random.Random(11)
        numbers = [chosen.randrange(1, ITEMS + 1) for _ in range(ROUNDS)]
        claims("overview", measure(client, ["/"] * ROUNDS))
        claims("figures of 30 days", measure(client, ["/figures?days=30"] * ROUNDS))
        claims("item page", measure(client, [f"/items/{number}" for number in numbers]))
        opening().close()


if __name__ == "__main__":
    main()
