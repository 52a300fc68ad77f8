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
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

ITEMS = int(os.environ.get("BENCH_DESK_ITEMS", "100000"))
FINDINGS_EACH = 10
CHANNELS = ("website", "weibo", "wechat", "app", "led")
NOW = datetime(2026, 11, 26, 4, tzinfo=UTC)
PUBLISHER, REVIEWER, EDITOR = "样例签发", "样例审核", "样例编辑"
CHARACTERS = "县镇乡村局委办公开展组织部署推进检查总结建设服务群众企业项目安全生产教育医疗交通农业水利环境保护改革发展计划资金管理监督"
STATES = ("published",) * 980 + ("submitted",) * 10 + ("draft",) * 5 + ("returned",) * 3 + ("approved",) * 2
COLUMNS = ("news", "reprints", "notices", "policy", "interpretation")
ROUNDS = 40


def words(chosen: random.Random, length: int) -> str:
    return "".join(chosen.choices(CHARACTERS, k=length))


def insert(model: Any, rows: Iterable[Mapping[str, object]]) -> None:
    """Rows in bulk; fields that are not named have the model's defaults."""
    from django.db import connection

    fields = list(model._meta.concrete_fields)
    blank = model()
    defaults = {one.attname: getattr(blank, one.attname) for one in fields}
    names = ", ".join(f'"{one.column}"' for one in fields)
    marks = ", ".join(["%s"] * len(fields))
    statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"  # names of our own tables
    waiting = iter(rows)
    while batch := list(islice(waiting, 5_000)):
        values = [
            [one.get_db_prep_save({**defaults, **row}[one.attname], connection) for one in fields] for row in batch
        ]
        with connection.cursor() as cursor:
            cursor.executemany(statement, values)


def created(number: int) -> datetime:
    return NOW - timedelta(minutes=5 * (ITEMS - number))


def items(chosen: random.Random) -> Iterator[dict[str, object]]:
    for number in range(1, ITEMS + 1):
        state, reprint, at = STATES[number * 7919 % 1000], number % 3 > 0, created(number)
        out = state == "published"
        yield {
            "id": number,
            "title": words(chosen, chosen.randint(12, 30)),
            "column": COLUMNS[number % 5],
            "kind": "reprint" if reprint else "original",
            "state": state,
            "level": 1 + (number % 2 if state == "submitted" else 1),
            "levels": 2,
            "submitter": "sync" if reprint else EDITOR,
            "created_by": "sync" if reprint else EDITOR,
            "created_at": at,
            "deadline_at": at + timedelta(hours=24) if reprint else None,
            "submitted_at": None if state == "draft" else at,
            "approved_at": at if state in ("approved", "published") else None,
            "first_published_at": at if out else None,
        }


def revisions(chosen: random.Random, titles: Mapping[int, str]) -> Iterator[dict[str, object]]:
    bodies = ["".join(f"<p>{words(chosen, 80)}。</p>" for _ in range(10)) for _ in range(200)]
    for number in range(1, ITEMS + 1):
        yield {
            "id": number,
            "item_id": number,
            "number": 1,
            "title": titles[number],
            "body": bodies[number % 200],
            "kind": "reprint" if number % 3 else "original",
            "source_name": "示例省人民政府" if number % 3 else "云川县人民政府办公室",
            "source_url": f"https://www.example.gov.cn/{number}.html" if number % 3 else "",
            "published_at": created(number),
            "content_hash": f"{number:064x}",
            "created_by": "sync" if number % 3 else EDITOR,
            "created_at": created(number),
        }


def findings() -> Iterator[dict[str, object]]:
    for number in range(1, ITEMS + 1):
        for place in range(FINDINGS_EACH):
            severity = "block" if (number + place) % 97 == 0 else ("confirm" if place % 3 == 0 else "hint")
            start = 3 + place * 88
            yield {
                "revision_id": number,
                "rule": f"word.sample{place}",
                "severity": severity,
                "part": "body",
                "start": start,
                "end": start + 4,
                "text": "样例文字",
                "message": "样例：此处文字需要核对，依据见规则说明。",
                "message_en": "Sample: look at this passage.",
                "basis": "样例规定",
                "snapshot": "0" * 64,
                "found_at": created(number),
            }


def sent(table: str) -> Iterator[dict[str, object]]:
    """Renditions, deliveries or receipts of everything that was approved; one in five hundred deliveries stopped."""
    row = 0
    for number in range(1, ITEMS + 1):
        state = STATES[number * 7919 % 1000]
        if state not in ("approved", "published"):
            continue
        for channel in CHANNELS:
            row += 1
            stopped = row % 500 == 0
            delivery = "needs_person" if stopped else ("delivered" if state == "published" else "waiting")
            common = {"id": row, "channel": channel, "created_at": created(number)}
            if table == "renditions":
                yield {**common, "revision_id": number, "purpose": "publish", "fields": {"text": "样例"}, "body": "<p>样例</p>", "files": [], "hash": f"{row:064x}"}  # fmt: skip
            elif table == "deliveries":
                yield {**common, "item_id": number, "revision_id": number, "rendition_id": row, "action": "publish", "state": delivery, "due_at": created(number), "wait_reason": "undo" if delivery == "waiting" else "", "attempts_made": 1}  # fmt: skip
            elif delivery == "delivered":
                yield {"delivery_id": row, "item_id": number, "channel": channel, "remote_id": str(row), "url": f"https://www.example.gov.cn/{row}", "at": created(number), "rendition_hash": f"{row:064x}"}  # fmt: skip


def decisions() -> Iterator[dict[str, object]]:
    for number in range(1, ITEMS + 1):
        state = STATES[number * 7919 % 1000]
        levels = {"published": (1, 2), "approved": (1, 2), "submitted": (1,) if number % 2 else ()}.get(state, ())
        for level in levels:
            yield {"revision_id": number, "level": level, "verdict": "approve", "actor": REVIEWER if level == 1 else PUBLISHER, "approval_hash": "0" * 64, "snapshot": "0" * 64, "at": created(number)}  # fmt: skip


def audited() -> Iterator[dict[str, object]]:
    row = 0
    for number in range(1, ITEMS + 1):
        for action in ("item.created", "item.submitted", "item.approved"):
            row += 1
            yield {"number": row, "at": created(number), "actor": EDITOR, "via": "desk", "action": action, "subject": f"item:{number}", "data": {"level": 1}, "previous_hash": "0" * 64, "hash": f"{row:064x}"}  # fmt: skip


def fill() -> None:
    """A full office in bulk, as the flow would have left it."""
    from django.db import transaction

    from syndicate.model.review import Role
    from syndicate.records import models, people

    chosen = random.Random(7)
    with transaction.atomic():
        for name, role in ((PUBLISHER, Role.PUBLISHER), (REVIEWER, Role.REVIEWER), (EDITOR, Role.EDITOR)):
            people.add(name, role)
        insert(models.Item, items(chosen))
        titles = dict(models.Item.objects.values_list("id", "title"))
        insert(models.Revision, revisions(chosen, titles))
        seen = ({"item_id": n, "source": f"sample-{n % 20}", "key": str(n), "url": f"www.example.gov.cn/{n}", "seen_at": created(n)} for n in range(1, ITEMS + 1) if n % 3)  # fmt: skip
        insert(models.ItemSource, seen)
        insert(models.Finding, findings())
        insert(models.Rendition, sent("renditions"))
        insert(models.Delivery, sent("deliveries"))
        insert(models.Receipt, sent("receipts"))
        insert(models.Decision, decisions())
        insert(models.AuditEvent, audited())


def open_office(home: Path) -> Callable[[], Any]:
    """A new office with the desk's settings; returns what gives its workspace to the desk."""
    os.environ["SYNDICATE_HOME"] = str(home)
    from syndicate.config.office_files import write_office

    write_office(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "syndicate.desk.settings"
    from syndicate.records.connection import open_records, prepare_schema

    open_records(home)
    prepare_schema()
    fill()
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
