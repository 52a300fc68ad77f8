"""`syndicate move` as somebody at the shell meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.cli.main import run
from syndicate.records.connection import on_postgresql, open_records
from tests.postgres import Cluster


def test_every_verb_works_on_postgresql_after_a_move(
    tmp_path: Path, cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "office"
    assert run(["init", str(home)]) == 0
    cluster.psql("CREATE DATABASE moved_by_hand")
    try:
        moved = run(["move", "--to", cluster.url("moved_by_hand"), "--home", str(home)])
        told = capsys.readouterr().out
        verified = run(["audit", "verify", "--home", str(home)])
        open_records(home)
        assert (moved, verified, "逐表核对一致" in told, on_postgresql()) == (0, 0, True, True)
    finally:
        from syndicate.records.connection import close_connections

        close_connections()
        cluster.psql("DROP DATABASE moved_by_hand WITH (FORCE)")


def test_the_address_is_not_shown_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["init", str(tmp_path / "office")])
    capsys.readouterr()
    code = run(["move", "--to", "mysql://office:sesame@127.0.0.1/x", "--home", str(tmp_path / "office")])
    shown = capsys.readouterr()
    assert (code, "sesame" in shown.out + shown.err) == (1, False)
