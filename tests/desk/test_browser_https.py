"""The desk as it is installed: behind the nginx of the how-to, by HTTPS, in a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.conftest import lack
from tests.cron.test_nginx import NAME, Proxy, proxy
from tests.desk.conftest import Furnish
from tests.desk.office import EDITOR, Office
from tests.desk.test_browser import ARGUMENTS, ROOT, log_in, window

__all__ = ["proxy"]
BASE = f"https://{NAME}"


@pytest.fixture
def behind_nginx(furnished: Furnish, proxy: Proxy) -> Iterator[Proxy]:
    home = furnished()
    office = Office(home, datetime.now(UTC))
    office.workspace.close()
    known = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    words = ["--home", str(home), "--port", str(proxy.backend), "--https", "--allow-host", NAME]
    command = [sys.executable, "-m", "tests.desk.serve", *words]
    with subprocess.Popen(command, env={**known, "PYTHONUNBUFFERED": "1"}, cwd=ROOT, stdout=subprocess.PIPE) as desk:
        assert desk.stdout
        desk.stdout.readline()
        yield proxy
        desk.send_signal(signal.SIGINT)


@pytest.fixture
def context(behind_nginx: Proxy) -> Iterator[BrowserContext]:
    """A browser for which the desk's name leads to this machine."""
    path = shutil.which("chromium")
    if path is None:
        lack("Chromium is not installed: apt-get install chromium")
        return
    there = f"--host-resolver-rules=MAP {NAME}:443 127.0.0.1:{behind_nginx.client.base_url.port}"
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, there])
        with window(running, ignore_https_errors=True) as opened:
            yield opened
        running.close()


def test_the_cookies_belong_to_this_host_and_travel_by_https_alone(context: BrowserContext) -> None:
    log_in(context, BASE, EDITOR)
    kept = {one["name"]: (one["secure"], one["httpOnly"], one["domain"], one["path"]) for one in context.cookies()}
    mine = (True, True, NAME, "/")
    assert kept == {"__Host-desk-session": mine, "__Host-desk-csrf": mine}


def test_the_browser_is_told_to_come_by_https_from_then_on(context: BrowserContext) -> None:
    answer = log_in(context, BASE, EDITOR).goto(f"{BASE}/queue")
    assert answer is not None
    assert "max-age=" in answer.all_headers()["strict-transport-security"]
