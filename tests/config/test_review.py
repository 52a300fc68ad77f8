"""`content/review.yaml`: ways of review with their basis; mistakes with their lines."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.config.defaults import defaults
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.review import read_review
from syndicate.model.item import ItemKind
from syndicate.model.review import ReviewRules


def _read(text: str) -> tuple[ReviewRules, list[tuple[int, str]]]:
    problems = Problems()
    found = read_review(ConfigFile("content/review.yaml", text), problems)
    return found, [(one.line, one.message.key) for one in problems.found]


def test_the_packaged_rules_are_whole_and_every_way_names_its_basis() -> None:
    rules, mistakes = _read((defaults() / "content" / "review.yaml").read_text("utf-8"))
    assert mistakes == []
    assert set(rules.ways) == {"leaders", "policy", "original", "reprint"}
    assert all(way.basis for way in rules.ways.values())
    assert rules.ways["reprint"].kind is ItemKind.REPRINT


def test_what_the_file_leaves_out_has_its_default() -> None:
    rules, mistakes = _read("second_check_within: 12h\n")
    assert (rules.second_check_within, rules.bulk_most, rules.ways, mistakes) == (timedelta(hours=12), 20, {}, [])


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("    at_least: 4", "config.out_of_range"),
        ("    words: []", "config.list_too_short"),
        ("    kind: 转载", "config.not_a_choice"),
        ("    at_lest: 3", "config.unknown_key_close"),
    ],
)
def test_a_mistake_in_a_way_is_told_with_its_line(line: str, key: str) -> None:
    assert _read(f"ways:\n  one:\n    title: 样例\n    basis: 样例\n{line}\n")[1] == [(5, key)]


def test_a_way_without_a_basis_is_a_mistake() -> None:
    assert _read("ways:\n  one:\n    title: 样例\n    at_least: 3\n")[1] == [(2, "config.missing_key")]


def test_a_way_that_raises_above_what_it_shortens_to_is_a_mistake() -> None:
    text = "ways:\n  one:\n    title: 样例\n    basis: 样例\n    at_least: 3\n    at_most: 1\n"
    assert [key for _, key in _read(text)[1]] == ["config.way_upside_down"]
