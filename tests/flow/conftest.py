"""An open office beside a running sandbox.

On SQLite, and on PostgreSQL too where locks, races or what the database itself refuses decide: `@on_both`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import on_one_unless_named
from tests.flow.office import Desk, open_desk
from tests.flow.public_web import PublicSite, public
from tests.flow.web import Beat, serving


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "beat" not in metafunc.fixturenames:
        on_one_unless_named(metafunc)


@pytest.fixture
def desk(records: Path) -> Iterator[Desk]:
    with open_desk(records) as opened:
        yield opened


@pytest.fixture
def beat(desk: Desk) -> Iterator[Beat]:
    """The office and a web that it follows."""
    with serving(desk) as opened:
        yield opened


@pytest.fixture
def site(desk: Desk) -> Iterator[PublicSite]:
    """The office's website as the public gets it."""
    with public(desk) as opened:
        yield opened


@pytest.fixture
def article(site: PublicSite) -> str:
    """The path of the one article on the website."""
    item = site.desk.approved("website")
    site.desk.settle()
    return next(site.folder.rglob(f"{item}.html")).relative_to(site.folder).as_posix()
