"""The container file: what it may hold and how it runs. A linter looks at it too where one is at hand."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "Containerfile"


def instructions() -> list[tuple[str, str]]:
    """The instructions in their order, continued lines joined."""
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def last_stage() -> list[tuple[str, str]]:
    found = instructions()
    start = max(number for number, (word, _) in enumerate(found) if word == "FROM")
    return found[start:]


def test_it_is_built_in_one_stage_and_run_in_another() -> None:
    assert [word for word, _ in instructions()].count("FROM") == 2
    assert "--from=build" in dict(last_stage())["COPY"]


def test_every_base_has_a_version() -> None:
    bases = [rest.split()[0] for word, rest in instructions() if word == "FROM"]
    assert [base for base in bases if not re.search(r":\d+\.\d+", base)] == []


def test_it_does_not_run_as_root() -> None:
    assert dict(last_stage())["USER"] not in ("root", "0")


def test_dependencies_are_those_of_the_lock_with_their_hashes() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert "--require-hashes -r requirements.lock" in installs[0]
    assert all("--no-deps" in one for one in installs)


def test_it_says_whether_it_is_healthy() -> None:
    assert "/healthz" in dict(last_stage())["HEALTHCHECK"]


def test_nothing_of_an_office_and_no_secret_comes_into_it() -> None:
    copied = {name for word, rest in instructions() if word == "COPY" for name in rest.split()[:-1]}
    assert copied & {".", "var", "./"} == set()
    assert not re.search(r"(?i)(password|secret|token)\w*=", FILE.read_text("utf-8"))


def test_what_the_build_needs_is_let_in_and_nothing_else() -> None:
    lines = (ROOT / ".containerignore").read_text("utf-8").splitlines()
    let_in = {line[1:] for line in lines if line.startswith("!")}
    needed = {
        name for word, rest in instructions() if word == "COPY" and "--from" not in rest for name in rest.split()[:-1]
    }
    assert (lines[0], let_in) == ("*", needed)


def test_what_the_wheel_is_made_of_is_copied() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = {name for word, rest in instructions() if word == "COPY" for name in rest.split()[:-1]}
    assert set(wheel["force-include"]) <= copied


@pytest.mark.skipif(
    shutil.which("hadolint") is None, reason="hadolint is absent; its rules were last passed in 2026-11"
)
def test_the_linter_finds_nothing() -> None:
    done = subprocess.run(["hadolint", str(FILE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
