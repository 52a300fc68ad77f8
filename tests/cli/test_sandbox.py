"""`syndicate sandbox` as a process: addresses on stdout, an orderly end on SIGTERM, mistakes named."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import typer
from typer.testing import CliRunner

from syndicate.cli.sandbox import register
from syndicate.errors import ConfigurationError, UsageError

START = "import typer; from syndicate.cli.sandbox import register; app = typer.Typer(); register(app); app()"


@contextmanager
def process(*options: str) -> Iterator[subprocess.Popen[str]]:
    """The verb in its own process."""
    command = [sys.executable, "-c", START, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        try:
            yield child
        finally:
            child.kill()


def read_document(child: subprocess.Popen[str]) -> dict[str, str]:
    """The JSON document that the child prints first."""
    text = ""
    assert child.stdout is not None
    for line in child.stdout:
        text += line
        if line.rstrip() == "}":
            break
    addresses: dict[str, str] = json.loads(text)
    return addresses


def invoke(*options: str) -> object:
    """Run the verb in this process; it never gets as far as serving."""
    app = typer.Typer(pretty_exceptions_enable=False)
    register(app)
    return CliRunner().invoke(app, list(options), catch_exceptions=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_platforms_are_served_until_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with process("--home", str(tmp_path), "--json") as child:
        addresses = read_document(child)
        states = [httpx.get(f"{url}/_sandbox/state", trust_env=False).json() for url in addresses.values()]
        child.send_signal(number)
        assert child.wait(10) == 0
    assert [state["platform"] for state in states] == list(addresses) == ["weibo", "wechat", "app", "led", "wordpress"]


def test_the_clock_is_the_real_one(tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    with process("--journal", str(journal), "--json") as child:
        reply = httpx.get(f"{read_document(child)['led']}/acknowledgement", trust_env=False).json()
    started = datetime.fromtimestamp(journal.stat().st_mtime, UTC)
    assert abs(datetime.fromisoformat(reply["at"]) - started) < timedelta(minutes=1)


def test_people_see_a_table_and_how_to_end(tmp_path: Path) -> None:
    with process("--home", str(tmp_path), "--safe-domain", "gov.example") as child:
        assert child.stdout is not None
        lines = []
        for line in child.stdout:
            lines.append(line)
            if "Ctrl-C to end" in line:
                break
        child.terminate()
        assert child.wait(10) == 0
    text = "".join(lines)
    assert "http://127.0.0.1:" in text
    assert "gov.example" in text


def test_the_plan_the_folder_and_the_journal_are_used(tmp_path: Path) -> None:
    plan = tmp_path / "faults.yaml"
    plan.write_text("faults: [{platform: app, kind: code, code: 429}]", "utf-8")
    folder = tmp_path / "screen"
    folder.mkdir()
    (folder / "playlist.json").write_text('{"schema": 1, "seq": 9, "items": []}', "utf-8")
    journal = tmp_path / "journal.jsonl"
    with process("--faults", str(plan), "--led-folder", str(folder), "--journal", str(journal), "--json") as child:
        addresses = read_document(child)
        assert httpx.get(f"{addresses['app']}/feed.json", trust_env=False).status_code == 429
        assert httpx.get(f"{addresses['led']}/acknowledgement", trust_env=False).json()["seq"] == 9
    assert journal.exists()


def test_a_bad_plan_starts_nothing_and_names_every_mistake(tmp_path: Path) -> None:
    plan = tmp_path / "faults.yaml"
    plan.write_text("faults:\n  - {platform: x, kind: slow}\n  - {platform: app, kind: y}\n", "utf-8")
    result = invoke("--faults", str(plan))
    assert isinstance(result.exception, ConfigurationError)
    assert [problem.line for problem in result.exception.problems] == [2, 3]


def test_a_plan_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = invoke("--faults", str(tmp_path / "nothing.yaml"))
    assert isinstance(result.exception, UsageError)
    assert "nothing.yaml" in str(result.exception)
