"""What `syndicate check` does, once its command line is read. Loads nothing that reading a command line needs."""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from syndicate.cli.opening import clock
from syndicate.errors import UsageError
from syndicate.model.finding import Severity

if TYPE_CHECKING:
    from syndicate.flow.check_files import Checked
    from syndicate.model.source import Document
    from syndicate.monitor.monitor import Monitor
    from syndicate.net.fetcher import Fetcher

_ZONE = ZoneInfo("Asia/Shanghai")
_PAUSE = 0.3
"""Seconds between two looks at the watched files."""


class Format(StrEnum):
    """How findings are shown."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


@dataclass(frozen=True)
class Wish:
    """What is to be checked and how; the fields are the parameters of the verb."""

    targets: Sequence[str] = ()
    shown_as: Format = Format.TEXT
    as_json: bool = False
    day: str = ""
    fail_on: Severity = Severity.BLOCK
    rule: str = ""
    jsonl: str = ""
    watch: bool = False
    home: Path = Path()


def fulfil(wish: Wish) -> bool:
    """Checks and prints; whether something needs attention."""
    if not (wish.targets or wish.rule or wish.jsonl) or (wish.watch and not wish.targets):
        raise UsageError("monitor.nothing_to_check")
    text_day = _day(wish.day)
    monitor = _opened(wish.home)
    if wish.rule:
        from syndicate.cli.check_formats import as_rule
        from syndicate.flow.check_files import explain

        _print(as_rule(explain(monitor, wish.rule)))
        return False
    if wish.watch:
        _watch(monitor, wish.targets, text_day)
        return False
    if wish.jsonl:
        return _batch(monitor, wish.jsonl, wish.fail_on)
    return _documents(monitor, wish.targets, Format.JSON if wish.as_json else wish.shown_as, text_day, wish.fail_on)


def _opened(home: Path) -> Monitor:
    """The office's monitor. What is loaded stays; looking through it for garbage would take longer than loading it."""
    gc.disable()
    try:
        from syndicate.flow.check_files import open_monitor

        return open_monitor(home)
    finally:
        gc.freeze()
        gc.enable()


def _day(text: str) -> date:
    if not text:
        return clock().astimezone(_ZONE).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("monitor.day", value=text) from error


def _documents(monitor: Monitor, targets: Sequence[str], shown_as: Format, day: date, fail_on: Severity) -> bool:
    """Checks and prints the documents; whether one is unreadable or has a finding as grave as `fail_on`."""
    from syndicate.cli import check_formats
    from syndicate.flow.check_files import Sources, check_documents, fails

    failing = False

    def noted() -> Iterator[Checked]:
        nonlocal failing
        for checked in check_documents(monitor, targets, Sources(sys.stdin.buffer, _fetch), day=day):
            failing = failing or checked.error is not None or fails(checked.findings, fail_on)
            yield checked

    if shown_as is Format.JSON:
        json.dump(check_formats.as_json(noted()), sys.stdout, ensure_ascii=False, indent=2)
        _print([""])
    elif shown_as is Format.HTML:
        _print([check_formats.as_html(noted())])
    else:
        for checked in noted():
            _print(check_formats.as_text(checked))
    return failing


def _watch(monitor: Monitor, targets: Sequence[str], day: date) -> None:
    """Checks the files, and again each one that changed, until the person stops it. Changed rules need a new start."""
    from syndicate.flow.check_files import changed_files

    seen: dict[str, int] = {}
    try:
        while True:
            changed = changed_files(targets, seen)
            if changed:
                _documents(monitor, changed, Format.TEXT, day, Severity.BLOCK)
                _print([f"—— {clock().astimezone(_ZONE):%H:%M:%S} 等待文件变化，Ctrl-C 结束 waiting for changes"])
                sys.stdout.flush()
            time.sleep(_PAUSE)
    except KeyboardInterrupt:
        return


def _batch(monitor: Monitor, name: str, fail_on: Severity) -> bool:
    """Checks and prints a batch, one answer a line; whether a record is broken or has a grave finding."""
    from syndicate.cli.check_formats import record_as_json
    from syndicate.flow.check_files import STDIN, check_records, fails

    try:
        stream = sys.stdin.buffer if name == STDIN else Path(name).open("rb")  # noqa: SIM115 closed just below
    except OSError as error:
        raise UsageError("monitor.unreadable", name=name, why=error.strerror) from error
    failing = False
    with stream:
        for record in check_records(monitor, (line.decode("utf-8-sig", "replace") for line in stream)):
            failing = failing or record.error is not None or fails(record.findings, fail_on)
            _print([json.dumps(record_as_json(record), ensure_ascii=False)])
    return failing


@cache
def _fetcher() -> Fetcher:
    from syndicate.net.fetcher import Fetcher  # loads requests: only for addresses

    return Fetcher(clock)


def _fetch(url: str) -> Document:
    return _fetcher().get(url)


def _print(lines: Iterable[str]) -> None:
    """Lines for stdout; what the terminal cannot show, lone surrogates included, becomes a question mark."""
    encoding = sys.stdout.encoding or "utf-8"
    for line in lines:
        sys.stdout.write(line.encode(encoding, "replace").decode(encoding) + "\n")
