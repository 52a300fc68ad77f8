"""Loopback web servers as sources, answering as a test tells them, and the files that follow them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import yaml

from syndicate.flow.sync import SourceResult, sync
from syndicate.net.fetcher import Fetcher
from syndicate.net.limits import Limits, shipped_limits
from tests.flow.office import Desk

QUICK = replace(shipped_limits(), retry=0, gap=0, tries=1)
"""The shipped bounds without the waits of politeness and without repetitions."""
SHORT = replace(QUICK, connect=1, read=0.3, page=0.6, download=0.6)
"""For servers that answer slowly or never."""
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\xa75\x81\x84\x00\x00\x00\x00IEND\xaeB`\x82"
)


@dataclass
class Page:
    """One answer. `body` may be a function that writes pieces for as long as it likes."""

    body: bytes | Callable[[], Iterator[bytes]] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"


class Web:
    """A web site of its own: `pages` by path, `asked` every path that was asked for with its headers.

    A question by POST is answered by the page of its path, a line break and its body.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, Mapping[str, str]]] = []
        self.headed: list[str] = []
        self.head_status = 0
        """How every question for headers alone is answered; 0: as the page would be."""
        self.posted: list[tuple[str, str, bytes]] = []
        self.ending = threading.Event()
        web = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *arguments: object) -> None:
                """Tests need no access log."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                web.posted.append((self.path, self.headers.get("Content-Type", ""), body))
                web.answer(self, web.pages.get(f"{self.path}\n{body.decode()}", Page(b"404", 404)))

            def do_HEAD(self) -> None:
                web.headed.append(self.path)
                page = web.pages.get(self.path, Page(b"", 404))
                web.answer(self, replace(page, body=b"", status=web.head_status or page.status))

            def do_GET(self) -> None:
                web.asked.append((self.path, dict(self.headers)))
                web.answer(self, web.pages.get(self.path, Page(b"404", 404)))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_address[1]}"
        self.base = f"http://{self.host}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def answer(self, handler: BaseHTTPRequestHandler, page: Page) -> None:
        etag = page.headers.get("ETag")
        fresh = etag is not None and handler.headers.get("If-None-Match") == etag
        body = b"" if fresh else page.body
        handler.send_response(304 if fresh else page.status)
        for name, value in {"Content-Type": page.type, **page.headers}.items():
            handler.send_header(name, value)
        if isinstance(body, bytes):
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        try:
            for piece in (body,) if isinstance(body, bytes) else body():
                handler.wfile.write(piece)
        except OSError:
            handler.close_connection = True  # the other side had enough

    def never(self) -> Iterator[bytes]:
        """Begins and goes on dripping until the server ends."""
        while not self.ending.wait(0.05):
            yield b" "

    def silence(self) -> Iterator[bytes]:
        """Says nothing until the server ends."""
        self.ending.wait(30)
        yield b""

    def count(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)

    def close(self) -> None:
        self.ending.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def article(title: str, text: str = "", *, meta: Mapping[str, str] | None = None, body: str = "") -> bytes:
    """An article page with government meta tags; `body` is HTML after its text."""
    tags = {"ArticleTitle": title, "PubDate": "2026-11-26 10:30", "ContentSource": "样例市政府办", **(meta or {})}
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items() if value)
    text = text or f"{title}。各单位按照要求落实到位，确保工作有序推进。"
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head>"
        f"<body><div id='text'><p>{text}</p>{body}</div></body></html>"
    ).encode()


def rss(*entries: Mapping[str, str]) -> bytes:
    """A feed; an entry's keys are RSS element names."""
    items = "".join("<item>" + "".join(f"<{k}>{v}</{k}>" for k, v in entry.items()) + "</item>" for entry in entries)
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>样例</title>{items}</channel></rss>'
    ).encode()


@dataclass
class Beat:
    """A desk, the web that it follows, and what most tests do with both."""

    desk: Desk
    web: Web

    def follow(self, name: str, kind: str = "feed", path: str = "", **more: object) -> None:
        """One more source in the office's configuration."""
        defaults: dict[str, object] = {
            "title": f"样例信源{name}",
            "kind": kind,
            "url": f"{self.web.base}{path or f'/{name}'}",
            "column": "news",
            "organ": "样例市政府办",
            "allow": [self.web.host],
            "article": {"body": "#text"},
        }
        if kind == "json":
            defaults["list"] = {"rows": "", "url": "url", "title": "title", "published": "date"}
        if kind == "html":
            defaults["list"] = {"rows": "li", "url": "a@href", "title": "a"}
        folder = self.desk.home / "content" / "sources"
        folder.mkdir(exist_ok=True)
        text = yaml.safe_dump({**defaults, **more}, allow_unicode=True)
        (folder / f"{name}.yaml").write_text(text, "utf-8")
        self.desk.reload()

    def publish(self, source: str, *numbers: int, etag: str = "", **meta: str) -> None:
        """A JSON list of articles, and their pages."""
        for number in numbers:
            self.web.pages[f"/{number}.html"] = Page(article(f"样例通知第{number}号", meta=meta))
        self.list(source, *numbers, etag=etag)

    def list(self, source: str, *numbers: int, etag: str = "", **more: object) -> None:
        """The JSON list alone."""
        rows = [
            {"url": f"{self.web.base}/{n}.html", "title": f"样例通知第{n}号", "date": "2026-11-26 10:30", **more}
            for n in numbers
        ]
        headers = {"ETag": etag} if etag else {}
        self.web.pages[f"/{source}"] = Page(dumped(rows), headers=headers, type="application/json")

    def sync(self, *names: str, limits: Limits = QUICK) -> tuple[SourceResult, ...]:
        fetcher = Fetcher(clock=self.desk.workspace.now, gap=timedelta(0), limits=limits)
        return sync(self.desk.workspace, fetcher, names)

    def one(self, name: str, limits: Limits = QUICK) -> SourceResult:
        (result,) = self.sync(name, limits=limits)
        return result


def dumped(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


@contextmanager
def serving(desk: Desk) -> Iterator[Beat]:
    """A web beside a desk, closed afterwards."""
    web = Web()
    try:
        yield Beat(desk, web)
    finally:
        web.close()


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Give another process or thread the time it needs, and no more."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
