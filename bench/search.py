"""What the public search costs at 100,000 articles: questions, and taking in one article.

On SQLite, or on the empty PostgreSQL database that `DATABASE_URL` names.

Texts are invented sentences put together with a fixed seed. The peer is a plain scan of the same texts in Python, which
also proves the counts.
"""

from __future__ import annotations

import json
import os
import platform
import random
import sqlite3
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ARTICLES = int(os.environ.get("BENCH_SEARCH_ARTICLES", "100000"))
START = datetime(2016, 1, 4, 1, tzinfo=UTC)
KNOWN = (
    "政府",
    "工作",
    "经济",
    "会议",
    "水利局",
    "营商环境",
    "防汛抗旱",
    "食品安全检查",
    "义务教育",
    "文化馆公布",
    "旱情",
)
CHARACTERS = "县镇乡村局委办公开展组织部署推进检查总结建设服务群众企业项目安全生产教育医疗交通农业水利环境保护改革发展计划资金管理监督"
WORDS = (
    "政府",
    "工作",
    "经济",
    "营商环境",
    "水利局",
    "食品安全检查",
    "防汛",
    "文化馆公布",
    "旱",
    "经济 会议",
    "不存在的词",
)


def vocabulary() -> tuple[list[str], list[float]]:
    """4,000 words with the frequencies of a language: the n-th is used 1/n as often as the first."""
    chosen = random.Random(5)
    made = {"".join(chosen.choices(CHARACTERS, k=chosen.choice((2, 2, 2, 3, 4)))) for _ in range(4_500)}
    words = sorted(made - set(KNOWN))[:4_000]
    chosen.shuffle(words)
    for number, known in enumerate(KNOWN):
        words.insert(3 ** (number // 2) * 3 + number, known)
    return words, [1 / (rank + 10) for rank in range(len(words))]


VOCABULARY, WEIGHTS = vocabulary()


def text(chosen: random.Random) -> str:
    """About a thousand characters in sentences."""
    words = chosen.choices(VOCABULARY, WEIGHTS, k=400)
    return "。".join("".join(words[start : start + 8]) for start in range(0, 400, 8))


def claim(name: str, ours: float, peer: float | None, unit: str, goal: str, holds: bool, n: int) -> None:
    row = {"claim": name, "ours": round(ours, 2), "peer": None if peer is None else round(peer, 2), "unit": unit}
    print(json.dumps({**row, "goal": goal, "holds": holds, "n": n}, ensure_ascii=False), flush=True)


def fill(count: int) -> list[str]:
    """Articles and their index in bulk, as single publications leave them."""
    from django.db import transaction

    from syndicate.records import models, search

    chosen = random.Random(6)
    texts = []
    for begin in range(0, count, 2_000):
        numbers = range(begin + 1, min(begin + 2_000, count) + 1)
        with transaction.atomic():
            models.Item.objects.bulk_create(
                models.Item(id=n, column="news", kind="original", state="published", levels=1, created_at=START)
                for n in numbers
            )
            rows = []
            for n in numbers:
                at = START + timedelta(minutes=50 * n)
                texts.append(text(chosen))
                rows.append(
                    models.SearchDocument(
                        position=int(at.timestamp()) * search._ITEMS_A_SECOND + n,
                        channel="website",
                        item_id=n,
                        column=("news", "policy", "notices")[n % 3],
                        year=at.year,
                        published_at=at,
                        address=f"news/{n}.html",
                        title=f"样例{n}",
                        text=texts[-1],
                    )
                )
            models.SearchDocument.objects.bulk_create(rows)
    search.index_everything()
    return texts


def questions(texts: list[str]) -> None:
    from syndicate.records import search

    times, scans, wrong = [], [], 0
    for word in WORDS:
        for filters in ({}, {"column": "policy"}, {"year": 2018}, {"column": "news", "year": 2020}):
            for _ in range(3):
                begun = time.perf_counter()
                found = search.find("website", word, **filters)  # type: ignore[arg-type]
                times.append(1000 * (time.perf_counter() - begun))
            if not filters:
                begun = time.perf_counter()
                exact = sum(all(part in one for part in word.split()) for one in texts)
                scans.append(1000 * (time.perf_counter() - begun))
                wrong += found.total != min(exact, search.MOST_COUNTED + 1)
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    claim(f"p95 of a question over {ARTICLES:,} articles", p95, max(scans), "ms", "<= 50", p95 <= 50, len(times))
    claim("median of a question", statistics.median(times), statistics.median(scans), "ms", "<= 50", True, len(times))
    claim("counts that differ from exact search", wrong, 0, "words", "0", wrong == 0, len(WORDS))


def taking_in() -> None:
    from syndicate.model.site import SiteEntry
    from syndicate.records import models, search

    chosen, times = random.Random(7), []
    for number in range(ARTICLES + 1, ARTICLES + 22):
        models.Item.objects.create(
            id=number, column="news", kind="original", state="published", levels=1, created_at=START
        )
        at = START + timedelta(minutes=50 * number)
        entry = SiteEntry(number, "news", f"news/{number}.html", f"样例{number}", "", "", at)
        one = text(chosen)
        begun = time.perf_counter()
        search.put("website", entry, one)
        times.append(1000 * (time.perf_counter() - begun))
    median = statistics.median(times)
    claim("one article into the index, with its own fsync", median, None, "ms", "<= 20", median <= 20, len(times))


def main() -> None:
    from syndicate.records.connection import close_connections, open_records, prepare_schema

    conditions = {
        "python": platform.python_version(),
        "database": "PostgreSQL" if os.environ.get("DATABASE_URL") else f"SQLite {sqlite3.sqlite_version}",
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "articles": ARTICLES,
    }
    print(json.dumps({"conditions": conditions}, ensure_ascii=False), flush=True)
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder:
        home = Path(folder)
        (home / "var").mkdir()
        open_records(home)
        prepare_schema()
        texts = fill(ARTICLES)
        questions(texts)
        taking_in()
        database = home / "var" / "syndicate.sqlite3"
        if database.exists():
            claim("database with texts and index", database.stat().st_size / 1e6, None, "MB", "-", True, 1)
        close_connections()


if __name__ == "__main__":
    main()
