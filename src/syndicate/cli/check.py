"""`syndicate check`: the monitor as a tool of its own."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from syndicate.cli.opening import clock
from syndicate.cli.options import HERE, Home, Json
from syndicate.errors import UsageError
from syndicate.model.finding import Severity
from syndicate.model.source import Document

if TYPE_CHECKING:
    from syndicate.flow.check_files import Checked
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


Targets = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE|URL|-]…", help="文件、网址或 -（标准输入）。Files, addresses, or - for stdin."),
]
ShownAs = Annotated[Format, typer.Option("--format", help="输出格式。How findings are shown.")]
Day = Annotated[str, typer.Option("--date", help="稿件日期 YYYY-MM-DD，默认今天。Date of the text; default: today.")]
FailOn = Annotated[Severity, typer.Option(help="达到该程度即以 1 退出。Exit with 1 on findings as grave as this.")]
Explain = Annotated[str, typer.Option("--explain", metavar="RULE", help="说明一条规则。Explain a rule.")]
Batch = Annotated[
    str, typer.Option(metavar="FILE", help="批量：每行一个 JSON 记录，- 为标准输入。A batch, one JSON record a line.")
]


Watch = Annotated[
    bool,
    typer.Option("--watch", help="持续监视文件，改动后重新核校，Ctrl-C 结束。Check again whenever a file changes."),
]


def register(app: typer.Typer) -> None:
    """Hang this verb under `syndicate`."""
    app.command()(check)


def check(
    targets: Targets = None,
    shown_as: ShownAs = Format.TEXT,
    as_json: Json = False,
    day: Day = "",
    fail_on: FailOn = Severity.BLOCK,
    rule: Explain = "",
    jsonl: Batch = "",
    watch: Watch = False,
    home: Home = HERE,
) -> None:
    """核校文字、网页和办公文件。Check texts, pages and office files.

    例 examples: syndicate check 通知.docx · cat 稿件.txt | syndicate check - --format json ·
    syndicate check 公文/*.pdf --fail-on confirm · syndicate check --explain word.typo
    """
    from syndicate.flow.check_files import explain, open_monitor

    if not (targets or rule or jsonl) or (watch and not targets):
        raise UsageError("monitor.nothing_to_check")
    text_day = _day(day)
    monitor = open_monitor(home)
    if rule:
        from syndicate.cli.check_formats import as_rule

        _print(as_rule(explain(monitor, rule)))
        return
    if watch:
        _watch(monitor, targets or [], text_day)
        return
    if jsonl:
        failing = _batch(monitor, jsonl, fail_on)
    else:
        failing = _documents(monitor, targets or [], Format.JSON if as_json else shown_as, text_day, fail_on)
    if failing:
        raise typer.Exit(1)


def _day(text: str) -> date:
    if not text:
        return clock().astimezone(_ZONE).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("monitor.day", value=text) from error


def _documents(monitor: Monitor, targets: list[str], shown_as: Format, day: date, fail_on: Severity) -> bool:
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


def _watch(monitor: Monitor, targets: list[str], day: date) -> None:
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
