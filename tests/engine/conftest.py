"""An open office beside a running sandbox on both databases, for the runner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.office import Desk, open_desk


@pytest.fixture
def desk(records: Path) -> Iterator[Desk]:
    with open_desk(records) as opened:
        yield opened
