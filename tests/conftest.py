"""What every test may use: an empty office folder, and its database on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndicate.records.connection import close_connections, open_records, prepare_schema, use_database
from tests.postgres import Cluster, office_database, start_cluster

# Django must be set up before any module with models is imported; each test then opens its own database.
open_records(Path(tempfile.gettempdir()))
# What a check keeps for the next one must not end up in the home of whoever runs the tests.
os.environ["XDG_CACHE_HOME"] = str(Path(tempfile.gettempdir()) / f"syndicate-tests-{os.geteuid()}")

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
STRICT = os.environ.get("SYNDICATE_STRICT") == "1"


def lack(reason: str) -> None:
    """Skip a test that this machine cannot run; under SYNDICATE_STRICT=1 that is a failure."""
    if STRICT:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real test data; tests that need it skip where it is absent."""
    if not DATA.is_dir():
        pytest.skip("the real test data (../shared/data) is not on this machine")
    return DATA


@pytest.fixture
def now() -> datetime:
    """One fixed moment: Thursday 2026-11-26, 09:00 in Shanghai."""
    return datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty office folder."""
    folder = tmp_path / "office"
    (folder / "var").mkdir(parents=True)
    return folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, made once and copied for every test."""
    folder = tmp_path_factory.mktemp("template")
    (folder / "var").mkdir()
    open_records(folder)
    prepare_schema()
    close_connections()
    return folder / "var" / "syndicate.sqlite3"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A throwaway PostgreSQL cluster with a migrated template database."""
    running = start_cluster()
    if running is None:
        lack("PostgreSQL is not installed: apt-get install postgresql")
        return
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def records(request: pytest.FixtureRequest, home: Path) -> Iterator[Path]:
    """A fresh, migrated database of the office at `home`; every test that uses it runs on both databases."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copy(template, home / "var" / "syndicate.sqlite3")
        use_database("")
        open_records(home)
        yield home
    else:
        with office_database(request.getfixturevalue("cluster"), home):
            yield home
    close_connections()
