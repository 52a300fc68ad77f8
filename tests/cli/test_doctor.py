"""`syndicate doctor` and `upgrade` as somebody at the shell meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from syndicate.cli.main import run


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A new office as `init` leaves it."""
    assert run(["init", str(tmp_path / "office")]) == 0
    capsys.readouterr()
    return tmp_path / "office"


def test_a_new_office_has_worries_but_nothing_broken(office: Path) -> None:
    assert run(["doctor", "--home", str(office)]) == 1


def test_every_complaint_comes_with_the_next_action(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", "--home", str(office)])
    assert "syndicate backup 从未运行过。请安装 cron/syndicate.crontab" in capsys.readouterr().out


def test_a_broken_office_ends_with_two(office: Path) -> None:
    (office / "content" / "office.yaml").write_text("[", "utf-8")
    assert run(["doctor", "--home", str(office)]) == 2


def test_as_json_every_part_has_its_grade(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["doctor", "--home", str(office), "--json"])
    grades = {one["part"]: one["grade"] for one in json.loads(capsys.readouterr().out)["parts"]}
    assert (grades["database"], grades["regular_work"]) == ("good", "worrying")


def test_an_office_that_is_up_to_date_says_so(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (run(["upgrade", "--home", str(office)]), "无需升级" in capsys.readouterr().out) == (0, True)
