from __future__ import annotations

import pytest
import yaml

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.yaml_nodes import ListNode, MappingNode, ScalarNode, compose


def nodes_of(text: str) -> tuple[MappingNode | ListNode | ScalarNode | None, list[tuple[str, int]]]:
    problems = Problems()
    node = compose(ConfigFile("sample.yaml", text), problems)
    return node, [(problem.message.key, problem.line) for problem in problems.found]


def mistakes_of(text: str) -> list[tuple[str, int]]:
    return nodes_of(text)[1]


def test_a_value_knows_its_line() -> None:
    node, _ = nodes_of("# remark\na: 1\nb:\n  - x\n")
    assert isinstance(node, MappingNode)
    assert (node.at("a").line, node.at("b").line) == (2, 3)


def test_a_path_that_does_not_exist_gives_the_deepest_node_that_does() -> None:
    node, _ = nodes_of("a:\n  b: 1\n")
    assert isinstance(node, MappingNode)
    assert node.at("a", "missing", "more") is node.at("a")


def test_the_text_below_a_path_that_is_no_single_value_is_empty() -> None:
    node, _ = nodes_of("a: [1]\nb: ~\n")
    assert isinstance(node, MappingNode)
    assert node.text("a") == node.text("b") == ""


def test_a_quoted_value_is_not_plain() -> None:
    node, _ = nodes_of('- 1\n- "1"\n- |\n  1\n')
    assert isinstance(node, ListNode)
    assert [isinstance(item, ScalarNode) and item.plain for item in node.items] == [True, False, False]


HOSTILE = [
    ("a: &x 1\n", "config.alias", 1),
    ("a: 1\nb: *x\n", "config.alias", 2),
    ("a: &x [1]\n", "config.alias", 1),
    ("a: !!int 1\n", "config.tag", 1),
    ("a: !include /etc/passwd\n", "config.tag", 1),
    ("? [a]\n: 1\n", "config.key_not_text", 1),
    ("? &a b\n: 1\n", "config.alias", 1),
    ("a: 1\nb: 2\na: 3\n", "config.duplicate_key", 3),
    ("a: 1\n---\nb: 2\n", "config.second_document", 2),
    ("a: [1\nb: 2\n", "config.syntax", 2),
    ('a: "1\n', "config.syntax", 1),
    ("a: 1\n\tb: 2\n", "config.syntax", 2),
    ("a: \x00\n", "config.syntax", 1),
    ("a: 1\nb: \x07\n", "config.syntax", 2),
    ('a: "\\ud800"\n', "config.syntax", 1),
    ("%YAML 9.9\n---\na: 1\n", "config.syntax", 1),
    ("", "config.empty_file", 1),
    ("# only a remark\n", "config.empty_file", 1),
    ("~\n", "config.empty_file", 1),
]


@pytest.mark.parametrize(("text", "key", "line"), HOSTILE)
def test_hostile_or_wrong_text_is_one_mistake_with_its_line(text: str, key: str, line: int) -> None:
    assert mistakes_of(text) == [(key, line)]


@pytest.mark.parametrize(("text", "key"), [(text, key) for text, key, _ in HOSTILE])
def test_the_parser_without_libyaml_gives_the_same_mistake(text: str, key: str) -> None:
    problems = Problems()
    compose(ConfigFile("sample.yaml", text), problems, yaml.SafeLoader)
    assert [problem.message.key for problem in problems.found] == [key]


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x]\n" + "".join(f"{c}: &{c} [*a,*a,*a,*a,*a,*a,*a,*a]\n" for c in "bcdefgh")
    assert mistakes_of(bomb) == [("config.alias", 1)]


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_deep_nesting_is_a_mistake_and_no_crash(opening: str) -> None:
    assert [key for key, _ in mistakes_of(opening * 20_000)] in (["config.too_deep"], ["config.syntax"])


def test_other_line_breaks_are_counted_as_the_parser_counts_them() -> None:
    file = ConfigFile("sample.yaml", "a: 1\r\nb: 2\rc: 3\u2028d: &x 4\n")
    problems = Problems()
    compose(file, problems)
    assert [(problem.line, problem.text) for problem in problems.found] == [(4, "d: &x 4")]


def test_a_shown_line_is_short_and_printable() -> None:
    shown = ConfigFile("sample.yaml", "a: \x1b[31m" + "字" * 1_000).shown(1)
    assert "\x1b" not in shown
    assert len(shown) < 200


@pytest.mark.parametrize(
    "line", ["app_secret: Invented1", "  access_token : Invented1", "API_KEY: Invented1", "密码：Invented1"]
)
def test_what_looks_like_a_secret_is_not_shown(line: str) -> None:
    assert "Invented1" not in ConfigFile("sample.yaml", line).shown(1)
