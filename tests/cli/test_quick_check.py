"""The plain command lines of `syndicate check` are read as the library reads them, or left to it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from syndicate.cli.checking import Format, Wish
from syndicate.cli.main import VERBS, command_line
from syndicate.cli.quick_check import FLAGS, OPTIONS, plain_wish
from syndicate.model.finding import Severity
from tests.cli.terminal import type_in

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _no_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SYNDICATE_HOME", raising=False)


def test_every_option_and_flag_of_the_verb_is_known_by_its_name() -> None:
    verb = get_command(command_line(["check"])).commands["check"]  # type: ignore[attr-defined]
    declared = {option: one.name for one in verb.params for option in one.opts if option.startswith("--")}
    known = {**FLAGS, **{name: field for name, (field, _) in OPTIONS.items()}}
    assert declared == known
    assert set(known.values()) | {"targets"} == {field.name for field in fields(Wish)}


def test_all_that_can_be_asked_for_is_read() -> None:
    words = "--format=html a.txt --json --date 2024-05-01 --fail-on hint --explain x.y - --jsonl f --watch --home h"
    assert plain_wish(words.split()) == Wish(
        ["a.txt", "-"], Format.HTML, True, "2024-05-01", Severity.HINT, "x.y", "f", True, Path("h")
    )


def test_what_is_not_said_is_as_the_verb_declares_it() -> None:
    assert plain_wish(["a.txt"]) == Wish(["a.txt"])


def test_the_office_may_be_named_by_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYNDICATE_HOME", "/office")
    assert plain_wish(["a.txt"]) == Wish(["a.txt"], home=Path("/office"))
    assert plain_wish(["a.txt", "--home", "x"]) == Wish(["a.txt"], home=Path("x"))


@pytest.mark.parametrize(
    "words",
    ["--help", "-h", "--", "--formatt html", "--format pdf", "--fail-on", "--explain --json", "--json=1", "-x a.txt"],
)
def test_what_is_not_plain_is_left_to_the_library(words: str) -> None:
    assert plain_wish(words.split()) is None


def test_a_mistake_is_told_in_the_words_of_every_verb() -> None:
    answer = type_in("check", "--format", "pdf", "a.txt")
    assert answer.code == 2
    assert "--format" in answer.err


def test_a_plain_check_loads_neither_the_library_nor_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("会议部署工作。", "utf-8")
    program = (
        "import sys; from syndicate.cli.main import run; "
        f"code = run(['check', {str(tmp_path / 'a.txt')!r}, '--json']); "
        "sys.exit(code or any(name in sys.modules for name in ('typer', 'pydantic', 'rich')))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_verb_loads_the_verbs_of_its_module_alone() -> None:
    assert [one.callback.__name__ for one in command_line(["check"]).registered_commands if one.callback] == ["check"]
    everything = command_line([])
    assert len(everything.registered_commands) > 10
    assert isinstance(everything, typer.Typer)


@pytest.mark.parametrize("module", sorted(VERBS))
def test_each_module_holds_the_verbs_that_it_is_loaded_for(module: str) -> None:
    found = {verb for verb in VERBS[module] if verb in get_command(command_line([verb])).commands}  # type: ignore[attr-defined]
    assert found == set(VERBS[module])


def test_every_verb_is_found_without_the_other_modules() -> None:
    known = {verb for verbs in VERBS.values() for verb in verbs}
    assert set(get_command(command_line()).commands) == known  # type: ignore[attr-defined]
