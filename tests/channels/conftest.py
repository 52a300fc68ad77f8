"""A desk with a sandbox beside it, and servers that answer with whatever bytes a test wants."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.channels.office import Desk, open_desk
from tests.channels.rogue import RogueServer


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with open_desk(tmp_path) as desk:
        yield desk


@pytest.fixture
def rogue() -> Iterator[RogueServer]:
    with RogueServer() as server:
        yield server


@pytest.fixture
def rogue_desk(rogue: RogueServer, tmp_path: Path) -> tuple[Desk, str]:
    """A desk without a sandbox, and the address of a server that answers with an unknown code."""
    rogue.answer(400, b'{"error":"new","error_code":98765,"errcode":98765}')
    return Desk(tmp_path), rogue.address
