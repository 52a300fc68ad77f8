"""On which database a test runs that uses `records`: without a mark on both."""

from __future__ import annotations

import os

import pytest

DATABASE = os.environ.get("SYNDICATE_TEST_DATABASE", "sqlite")
"""The database that the run is for: where tests run whose fact does not depend on it."""


def _on(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("records", names, indirect=True)


on_one = _on(DATABASE)
"""For tests whose fact does not depend on the database."""
on_both = _on("sqlite", "postgresql")
"""For tests whose fact depends on the database: locks, races, whole transactions."""
on_sqlite = _on("sqlite")
"""For tests whose fact is SQLite's or its file's."""
on_postgresql = _on("postgresql")
"""For tests whose fact is PostgreSQL's."""
with_a_sqlite_file = pytest.mark.parametrize("office", ["sqlite"], indirect=True)
"""The same for an office that is used through the command line."""


def on_one_unless_named(metafunc: pytest.Metafunc) -> None:
    """A test of the desk runs on one database alone unless it names its databases."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "desk" in metafunc.fixturenames and "records" not in named:
        metafunc.definition.add_marker(on_one)
