"""A running sandbox on free ports, its clock, and clients that speak to it as an office would."""

from __future__ import annotations

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


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts sandboxes with given settings, without faults, on Thursday noon; the clock moves only by hand."""
    with ExitStack() as stack:
        http = stack.enter_context(httpx.Client(trust_env=False, timeout=10))

        def starter(settings: Settings) -> Running:
            folder = tmp_path / "playlist"
            folder.mkdir()
            settings = replace(settings, led=LedSettings(folder))
            clock = Clock(lambda: NOON)
            journal = tmp_path / "journal.jsonl"
            sandbox = Sandbox(FaultPlan(), clock, settings, journal)
            return Running(sandbox, stack.enter_context(sandbox), clock, folder, journal, http, settings)

        yield starter


@pytest.fixture
def running(start: Starter) -> Running:
    """The four platforms as they come; the safe domain of the Weibo app is gov.example."""
    return start(Settings(weibo=WeiboSettings(safe_domains=("gov.example",))))


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
