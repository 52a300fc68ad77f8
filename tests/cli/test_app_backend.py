"""`syndicate app-backend`: an office's own backend takes what the office publishes, over the command line alone."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import httpx

from tests.cli.conftest import NOWHERE
from tests.cli.terminal import Office, process, script


def test_what_an_office_publishes_is_read_from_its_own_backend(office: Office) -> None:
    with process("app-backend", "--port", "0", "--address", "https://app.example", "--home", str(office.home)) as child:
        assert child.stdout
        found = re.search(r"http://127\.0\.0\.1:\d+", child.stdout.readline())
        assert found
        path = office.home / "channels" / "app.yaml"
        path.write_text(path.read_text("utf-8").replace(NOWHERE, found[0]), "utf-8")
        item = office.publish()
        with httpx.Client(trust_env=False) as client:
            listed = client.get(f"{found[0]}/articles").json()
            feed = client.get(f"{found[0]}/feed.json").json()
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=30)
    assert [(one["id"], one["title"]) for one in listed["items"]] == [(str(item), "城区三条道路恢复通行")]
    assert feed["items"][0]["url"] == f"https://app.example/articles/{item}"
    assert (child.returncode, (office.home / "var" / "app-backend.sqlite3").exists()) == (0, True)


def test_a_channel_that_is_no_app_has_no_such_backend(office: Office) -> None:
    answer = office("app-backend", "--channel", "website")
    assert (answer.code, "--channel" in answer.err) == (2, True)


def test_a_port_that_is_taken_is_said(office: Office, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = script("app-backend", "--port", port, "--home", str(office.home))
    assert (answer.code, port in answer.err) == (2, True)
