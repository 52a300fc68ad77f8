"""`syndicate move` as somebody at the shell meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from syndicate.cli.main import run
from syndicate.records.connection import close_connections, on_postgresql, open_records
from tests.cli.terminal import type_in
from tests.postgres import Cluster


@pytest.fixture
def moved(tmp_path: Path, cluster: Cluster) -> Iterator[tuple[Path, str]]:
    """An office that was moved to PostgreSQL, and what was told about it."""
    home = tmp_path / "office"
    assert run(["init", str(home)]) == 0
    with cluster.database("template0") as url:
        yield home, type_in("move", "--to", url, "--home", str(home)).out
        close_connections()


@pytest.mark.parametrize("words", [("queue", "--home"), ("init",), ("work", "--drain", "--home"), ("doctor", "--home")])
def test_without_its_address_a_moved_office_is_not_begun_anew(moved: tuple[Path, str], words: tuple[str, ...]) -> None:
    home = moved[0]
    (home / "var" / "secrets" / "database-url").unlink()
    answer = type_in(*words, str(home))
    begun = (home / "var" / "syndicate.sqlite3").exists()
    assert (answer.code, "已搬到 PostgreSQL" in answer.err, begun) == (2, True, False)


def test_every_verb_works_on_postgresql_after_a_move(moved: tuple[Path, str]) -> None:
    verified = type_in("audit", "verify", "--home", str(moved[0])).code
    open_records(moved[0])
    assert (verified, on_postgresql()) == (0, True)


def test_a_move_tells_that_every_table_agrees(moved: tuple[Path, str]) -> None:
    assert "逐表核对一致" in moved[1]


def test_the_address_is_not_shown_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path / "office")])
    capsys.readouterr()
    code = run(["move", "--to", "mysql://office:sesame@127.0.0.1/x", "--home", str(tmp_path / "office")])
    shown = capsys.readouterr()
    assert (code, "sesame" in shown.out + shown.err) == (1, False)
