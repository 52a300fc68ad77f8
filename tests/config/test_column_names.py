"""A column's name is a folder of the website: what is taken already is refused with file and line."""

from __future__ import annotations

import pytest

from syndicate.config.columns import read_columns
from syndicate.config.places import ConfigFile, Problems
from syndicate.site.paths import RESERVED

BODY = (
    "{title: 要闻, description: 示例, keywords: [示例], type: 动态要闻, owner: 办公室, update_within: 14d, levels: 1%s}"
)


def mistakes(*lines: tuple[str, str]) -> list[tuple[int, str, object]]:
    """(line, key, name) of every mistake in columns given as (name, more keys)."""
    text = "columns:\n" + "".join(f"  {name}: {BODY % more}\n" for name, more in lines)
    problems = Problems()
    read_columns(ConfigFile("content/columns.yaml", text), problems)
    return [
        (one.line, one.message.key, one.message.values.get("name") or one.message.values.get("id"))
        for one in problems.found
    ]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_a_folder_of_the_website_is_no_name_of_a_column(name: str) -> None:
    assert mistakes(("news", ""), (name, "")) == [(3, "config.reserved_column", name)]


@pytest.mark.parametrize("name", sorted(RESERVED))
def test_nor_was_it_one_before(name: str) -> None:
    assert mistakes(("news", f", former: [{name}]")) == [(2, "config.reserved_column", name)]


def test_a_former_name_is_not_that_of_another_column() -> None:
    assert mistakes(("news", ", former: [policy]"), ("policy", "")) == [(2, "config.duplicate_id", "policy")]


def test_a_former_name_belongs_to_one_column_only() -> None:
    found = mistakes(("news", ", former: [old]"), ("policy", ", former: [older, old]"))
    assert found == [(3, "config.duplicate_id", "old")]


def test_names_now_and_before_that_are_all_different_are_fine() -> None:
    assert mistakes(("news", ", former: [old, older]"), ("policy", "")) == []


def test_former_names_of_another_form_are_the_shapes_mistake() -> None:
    assert mistakes(("news", ", former: files")) == [(2, "config.list_expected", None)]
