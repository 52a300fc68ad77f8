"""The world around the office of bench/office.py, in a process of its own: drill platforms, 30 source hosts, the office's site."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path

SOURCES = 30
PASSWORD = "样例口令-仅供测试-2026"
EVERY = 90
"""Seconds between two articles of one source."""
FIRST = 5
"""Articles that a source has at the beginning."""


@dataclass(frozen=True)
class World:
    """Base addresses; every source is a host of its own, as politeness counts by host."""

    weibo: str
    wechat: str
    app: str
    led: str
    site: str
    sources: tuple[str, ...]


@contextmanager
def open_world(home: Path) -> Iterator[World]:
    """All servers in another process, so that answering them takes no time from whoever measures."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_run, args=(home, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        process.join(20)


def _run(home: Path, line: Connection) -> None:
    from syndicate.sandbox.clock import Clock
    from syndicate.sandbox.drill import Sandbox
    from syndicate.sandbox.faults import FaultPlan
    from syndicate.sandbox.folder_server import FolderServer
    from syndicate.sandbox.settings import LedSettings, Settings

    site = FolderServer(home / "var" / "site")
    clock = Clock(lambda: datetime.now(UTC))  # noqa: TID251 a benchmark is no stage
    with Sandbox(FaultPlan(()), clock, Settings(led=LedSettings(home / "var" / "led"))) as drill:
        hosts = tuple(_source(number) for number in range(SOURCES))
        line.send(World(drill.weibo, drill.wechat, drill.app, drill.led, site.start(), hosts))
        line.recv()


def _source(number: int) -> str:
    """A source at 127.0.0.2, 127.0.0.3 …"""
    host = f"127.0.0.{number + 2}"
    server = ThreadingHTTPServer((host, 0), partial(_Source, number, time.monotonic()))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://{host}:{server.server_port}"


class _Source(BaseHTTPRequestHandler):
    """A list page and its articles; a new one every `EVERY` seconds."""

    protocol_version = "HTTP/1.1"

    def __init__(self, number: int, began: float, *more: object) -> None:
        self._number, self._began = number, began
        super().__init__(*more)  # type: ignore[arg-type]

    def log_message(self, format: str, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        count = FIRST + int((time.monotonic() - self._began) / EVERY)
        body = (
            self._list(count) if self.path == "/list.html" else self._article() if self.path.startswith("/art") else ""
        )
        data = body.encode()
        self.send_response(200 if data else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _list(self, count: int) -> str:
        today = datetime.now(UTC) + timedelta(hours=8)  # noqa: TID251 a benchmark is no stage
        rows = (
            f'<li><a href="/art{n}.html" title="{self._title(n)}">{self._title(n)}</a><span>{today:%Y-%m-%d}</span></li>'
            for n in range(count, max(0, count - 20), -1)
        )
        return f'<html><body><ul class="news-list">{"".join(rows)}</ul></body></html>'

    def _title(self, number: int) -> str:
        return f"示例{self._number}市发布第{number}号样例消息"

    def _article(self) -> str:
        title = self._title(int(self.path.removeprefix("/art").removesuffix(".html") or 0))
        text = f"<p>{title}。有关部门开展工作，问题已经整改，群众反映良好，下一步将继续巡查。</p>" * 12
        return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div class=content>{text}</div></body></html>"


def write_sources(home: Path, world: World) -> None:
    """A file for every source in place of the samples."""
    folder = home / "content" / "sources"
    for path in folder.glob("*.yaml"):
        path.unlink()
    for number, address in enumerate(world.sources):
        (folder / f"list-{number:02d}.yaml").write_text(
            f"title: 示例{number}市人民政府网站（样例）\nkind: html\nurl: {address}/list.html\ncolumn: news\n"
            f"organ: 示例{number}市人民政府网站（样例）\nlist: {{rows: ul.news-list li, url: a@href, title: a@title, published: span}}\n"
            f"article: {{title: h1, body: .content}}\ninterval: 1m\nsilence: 3d\ndeadline: 24h\nfirst_run: {FIRST}\n"
            f'allow: ["{address.removeprefix("http://")}"]\n',
            "utf-8",
        )
    _production_ladders(home)


def _production_ladders(home: Path) -> None:
    """The practice office has ladders of seconds; here the real ones count."""
    from syndicate.config.defaults import defaults

    (home / "content" / "ladders.yaml").write_bytes((defaults() / "content" / "ladders.yaml").read_bytes())
