"""A running sandbox on free ports, its clock, and clients that speak to it as an office would."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.settings import LedSettings, Settings, WeiboSettings
from tests.sandbox.samples import NOON, Running, WeChatClient, WeiboClient

Starter = Callable[[Settings], Running]


def _start(stack: ExitStack, folder: Path, settings: Settings) -> Running:
    """A sandbox without faults on Thursday noon; its clock moves only by hand."""
    playlist = folder / "playlist"
    playlist.mkdir()
    settings = replace(settings, led=LedSettings(playlist))
    clock = Clock(lambda: NOON)
    journal = folder / "journal.jsonl"
    sandbox = Sandbox(FaultPlan(), clock, settings, journal)
    http = stack.enter_context(_client())
    return Running(sandbox, stack.enter_context(sandbox), clock, playlist, journal, http, settings)


def _client() -> httpx.Client:
    return httpx.Client(
        trust_env=False, timeout=10, verify=False
    )  # without TLS nothing is verified; loading takes time


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts a sandbox of the test's own with given settings."""
    with ExitStack() as stack:
        yield lambda settings: _start(stack, tmp_path, settings)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One sandbox for all tests that neither stop it nor need other settings."""
    with ExitStack() as stack:
        settings = Settings(weibo=WeiboSettings(safe_domains=("gov.example",)))
        yield _start(stack, tmp_path_factory.mktemp("sandbox"), settings)


@pytest.fixture
def running(shared: Running) -> Iterator[Running]:
    """The four platforms, empty, without faults; the safe domain of the Weibo app is gov.example."""
    shared.faults()
    shared.sandbox.reset()
    shutil.rmtree(shared.folder)
    shared.folder.mkdir()
    os.truncate(shared.journal, 0)
    with _client() as http:
        yield replace(shared, http=http)


@pytest.fixture
def wechat(running: Running) -> WeChatClient:
    """A client that has a token."""
    client = WeChatClient(running)
    client.get_token()
    return client


@pytest.fixture
def weibo(running: Running) -> WeiboClient:
    """A client with the token of the settings."""
    return WeiboClient(running)
