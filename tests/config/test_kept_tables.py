"""The copy of the monitor's tables: what it saves, and when it is not used."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from syndicate.config import kept_tables
from syndicate.config.kept_tables import KeptTables
from syndicate.config.load import load_monitor
from syndicate.errors import ConfigurationError
from syndicate.flow.check_files import open_monitor

ROOT = Path(__file__).parents[2]
RULE = """rules:
  - id: word.mine
    kind: existence
    severity: block
    message: {zh: "用词“{text}”。", en: "{text}"}
    basis: 样例
    words: [甲乙]
    bad: [甲乙]
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "syndicate"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """An office with one rule and one person of its own."""
    home = tmp_path / "office"
    for folder in ("rules", "lexicon", "divisions", "names", "references", "characters", "candidates"):
        (home / "content" / folder).mkdir(parents=True)
    (home / "content/rules/mine.yaml").write_text(RULE, "utf-8")
    return home


def copies(cache: Path) -> list[Path]:
    return sorted(cache.glob("*.json"))


@pytest.mark.usefixtures("cache")
def test_the_copy_is_equal_to_what_was_read() -> None:
    tables = load_monitor(ROOT)
    KeptTables(ROOT).write(tables)
    assert KeptTables(ROOT).read() == tables


@pytest.mark.usefixtures("cache")
def test_people_and_laws_survive_with_their_days(office: Path) -> None:
    people = "name\ttitle\trank\tvalid_from\tvalid_to\n张示例\t县长\t1\t2024-01-02\t\n"
    laws = "title\tended\tnow\tbasis\n样例法\t2021-01-01\t新样例法\t公告\n"
    (office / "content/names/people.tsv").write_text(people, "utf-8")
    (office / "content/references/laws.tsv").write_text(laws, "utf-8")
    tables = load_monitor(office)
    KeptTables(office).write(tables)
    assert KeptTables(office).read() == tables


def test_a_second_opening_reads_the_copy_and_finds_the_same(cache: Path, office: Path) -> None:
    first = open_monitor(office)
    assert len(copies(cache)) == 1
    kept = KeptTables(office).read()
    assert kept is not None
    second = open_monitor(office)
    assert second.hash == first.hash
    assert second.check("甲乙", markup=False, day=None) == first.check("甲乙", markup=False, day=None) != ()


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("name", ["content/rules/mine.yaml", "content/lexicon/new.tsv", "content/candidates/words.txt"])
def test_a_changed_or_new_file_has_no_copy(office: Path, name: str) -> None:
    open_monitor(office)
    with (office / name).open("a", encoding="utf-8") as file:
        file.write("# 说明\n")
    assert KeptTables(office).read() is None


@pytest.mark.usefixtures("cache")
def test_a_rule_that_became_wrong_is_refused_though_a_copy_is_there(office: Path) -> None:
    open_monitor(office)
    (office / "content/rules/mine.yaml").write_text(RULE.replace("bad: [甲乙]", "bad: [丙]"), "utf-8")
    with pytest.raises(ConfigurationError):
        open_monitor(office)


def test_tables_that_were_refused_are_not_kept(cache: Path, office: Path) -> None:
    (office / "content/rules/mine.yaml").write_text(RULE.replace("bad: [甲乙]", "bad: [丙]"), "utf-8")
    with pytest.raises(ConfigurationError):
        open_monitor(office)
    assert copies(cache) == []


@pytest.mark.usefixtures("cache")
def test_other_code_has_no_copy(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_monitor(office)
    monkeypatch.setattr(kept_tables, "_code", lambda: "another state")
    assert KeptTables(office).read() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"rules": 1}', b"null", b"\xff"])
def test_a_damaged_copy_is_none_and_is_written_anew(cache: Path, office: Path, content: bytes) -> None:
    open_monitor(office)
    [copy] = copies(cache)
    copy.write_bytes(content)
    assert KeptTables(office).read() is None
    open_monitor(office)
    assert KeptTables(office).read() is not None


def test_a_copy_with_cells_missing_is_none(cache: Path, office: Path) -> None:
    open_monitor(office)
    [copy] = copies(cache)
    kept = json.loads(copy.read_text("utf-8"))
    kept["rules"][0].pop()
    copy.write_text(json.dumps(kept), "utf-8")
    assert KeptTables(office).read() is None


def test_a_copy_that_others_may_write_is_not_trusted(cache: Path, office: Path) -> None:
    open_monitor(office)
    [copy] = copies(cache)
    copy.chmod(0o620)
    assert KeptTables(office).read() is None


def test_a_copy_behind_a_link_is_not_trusted(cache: Path, office: Path) -> None:
    open_monitor(office)
    [copy] = copies(cache)
    copy.rename(copy.with_suffix(".elsewhere"))
    copy.symlink_to(copy.with_suffix(".elsewhere"))
    assert KeptTables(office).read() is None


def test_the_copy_is_for_its_owner_alone(cache: Path, office: Path) -> None:
    open_monitor(office)
    [copy] = copies(cache)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert cache.stat().st_mode & 0o777 == 0o700


def test_only_a_few_copies_stay(cache: Path, office: Path) -> None:
    for number in range(6):
        (office / "content/rules/mine.yaml").write_text(RULE + f"# {number}\n", "utf-8")
        open_monitor(office)
        for age, copy in enumerate(copies(cache)):
            os.utime(copy, (age, age))
    assert len(copies(cache)) == 4


def test_a_copy_in_use_stays_however_old_it_is(cache: Path, office: Path) -> None:
    open_monitor(office)
    [used] = copies(cache)
    for number in range(5):
        os.utime(used, (number, number))
        assert KeptTables(office).proven
        other = office.with_name(f"other{number}")
        shutil.copytree(office, other)
        (other / "content/rules/mine.yaml").write_text(RULE + f"# {number}\n", "utf-8")
        for copy in copies(cache):
            if copy != used:
                os.utime(copy, (number, number))
        open_monitor(other)
    assert used in copies(cache)


@pytest.mark.parametrize("folder", ["/proc/nowhere", "relative"])
def test_where_nothing_can_be_kept_the_monitor_opens_all_the_same(
    office: Path, folder: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", folder)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").write_text("no folder", "utf-8")
    assert open_monitor(office).rules
    assert KeptTables(office).read() is None


def test_without_a_home_nothing_is_kept(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)

    def homeless() -> Path:
        raise RuntimeError("no home")

    monkeypatch.setattr(Path, "home", homeless)
    assert open_monitor(office).rules


def test_the_folder_under_home_is_used_where_no_other_is_named(
    office: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    open_monitor(office)
    assert len(copies(tmp_path / ".cache" / "syndicate")) == 1


def test_a_file_that_cannot_be_read_as_text_is_told_and_not_hidden_by_a_copy(cache: Path, office: Path) -> None:
    (office / "content/rules/mine.yaml").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError):
        open_monitor(office)
    assert copies(cache) == []
    shutil.rmtree(office)
