"""`syndicate check` as a person types it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from syndicate.cli import check
from syndicate.errors import NotFound, UsageError

ROOT = Path(__file__).parents[2]
APP = typer.Typer()
check.register(APP)


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(APP, ["--home", str(ROOT), *arguments], input=stdin)


@pytest.fixture
def page(tmp_path: Path) -> str:
    path = tmp_path / "通知.txt"
    path.write_text("会议布署，高度重视,认真落实。", "utf-8")
    return str(path)


def test_findings_are_shown_and_a_block_makes_the_exit_1(page: str) -> None:
    result = run(page)
    assert result.exit_code == 1
    assert "布署" in result.stdout
    assert "^^^^" in result.stdout


def test_a_clean_text_makes_the_exit_0() -> None:
    assert run("-", stdin="会议部署工作。".encode()).exit_code == 0


@pytest.mark.parametrize(("fail_on", "code"), [("block", 0), ("confirm", 1)])
def test_fail_on_decides_what_makes_the_exit_1(fail_on: str, code: int) -> None:
    assert run("-", "--fail-on", fail_on, stdin="高度重视,认真落实".encode()).exit_code == code


def test_json_is_one_document(page: str) -> None:
    for option in (["--json"], ["--format", "json"]):
        answer = json.loads(run(page, *option).stdout)
        assert answer["documents"][0]["name"] == page


def test_html_is_one_page(page: str) -> None:
    assert run(page, "--format", "html").stdout.startswith("<!doctype html>")


def test_the_date_decides_about_old_names() -> None:
    text = "国土资源部印发通知。".encode()
    assert "自然资源部" in run("-", "--date", "2024-06-03", stdin=text).stdout
    assert "自然资源部" in run("-", stdin=text).stdout
    assert "没有发现问题" in run("-", "--date", "2017-06-01", stdin=text).stdout


def test_a_batch_gives_one_line_a_record(tmp_path: Path) -> None:
    batch = tmp_path / "batch.jsonl"
    batch.write_text('\ufeff{"id": "a", "text": "会议布署"}\n{"id": "b", "text": "好"}\n', "utf-8")
    result = run("--jsonl", str(batch))
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a", "b"]


def test_a_batch_comes_from_standard_input_too() -> None:
    assert json.loads(run("--jsonl", "-", stdin=b'{"id": 1, "text": "x"}').stdout) == {"id": 1, "findings": []}


def test_a_rule_is_explained() -> None:
    assert "GB/T 9704-2012" in run("--explain", "document.number").stdout


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ([], UsageError),
        (["-", "--date", "soon"], UsageError),
        (["--jsonl", "missing.jsonl"], UsageError),
        (["--explain", "no.rule"], NotFound),
    ],
)
def test_wrong_calls_say_what_to_do(arguments: list[str], error: type[Exception]) -> None:
    assert isinstance(run(*arguments, stdin=b"").exception, error)


def test_an_address_inside_the_house_is_refused_with_its_reason() -> None:
    result = run("http://127.0.0.1:9/x")
    assert result.exit_code == 1
    assert "127.0.0.1" in result.stdout


def test_watch_checks_again_when_the_file_changes(tmp_path: Path) -> None:
    file = tmp_path / "稿件.txt"
    file.write_text("会议布署了工作。", "utf-8")
    program = "from syndicate.cli.main import run; run()"
    command = [sys.executable, "-c", program, "check", "--watch", "--home", str(ROOT), str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        assert process.stdout is not None
        assert any("布署" in line for line in _until(process.stdout, "Ctrl-C"))
        file.write_text("会议部署了下阶段的工作。", "utf-8")
        assert not any("布署" in line for line in _until(process.stdout, "Ctrl-C"))
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0


def _until(lines: Iterable[str], mark: str) -> list[str]:
    found: list[str] = []
    for line in lines:
        if mark in line:
            break
        found.append(line)
    return found
