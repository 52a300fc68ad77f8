"""The command line as a person or a script has it: words in; exit code, stdout and stderr out."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from syndicate.cli.main import run
from syndicate.records.connection import close_connections

SCRIPT = Path(sys.executable).with_name("syndicate")
PAGE = "<p>城区三条道路今日恢复通行，请市民按标志行驶。</p>"


@dataclass(frozen=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; anything more or less is a failure."""
        return json.loads(self.out)


def type_in(*words: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Answer:
    """Run one command in this process as the installed script would."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    before = dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    old_stdin, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    os.environ.pop("SYNDICATE_TOKEN", None)
    os.environ.update(environment or {})
    try:
        with redirect_stdout(out), redirect_stderr(err):
            code = run(words)
    finally:
        sys.stdin = old_stdin
        os.environ.clear()
        os.environ.update(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        close_connections()
    return Answer(code, *(stream.buffer.getvalue().decode("utf-8") for stream in (out, err)))  # type: ignore[attr-defined]


@dataclass
class Office:
    """An office that is used through the command line only."""

    home: Path
    tokens: dict[str, str] = field(default_factory=dict)

    def __call__(self, *words: str, stdin: bytes = b"", user: str = "") -> Answer:
        """A command in this office; `user` acts under his own token."""
        home = ("--home", str(self.home))
        signed = ("--as", user) if user else ()
        environment = {"SYNDICATE_TOKEN": self.tokens[user]} if user else {}
        return type_in(*words, *signed, *home, stdin=stdin, environment=environment)

    def hire(self, name: str, role: str) -> None:
        assert self("user", "add", name, role).code == 0
        self.tokens[name] = self("user", "token", name, "--json").document["token"]

    def write(self, title: str = "城区三条道路恢复通行", body: str = PAGE, *, user: str = "样例编辑") -> int:
        """A new item, sent to review."""
        words = ("item", "new", title, "--column", "news", "--submit", "--json")
        answer = self(*words, stdin=body.encode(), user=user)
        assert answer.code == 0, answer
        number: int = answer.document["item"]
        return number

    def approve(self, item: int) -> Answer:
        return self("review", str(item), "--approve", "--level", "1", user="样例终审")

    def publish(self) -> int:
        """A new item on every channel."""
        item = self.write()
        assert self.approve(item).code == 0
        self("work", "--drain")
        return item

    def deliveries(self, *words: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self("deliveries", *words, "--json").document
        return rows

    def audit(self) -> list[dict[str, str]]:
        """Who did what, oldest first, as exported."""
        rows = csv.DictReader(io.StringIO(self("audit", "export").out.removeprefix("\ufeff")))
        return list(rows)


@contextmanager
def process(*words: str, stderr: Any = subprocess.DEVNULL, **more: Any) -> Iterator[subprocess.Popen[str]]:
    """The installed script as a process of its own, without the surroundings of the tests. It is gone afterwards."""
    surroundings = {key: value for key, value in os.environ.items() if not key.startswith(("SYNDICATE_", "DJANGO_"))}
    with subprocess.Popen(
        [str(SCRIPT), *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=surroundings,
        **more,
    ) as child:
        try:
            yield child
        finally:
            child.kill()


def script(*words: str, limit: float = 60, **more: Any) -> Answer:
    """Run the installed script to its end."""
    # A file never fills up as a pipe does.
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said, process(*words, stderr=said, **more) as child:
        out, _ = child.communicate(timeout=limit)
        said.seek(0)
        return Answer(child.returncode, out, said.read())


def until(happened: Callable[[], bool], limit: float = 30) -> None:
    """Come back as soon as it has happened, which another process brings about."""
    end = time.monotonic() + limit
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)
