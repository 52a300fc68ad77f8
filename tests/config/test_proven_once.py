"""An office's rules are proven once, and read when a text is checked."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.config.office_files import write_office
from syndicate.errors import ConfigurationError

MINE = """rules:
  - id: word.mine
    kind: existence
    severity: block
    message: {zh: "用词“{text}”。", en: "{text}"}
    basis: 样例
    words: [甲乙]
    bad: [%s]
"""


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    home = tmp_path / "office"
    write_office(home)
    rules = home / "content/rules"
    if rules.exists():
        shutil.rmtree(rules)
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text(MINE % "甲乙", "utf-8")
    shutil.rmtree(home / "content/lexicon", ignore_errors=True)
    (home / "content/lexicon").mkdir()
    return home


def test_a_second_load_gives_the_same_tables_and_the_same_number(office: Path) -> None:
    first, second = load(office), load(office)
    assert (second.hash, second.monitored) == (first.hash, first.monitored)
    assert [rule.id for rule in second.monitored.rules] == ["word.mine"]


def test_what_is_read_late_is_what_the_load_saw_whatever_the_disk_says_by_then(office: Path) -> None:
    load(office)
    snapshot = load(office)
    (office / "content/rules/mine.yaml").write_text("broken: [", "utf-8")
    (office / "content/rules/more.yaml").write_text(MINE.replace("word.mine", "word.more") % "甲乙", "utf-8")
    assert [rule.id for rule in snapshot.monitored.rules] == ["word.mine"]


def test_a_rule_that_became_wrong_is_refused_by_the_next_load(office: Path) -> None:
    load(office)
    (office / "content/rules/mine.yaml").write_text(MINE % "丙", "utf-8")
    for _ in range(2):  # what was refused is refused again
        with pytest.raises(ConfigurationError):
            load(office)


def test_a_file_that_is_no_text_is_told_by_every_load(office: Path) -> None:
    load(office)
    (office / "content/rules/mine.yaml").write_bytes(b"\xff")
    for _ in range(2):
        with pytest.raises(ConfigurationError) as told:
            load(office)
        assert [problem.file for problem in told.value.problems] == ["content/rules/mine.yaml"]


def test_every_file_counts_for_the_number_of_a_load(office: Path) -> None:
    before = load(office).hash
    (office / "content/rules/mine.yaml").write_text(MINE % "甲乙" + "# 说明\n", "utf-8")
    assert load(office).hash != before


def test_a_process_that_checks_nothing_loads_nothing_of_the_monitor(office: Path) -> None:
    load(office)
    program = (
        "import sys; from pathlib import Path; from syndicate.config.load import load; load(Path(sys.argv[1])); "
        "print([name for name in sys.modules if name.startswith('syndicate.monitor.compile')])"
    )
    shown = subprocess.run([sys.executable, "-c", program, str(office)], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
