"""What ingest costs: feeds beside feedparser alone, a thousand unchanged sources, one host with a hundred, real pages.

Servers answer on loopback addresses. The feed is made up with a fixed seed; corpus and pages lie in ../shared/data.
"""

from __future__ import annotations

import json
import os
import platform
import random
import resource
import socketserver
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

import feedparser

from syndicate.config.office_files import write_office
from syndicate.errors import InputError
from syndicate.ingest.lists import read_list
from syndicate.model.source import Document, Source, SourceKind

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data"
EXPECTED = ROOT / "tests" / "realdata" / "extraction.tsv"
RUNS = 5
HOSTS = 1_000
SAME_HOST = 100
NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
FEED = Source("feed", "feed", SourceKind.FEED, "http://www.example.com/feed.xml", "news", "", full_text=True)
SOURCE = (
    "title: s{n}\nkind: feed\nurl: http://{host}/{n}.xml\ncolumn: news\norgan: x\nallow: ['{host}']\nrobots: {robots}\n"
)
ITEM = "<item><title>{title}</title><link>http://www.example.com/{n}.html</link><guid>{n}</guid><pubDate>Thu, 26 Nov 2026 09:00:00 +0800</pubDate><description><![CDATA[{text}]]></description></item>"


def claim(text: str, ours: float, peer: float | None, unit: str, goal: str, holds: bool, n: int = RUNS) -> None:
    row = {"claim": text, "ours": round(ours, 3), "peer": None if peer is None else round(peer, 3), "unit": unit}
    print(json.dumps({**row, "goal": goal, "holds": holds, "n": n}, ensure_ascii=False), flush=True)


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def big_feed() -> bytes:
    """500 items, about 900 KB."""
    chosen = random.Random(1)
    letters = [chr(code) for code in range(0x4E00, 0x5E00)]
    items = []
    for number in range(500):
        paragraphs = ("".join(chosen.choices(letters, k=90)) for _ in range(6))
        text = "".join(f"<p>{paragraph}。</p>" for paragraph in paragraphs)
        items.append(ITEM.format(n=number, title="".join(chosen.choices(letters, k=20)), text=text))
    head = '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>bench</title>'
    return f"{head}{''.join(items)}</channel></rss>".encode()


def ours(body: bytes) -> int:
    """Rows of a feed; -1 where it is refused in words."""
    with suppress(InputError):
        return len(read_list(FEED, Document(FEED.url, body, NOW)))
    return -1


def compare_feed() -> None:
    body = big_feed()
    assert ours(body) == 500
    pairs = [(seconds(lambda: ours(body)), seconds(lambda: feedparser.parse(body))) for _ in range(RUNS)]
    mine, peer = (statistics.median(pair[side] for pair in pairs) for side in (0, 1))
    claim(f"500 items, {len(body) // 1000} kB to rows", mine, peer, "s", "<= 1.3 x peer", mine <= 1.3 * peer)


def compare_corpus() -> None:
    archive = DATA / "feeds" / "feedparser-tests.tar.gz"
    if not archive.is_file():
        claim("feedparser's corpus", 0, None, "s", "<= 3 x peer", False, 0)
        return
    with tarfile.open(archive) as corpus:
        files = [corpus.extractfile(one) for one in corpus.getmembers() if one.name.endswith(".xml")]
        bodies = [file.read() for file in files if file is not None]
    uncaught = 0

    def read_all() -> None:
        nonlocal uncaught
        for body in bodies:
            try:
                ours(body)
            except Exception:  # noqa: BLE001 what is counted here
                uncaught += 1

    mine, peer = seconds(read_all), seconds(lambda: [feedparser.parse(body) for body in bodies])
    claim(f"corpus of {len(bodies)} files: uncaught exceptions", uncaught, None, "files", "0", uncaught == 0, 1)
    claim(f"corpus of {len(bodies)} files to rows", mine, peer, "s", "<= 3 x peer", mine <= 3 * peer, 1)


class _Unchanged(BaseHTTPRequestHandler):
    """Every list is unchanged for who has an ETag and holds nothing else for the others; no robots.txt."""

    times: list[float]

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self.times.append(time.monotonic())
        feed = b"<rss version='2.0'><channel><item><title>x</title><guid>1</guid></item></channel></rss>"
        if self.path == "/robots.txt":
            self.send_response(404)
            feed = b""
        elif self.headers.get("If-None-Match") == '"a"':
            self.send_response(304)
            feed = b""
        else:
            self.send_response(200)
        self.send_header("ETag", '"a"')
        self.send_header("Content-Length", str(len(feed)))
        self.end_headers()
        self.wfile.write(feed)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 256


def serve(address: str) -> tuple[_Server, list[float]]:
    times: list[float] = []
    server = _Server((address, 0), type("Handler", (_Unchanged,), {"times": times}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, times


def office(home: Path, hosts: list[str], *, first_run: int = 0) -> None:
    write_office(home)
    for old in (home / "content" / "sources").glob("*.yaml"):
        old.unlink()
    for number, host in enumerate(hosts):
        text = SOURCE.format(n=number, host=host, robots="true") + f"first_run: {first_run}\n"
        (home / "content" / "sources" / f"s{number}.yaml").write_text(text, "utf-8")


CHILD = """
import json, resource, sys, time
from datetime import timedelta
from pathlib import Path
from syndicate.records.connection import open_records, prepare_schema
home = Path(sys.argv[1]); open_records(home); prepare_schema()
from datetime import datetime
from zoneinfo import ZoneInfo
from syndicate.flow.sync import sync
from syndicate.flow.workspace import open_workspace
from syndicate.net.fetcher import Fetcher
moment = datetime(2026, 11, 26, 8, tzinfo=ZoneInfo("Asia/Shanghai")) + timedelta(hours=int(sys.argv[2]))
workspace = open_workspace(home, lambda: moment)
gap = None if sys.argv[3] == "" else timedelta(seconds=float(sys.argv[3]))
begun = time.monotonic()
results = sync(workspace, Fetcher(lambda: moment, gap=gap))
wall = time.monotonic() - begun
kinds = sorted({str(one.result) for one in results})
print(json.dumps([wall, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000, len(results), kinds]))
"""


def synced(home: Path, hours: int, gap: str) -> tuple[float, float, int, list[str]]:
    """Seconds, megabytes, sources and results of one sync in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(home), str(hours), gap],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": ""},
    )
    wall, megabytes, count, kinds = json.loads(done.stdout.splitlines()[-1])
    return wall, megabytes, count, kinds


def compare_unchanged() -> None:
    """A thousand hosts: the first look fetches everything, the measured second one is answered 304 throughout."""
    with tempfile.TemporaryDirectory() as folder:
        # One listener on all loopback addresses; each source has an address, and so a host, of its own.
        server, _ = serve("0.0.0.0")
        port = server.server_address[1]
        hosts = [f"127.0.{number // 250 + 1}.{number % 250 + 1}:{port}" for number in range(HOSTS)]
        office(Path(folder), hosts)
        synced(Path(folder), 0, "0")
        wall, megabytes, count, kinds = synced(Path(folder), 1, "")
        server.shutdown()
        server.server_close()
    good = count == HOSTS and kinds == ["nothing_new"]
    claim(f"{HOSTS:,} sources on as many hosts, all 304", wall, None, "s", "<= 15 s", good and wall <= 15, 1)
    claim(
        f"{HOSTS:,} sources on as many hosts: memory", megabytes, None, "MB", "<= 200 MB", good and megabytes <= 200, 1
    )


def compare_one_host() -> None:
    """A hundred sources of one host keep their gap: half a second here, two seconds as shipped."""
    with tempfile.TemporaryDirectory() as folder:
        server, times = serve("127.0.0.1")
        office(Path(folder), [f"127.0.0.1:{server.server_address[1]}"] * SAME_HOST)
        synced(Path(folder), 0, "0.5")
        server.shutdown()
        server.server_close()
    least = min(later - earlier for earlier, later in pairwise(times))
    enough = len(times) >= SAME_HOST
    claim(f"{SAME_HOST} sources of one host: least gap", least, None, "s", ">= 0.5 s", enough and least >= 0.5, 1)


def compare_pages() -> None:
    sys.path.insert(0, str(ROOT))
    from tools.expect_extraction import FIELDS, compared

    if not (DATA / "pages").is_dir():
        claim("fields of hand-checked pages", 0, None, "%", ">= 97 %", False, 0)
        return
    for text, folders in (("hand-checked pages", ("",)), ("those that are not of gov.cn", ("gne", "nfra"))):
        found = [compared(DATA / "pages" / folder, EXPECTED) for folder in folders]
        count, wrong = sum(count for count, _ in found), [line for _, lines in found for line in lines]
        share = 100 * (count - len(wrong)) / count
        print(*(f"{text}: {line}" for line in wrong), sep="\n", file=sys.stderr)
        claim(f"right fields of {text}", share, None, "%", ">= 97 %", share >= 97, count // len(FIELDS))


def main() -> None:
    conditions = {"python": platform.python_version(), "cores": os.cpu_count(), "feedparser": version("feedparser")}
    print(json.dumps({"conditions": conditions, "data": str(DATA.is_dir())}))
    for compare in (compare_feed, compare_corpus, compare_pages, compare_one_host, compare_unchanged):
        compare()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"peak_mb": round(peak)}))


if __name__ == "__main__":
    main()
