"""`syndicate drill`: the whole lesson with suggested answers, with wrong turns, and never near a real platform."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from syndicate.config.load import load
from syndicate.errors import NotAllowed
from syndicate.flow.drill import mark_office, refuse_real_platforms
from tests.cli.terminal import SCRIPT, Answer, Office, script

LIMIT = 90
CHANNELS = {"app", "led", "wechat", "website", "weibo"}
WRONG_TURNS = "我的标题\n9\n2\n1\n1\n2\n2\n3\n3\n已有新的通知\n1\n1\n"
"""A title; no such choice, approve in spite of the error, correct it; the writer, then the right one; the same person
again, the publisher; the kind, a reason, the writer withdraws; whoever withdrew confirms. Then the answers end."""


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Office]:
    """The lesson without questions, in an office that stays."""
    home = tmp_path_factory.mktemp("drill") / "office"
    return script("drill", "--json", "--home", str(home), limit=LIMIT), Office(home)


@pytest.fixture(scope="module")
def talked(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The lesson of somebody who tries what is forbidden, in a temporary office."""
    done = subprocess.run(
        [str(SCRIPT), "drill"],
        input=WRONG_TURNS,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=True,
        env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path_factory.mktemp("temporary")), "LANG": "C.UTF-8"},
    )
    return done.stdout


@pytest.fixture(scope="module")
def told(quiet: tuple[Answer, Office]) -> dict[str, Any]:
    document: dict[str, Any] = quiet[0].document
    return document


def test_it_ends_by_itself_with_one_document(quiet: tuple[Answer, Office]) -> None:
    assert (quiet[0].code, quiet[0].err, json.loads(quiet[0].out)["drill"]) == (0, "", True)


def test_what_was_written_reached_every_channel_and_left_all_of_them(told: dict[str, Any]) -> None:
    assert told["published"] == dict.fromkeys(CHANNELS, "delivered")
    assert told["withdrawn"] == dict.fromkeys(CHANNELS, "delivered")


def test_the_public_sees_nothing_at_the_end(told: dict[str, Any]) -> None:
    assert set(told["visible"].values()) == {0}


def test_office_and_title_are_marked(quiet: tuple[Answer, Office], told: dict[str, Any]) -> None:
    office = load(quiet[1].home).office
    assert (office.sample, office.name[:4], office.site_name[:4], told["title"][:4]) == (True, *["（演练）"] * 3)


def test_no_address_of_the_office_leaves_this_machine(quiet: tuple[Answer, Office]) -> None:
    refuse_real_platforms(load(quiet[1].home))


def test_the_audit_tells_who_did_what(quiet: tuple[Answer, Office]) -> None:
    actions = [row["操作"] for row in quiet[1].audit()]
    assert [action for action in actions if action in ("item.withdrawn", "withdrawal.confirmed")] != []
    assert quiet[1]("audit", "verify").code == 0


def test_every_paragraph_and_table_says_that_it_is_a_drill(talked: str) -> None:
    titles = [line for line in talked.splitlines() if line and line[0] not in " │┃┏┡└├"]
    assert [line for line in titles if "【演练】" not in line and "请输入其中之一" not in line] == []


@pytest.mark.parametrize(
    "refusal",
    ["必须处理", "不能执行“通过”", "不能执行“终审通过”", "不能执行“撤稿”", "不能由本人确认", "请输入其中之一：1、2"],
)
def test_a_wrong_turn_is_refused_with_the_words_of_the_real_office(talked: str, refusal: str) -> None:
    assert refusal in talked


def test_wrong_turns_are_counted_by_step_and_the_lesson_still_ends_well(talked: str) -> None:
    assert "演练完成" in talked
    assert "（演练）我的标题" not in talked.split("演练完成")[1]


def test_a_temporary_office_is_gone_afterwards(talked: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    left = list(tmp_path_factory.getbasetemp().glob("temporary*/syndicate-drill-*"))
    assert left == []


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("x", "utf-8")
    answer = script("drill", "--json", "--home", str(tmp_path / "real"), limit=LIMIT)
    assert (answer.code, [path.name for path in (tmp_path / "real").iterdir()]) == (2, ["file"])


@pytest.mark.parametrize("name", ["channels/weibo.yaml", "content/office.yaml"])
def test_an_office_with_a_real_address_is_refused(quiet: tuple[Answer, Office], tmp_path: Path, name: str) -> None:
    home = tmp_path / "office"
    shutil.copytree(quiet[1].home, home, ignore=shutil.ignore_patterns("var"))
    path = home / name
    lines = [
        f"{line.split(':')[0]}: https://real.example" if line.startswith(("base_url:", "site_url:")) else line
        for line in path.read_text("utf-8").splitlines()
    ]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(NotAllowed):
        refuse_real_platforms(load(home))


def test_the_mark_is_put_once(quiet: tuple[Answer, Office], tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    path = tmp_path / "content" / "office.yaml"
    path.write_bytes((quiet[1].home / "content" / "office.yaml").read_bytes())
    before = path.read_bytes()
    mark_office(tmp_path)
    assert path.read_bytes() == before
