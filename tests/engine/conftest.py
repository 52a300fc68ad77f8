"""An open office beside a running sandbox, for the runner; on PostgreSQL too where a test says `@on_both`."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.flow.workspace import Workspace, open_workspace
from tests.databases import on_one_unless_named
from tests.flow.office import NOON, Desk, open_desk


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_one_unless_named(metafunc)


@pytest.fixture
def desk(records: Path) -> Iterator[Desk]:
    with open_desk(records) as opened:
        yield opened


@pytest.fixture
def live(desk: Desk) -> Workspace:
    """The same office with a clock that runs."""
    started = time.monotonic()
    workspace = open_workspace(desk.home, lambda: NOON + timedelta(seconds=time.monotonic() - started))
    desk.workspace.close()
    desk.workspace = workspace
    return workspace
