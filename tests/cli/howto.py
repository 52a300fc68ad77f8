"""The how-to "follow a source" as a newcomer types it: its commands as they are printed, with another address."""

from __future__ import annotations

import re
import shlex
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from syndicate.net.limits import shipped_limits
from tests.cli.terminal import Answer, type_in

HOWTO = Path(__file__).parents[2] / "docs" / "howto" / "follow-a-source.md"
PRINTED = "https://www.county.example/news/"


@contextmanager
def serving(answer: Callable[[str, str], bytes]) -> Iterator[str]:
    """A loopback site; `answer` gets its own base address and the path asked for, empty bytes are a 404."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """Tests need no access log."""

        def do_GET(self) -> None:
            body = answer(base, self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield base
    server.shutdown()
    thread.join()
    server.server_close()


def printed_commands() -> list[list[str]]:
    """The words behind `syndicate` of every command that the page shows before its further examples."""
    first = HOWTO.read_text("utf-8").partition("## 3.")[0]
    return [
        shlex.split(line)[1:]
        for block in re.findall(r"```console\n(.*?)```", first, re.S)
        for line in block.splitlines()
    ]


@dataclass(frozen=True)
class Followed:
    """What each command of the page answered, and the queue afterwards."""

    proposed: Answer
    file: str
    tried: Answer
    synced: Answer
    queue: list[Any]


def follow_literally(base: str, address: str, home: Path, organ: str, more: str = "") -> Followed:
    """Type what the page says, with this address in the place of its own; `more` lines are put into the file.

    A loopback site needs `--allow`, as the page's exceptions do; the page says to correct `organ` by hand.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", "")
        # The pause of two seconds after each request has tests of its own.
        patch.setattr("syndicate.net.fetcher.shipped_limits", lambda: replace(shipped_limits(), gap=0))
        return _typed_in_order(base, address, home, organ, more)


def _typed_in_order(base: str, address: str, home: Path, organ: str, more: str) -> Followed:
    assert type_in("init", str(home)).code == 0
    host = base.removeprefix("http://")

    def typed(words: list[str], *further: str) -> Answer:
        answer = type_in(*[address if word == PRINTED else word for word in words], *further, "--home", str(home))
        assert answer.code == 0, answer.err + answer.out
        return answer

    add, test, sync = printed_commands()
    proposed = typed(add, "--allow", host)
    typed(add, "--allow", host, "--save")
    file = home / "content" / "sources" / "county-news.yaml"
    text = re.sub(r"(?m)^organ: .*$", f"organ: {organ}", file.read_text("utf-8")) + more
    file.write_text(text, "utf-8")
    tried, synced = typed(test), typed(sync)
    return Followed(proposed, text, tried, synced, type_in("queue", "--json", "--home", str(home)).document)
