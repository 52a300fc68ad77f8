"""The mapping file of an import: read whole, presets laid under, every mistake with its line."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.config.old_columns import LARGEST, read_old_columns
from syndicate.errors import ConfigurationError, UsageError
from syndicate.model.site import Column
from syndicate.model.source import PageNumbers, SourceKind

COLUMNS = {"news": Column("news", "要闻", "要闻", ("要闻",), "动态要闻", "办公室", timedelta(days=14), 1)}


def read(tmp_path: Path, text: str) -> object:
    file = tmp_path / "mapping.yaml"
    file.write_text(text, "utf-8")
    return read_old_columns(file, tmp_path, COLUMNS)


def mistakes(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    with pytest.raises(ConfigurationError) as error:
        read(tmp_path, text)
    assert {one.file for one in error.value.problems} == {"mapping.yaml"}
    return [(one.line, one.message.key) for one in error.value.problems]


def test_an_entry_says_where_from_and_where_to(tmp_path: Path) -> None:
    (one,) = read(tmp_path, "columns:\n- {from: /col/12/, column: news, organ: 样例县融媒体中心, robots: false}\n")  # type: ignore[misc]
    assert (one.old, one.column, one.organ, one.robots, one.kind) == (
        "/col/12/",
        "news",
        "样例县融媒体中心",
        False,
        None,
    )


def test_an_entry_may_say_how_its_list_is_read(tmp_path: Path) -> None:
    text = (
        "columns:\n- from: /list.php?cid=3\n  column: news\n  kind: html\n  encoding: gb18030\n"
        "  list: {rows: li, url: a@href, title: a}\n  article: {published: .date}\n"
        "  paging: {address: 'list.php?cid=3&page={page}'}\n"
    )
    (one,) = read(tmp_path, text)  # type: ignore[misc]
    assert one.kind is SourceKind.HTML
    assert one.list_rules.rows == "li"
    assert one.article_rules.published == ".date"
    assert one.paging.address == "list.php?cid=3&page={page}"
    assert one.encoding == "gb18030"


def test_a_preset_is_laid_under_an_entry(tmp_path: Path) -> None:
    (one,) = read(tmp_path, "columns:\n- {from: /xw/, column: news, preset: trs}\n")  # type: ignore[misc]
    assert one.kind is SourceKind.HTML
    assert one.paging.numbers is PageNumbers.PROBE


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("columns:\n- {from: /a/, column: absent}\n", [(2, "config.no_such_column")]),
        ("columns:\n- {from: /a/, column: news, preset: absent}\n", [(2, "config.no_such_preset")]),
        ("columns:\n- {column: news}\n", [(2, "config.missing_key")]),
        ("columns:\n- {from: /a/, column: news, kind: html}\n", [(2, "config.list_needed")]),
        ("columns: []\n", [(1, "config.list_too_short")]),
        ("columns:\n- {from: /a/, column: news, zzzz: red}\n", [(2, "config.unknown_key")]),
        ("columns:\n- news\n", [(2, "config.mapping_expected")]),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str, found: list[tuple[int, str]]) -> None:
    assert mistakes(tmp_path, text) == found


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as error:
        read_old_columns(tmp_path / "absent.yaml", tmp_path, COLUMNS)
    assert error.value.message.key == "import.no_file"


def test_a_file_beyond_all_measure_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read(tmp_path, "#" * (LARGEST + 1))


def test_hostile_yaml_is_a_mistake_and_no_crash(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "columns: &a [*a]\n")
    assert mistakes(tmp_path, "!!python/object:os.system x\n")
