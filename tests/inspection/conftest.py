from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.config.indicators import read_indicators
from syndicate.config.places import ConfigFile, Problems
from syndicate.model.inspection import Indicator

CONTENT = Path(__file__).parents[2] / "content"


def shipped_index() -> tuple[Indicator, ...]:
    """The index that ships, read by the configuration's own reader."""
    problems = Problems()
    paths = sorted((CONTENT / "inspection").glob("*.yaml"))
    files = [ConfigFile(f"content/inspection/{path.name}", path.read_text("utf-8")) for path in paths]
    indicators = read_indicators(files, problems)
    problems.raise_if_any()
    return indicators


@pytest.fixture(scope="session")
def index() -> tuple[Indicator, ...]:
    return shipped_index()


@pytest.fixture(scope="session")
def template() -> str:
    return (CONTENT / "templates" / "report" / "daily.html").read_text("utf-8")
