"""An open office beside a running sandbox, for the runner; on PostgreSQL too where a test says `@on_both`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.office import Desk, on_sqlite_unless_named, open_desk


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_sqlite_unless_named(metafunc)


@pytest.fixture
def desk(records: Path) -> Iterator[Desk]:
    with open_desk(records) as opened:
        yield opened
