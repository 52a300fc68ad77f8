"""The page of rule examples: all of them compile and prove themselves, and every kind is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from syndicate.config.load import load_monitor
from syndicate.monitor.compile import KINDS, compile_monitor
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "howto" / "rules-by-example.md").read_text("utf-8")
FILES = re.findall(r"```yaml\n# (content/rules/\w+\.yaml)\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    office = tmp_path_factory.mktemp("office")
    for name, text in FILES:
        (office / name).parent.mkdir(parents=True, exist_ok=True)
        (office / name).write_text(text, "utf-8")
    (office / "content" / "lexicon").mkdir()
    head = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis\n"
    row = "云川县府\t云川县人民政府\town_name\tsubstring\t\t\t\t\t样例\n"
    (office / "content" / "lexicon" / "own.tsv").write_text(head + row, "utf-8")
    return office


def test_every_example_is_a_rule_that_proves_itself(home: Path) -> None:
    rules, *tables = load_monitor(home)
    assert len(compile_monitor(rules, *tables).rules) == len(KINDS)


def test_every_kind_has_its_example(home: Path) -> None:
    assert sorted(rule.kind for rule in load_monitor(home).rules) == sorted(KINDS)


def test_the_table_at_the_top_names_every_kind() -> None:
    table = PAGE.partition("## ")[0]
    assert {name for name in re.findall(r"`(\w+)`", table) if name in KINDS} == set(KINDS)
