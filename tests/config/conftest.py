from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.config.load import load
from syndicate.errors import ConfigurationError, Problem

OFFICE = """\
name: 示例办公室
site_name: 示例网站
domain: www.sample.example
site_url: http://www.sample.example
sample: true
"""

COLUMNS = """\
columns:
  news:
    title: 要闻
    description: 示例栏目
    keywords: [要闻]
    type: 动态要闻
    owner: 信息科
    update_within: 14d
    levels: 2
"""

RULES = """\
rules:
  - id: sample.word
    kind: existence
    severity: hint
    message: {zh: 示例, en: Sample}
    basis: 示例
    words: [样列]
"""

LEXICON = "wrong\tright\tcategory\tmode\tnot_after\tnot_before\tvalid_from\tvalid_to\tbasis\n"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A small office of its own: who it is, one column, one rule."""
    write(tmp_path, "content/office.yaml", OFFICE)
    write(tmp_path, "content/columns.yaml", COLUMNS)
    write(tmp_path, "content/rules/own.yaml", RULES)
    write(tmp_path, "content/lexicon/own.tsv", LEXICON)
    return tmp_path


@pytest.fixture
def mistakes(office: Path) -> Callable[[str, str | bytes], list[Problem]]:
    """Writes one file into the office and gives the mistakes that loading then finds."""

    def load_with(name: str, content: str | bytes) -> list[Problem]:
        write(office, name, content)
        try:
            load(office)
        except ConfigurationError as error:
            return list(error.problems)
        return []

    return load_with


def write(home: Path, name: str, content: str | bytes) -> None:
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
