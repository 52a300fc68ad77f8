"""What a report costs of a day on which an office handles 500 items: as a page, as PDF, as a workbook; and of a whole month.

The office and its rows are invented, with a fixed seed. There is no peer to measure beside: none of the programs that
do a part of this makes such a report. The claims are the project's own.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench._full_office import FullOffice, insert

ITEMS = int(os.environ.get("BENCH_REPORT_ITEMS", "500"))
"""Items of the day that is reported on; as many again came in the days before."""
NOW = datetime(2026, 11, 26, 16, tzinfo=UTC)
"""Midnight where the office is."""
RUNS = 5


@dataclass(frozen=True)
class FullDay(FullOffice):
    """An office whose last day has `ITEMS` items."""

    def created(self, number: int) -> datetime:
        return self.now - timedelta(days=1) * (self.total - number + 1) / (ITEMS + 1)


def open_office(home: Path) -> Any:
    """A new office whose day is over; returns its workspace."""
    from syndicate.config.office_files import write_office

    write_office(home)
    from syndicate.records.connection import open_records, prepare_schema

    open_records(home)
    prepare_schema()
    FullDay(2 * ITEMS, NOW).fill()
    from syndicate.records import models

    looks = ({"at": NOW - timedelta(minutes=5 * n + 1), "kind": "site", "target": "https://www.example.gov.cn/", "ok": n % 40 > 0, "status": 200, "milliseconds": 640} for n in range(30 * 288))  # fmt: skip
    insert(models.Probe, looks)
    from syndicate.flow.workspace import open_workspace

    return open_workspace(home, lambda: NOW)


def taken(work: Callable[[], bytes]) -> tuple[float, int]:
    """The median of several runs in seconds, and how many bytes came out."""
    times, size = [], 0
    for _ in range(RUNS):
        began = time.perf_counter()
        size = len(work())
        times.append(time.perf_counter() - began)
    return statistics.median(times), size


def claim(name: str, ours: float, goal: float, size: int) -> None:
    row = {"claim": name, "ours": round(ours, 2), "peer": None, "unit": "s", "goal": f"<= {goal:g}"}
    print(json.dumps({**row, "holds": ours <= goal, "n": RUNS, "bytes": size}, ensure_ascii=False), flush=True)


def main() -> None:
    """Fill one office and report on its day."""
    conditions = {
        "bench": "report", "items": ITEMS, "python": platform.python_version(), "machine": platform.machine(),
        "processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1),
        "peer": "none: no other program makes such a report",
    }  # fmt: skip
    print(json.dumps(conditions, ensure_ascii=False), flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-report-") as folder:
        workspace = open_office(Path(folder) / "office")
        from syndicate.errors import NotFound
        from syndicate.flow.report import make_report, rendered
        from syndicate.model.period import Span

        day = (NOW - timedelta(days=1)).date()
        page = taken(lambda: rendered(workspace, make_report(workspace, day), "html"))
        claim(f"report of a day with {ITEMS} items as a page", page[0], 2, page[1])
        book = taken(lambda: rendered(workspace, make_report(workspace, day), "xlsx"))
        claim(f"report of a day with {ITEMS} items as a workbook", book[0], 6, book[1])
        month = taken(lambda: rendered(workspace, make_report(workspace, day, None, Span.MONTH), "html"))
        claim("report of the whole month as a page", month[0], 4, month[1])
        try:
            pdf = taken(lambda: rendered(workspace, make_report(workspace, day), "pdf"))
        except NotFound as error:
            print(json.dumps({"claim": "as PDF", "left_out": error.message.en}, ensure_ascii=False))
        else:
            claim(f"report of a day with {ITEMS} items as PDF", pdf[0], 6, pdf[1])


if __name__ == "__main__":
    main()
