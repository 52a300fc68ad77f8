"""Tables of divisions, people, laws and characters as the office keeps them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from syndicate.config.load import load_monitor
from syndicate.errors import ConfigurationError
from syndicate.model.reference import Division, Law, Person

PEOPLE = "name\ttitle\trank\tvalid_from\tvalid_to\n"


def written(home: Path, name: str, text: str) -> Path:
    file = home / "content" / name
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    return home


def mistakes(home: Path) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as raised:
        load_monitor(home)
    return [(problem.line, problem.message.key) for problem in raised.value.problems]


def test_a_person_is_read_with_title_rank_and_dates(tmp_path: Path) -> None:
    home = written(tmp_path, "names/people.tsv", "# 说明\n" + PEOPLE + "张示例\t县长\t2\t2024-01-01\t\n")
    assert load_monitor(home).references.people == (
        Person("张示例", "县长", 2, "content/names/people.tsv:3", date(2024, 1, 1), None),
    )


def test_every_mistake_of_the_table_of_people_is_told_with_its_line(tmp_path: Path) -> None:
    rows = "张示例\t县长\t第一\t\t\n李示例\t\t2\t\t\n王示例\t局长\t3\t2024-13-01\t\n赵示例\t局长\n钱示例\t科长\t4\t2024-02-01\t2024-01-01\n"
    assert mistakes(written(tmp_path, "names/people.tsv", PEOPLE + rows)) == [
        (2, "config.not_a_choice"),
        (3, "config.missing_key"),
        (4, "config.not_day"),
        (5, "config.table_cells"),
        (6, "config.period_reversed"),
    ]


def test_a_wrong_heading_and_an_empty_table_are_mistakes(tmp_path: Path) -> None:
    assert mistakes(written(tmp_path, "names/a.tsv", "姓名\t职务\n")) == [(1, "config.table_heading")]
    assert mistakes(written(tmp_path / "b", "names/a.tsv", "# 只有说明\n")) == [(1, "config.empty_file")]


def test_a_division_is_read_and_a_wrong_day_told(tmp_path: Path) -> None:
    head = "province\tprefecture\tcounty\tvalid_from\tvalid_to\n"
    home = written(tmp_path, "divisions/a.tsv", head + "甲省\t乙市\t丙县\t\t2020-01-01\n")
    assert load_monitor(home).references.divisions[0] == Division("甲省", "乙市", "丙县", None, date(2020, 1, 1))
    assert mistakes(written(tmp_path / "b", "divisions/a.tsv", head + "甲省\t\t\t昨天\t\n")) == [(2, "config.not_day")]


def test_a_law_is_read_with_its_end_and_what_took_its_place(tmp_path: Path) -> None:
    home = written(tmp_path, "references/a.tsv", "title\tended\tnow\tbasis\n旧法\t2021-01-01\t新法\t新法附则\n")
    assert load_monitor(home).references.laws == (
        Law("旧法", "content/references/a.tsv:2", date(2021, 1, 1), "新法", "新法附则"),
    )


def test_characters_of_like_sound_and_shape_are_told_apart(tmp_path: Path) -> None:
    head = "kind\tkey\tcharacters\n"
    alike = load_monitor(
        written(tmp_path, "characters/a.tsv", head + "sound\tqing\t清青\nshape\t\t己已\n")
    ).references.alike
    assert alike.sound("清", "青")
    assert alike.shape("己", "已")
    assert not alike.confused("清", "己")
    assert mistakes(written(tmp_path / "b", "characters/a.tsv", head + "smell\t\t己已\n")) == [
        (2, "config.not_a_choice")
    ]


def test_the_shipped_divisions_hold_every_province_and_thousands_of_counties() -> None:
    divisions = load_monitor(Path(__file__).parents[2]).references.divisions
    assert len({division.province for division in divisions}) == 34
    assert sum(bool(division.county) and division.valid_to is None for division in divisions) > 2_800


def test_words_idioms_names_and_misspellings_are_read_without_their_remarks(tmp_path: Path) -> None:
    home = written(tmp_path, "candidates/words.txt", "# 说明\n# 又一行\n甲乙\n丙丁\n")
    (home / "content/candidates/typos.tsv").write_text("# 说明\nright\tsure\tdoubtful\n甲乙\t甲己\t\n", "utf-8")
    vocabulary = load_monitor(home).references.vocabulary
    assert vocabulary.words == {"甲乙", "丙丁"}
    assert vocabulary.meant("甲己") == ("甲乙", True)
    assert vocabulary.misspellings == "甲己"


def test_a_list_of_another_name_or_shape_is_a_mistake(tmp_path: Path) -> None:
    assert mistakes(written(tmp_path, "candidates/other.txt", "甲乙\n")) == [(1, "config.not_a_choice")]
    assert mistakes(written(tmp_path / "b", "candidates/typos.tsv", "right\twrong\n甲\t乙\n")) == [
        (1, "config.table_heading")
    ]
