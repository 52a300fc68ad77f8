"""The container file: what it may hold and how it runs. A linter looks at it too where one is at hand."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

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


def _health_of(answer: bytes) -> int:
    """What the health check ends with when the desk answers so; its port is that of a server of ours."""

    class Desk(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(503)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the screen."""

    command = json.loads(dict(last_stage())["HEALTHCHECK"].partition("CMD ")[2])
    with HTTPServer(("127.0.0.1", 0), Desk) as server:
        Thread(target=server.handle_request).start()
        code = command[-1].replace("8800", str(server.server_port))
        return subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60, check=False).returncode


def test_a_stopped_worker_does_not_make_the_desk_unhealthy() -> None:
    assert _health_of(b'{"well": false, "database": true, "worker": false, "disk": true}') == 0


@pytest.mark.parametrize("answer", [b'{"well": false, "database": false, "worker": false, "disk": true}', b"mistake"])
def test_a_desk_that_cannot_read_its_database_is_unhealthy(answer: bytes) -> None:
    assert _health_of(answer) == 1


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
