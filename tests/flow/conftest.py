"""An open office beside a running sandbox, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flow.office import Desk, open_desk
from tests.flow.web import Beat, serving


@pytest.fixture
def desk(records: Path) -> Iterator[Desk]:
    with open_desk(records) as opened:
        yield opened


@pytest.fixture
def beat(desk: Desk) -> Iterator[Beat]:
    """The office and a web that it follows."""
    with serving(desk) as opened:
        yield opened
