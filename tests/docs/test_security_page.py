"""The security review names every requirement of its level once, and only tests that exist."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
LAST = (
    "1.1.7 1.2.4 1.4.5 1.5.4 1.6.4 1.7.2 1.8.2 1.9.2 1.10.1 1.11.2 1.12.2 1.14.6 2.1.12 2.2.3 2.3.3 2.4.6 2.5.7 2.6.3 2.7.6 2.8.7 "
    "2.9.3 2.10.4 3.1.1 3.2.4 3.3.4 3.4.5 3.5.3 3.7.1 4.1.5 4.2.2 4.3.3 5.1.5 5.2.8 5.3.10 5.4.3 5.5.4 6.1.3 6.2.6 6.3.2 6.4.2 "
    "7.1.4 7.2.2 7.3.4 7.4.3 8.1.4 8.2.3 8.3.8 9.1.3 9.2.4 10.2.2 10.3.3 11.1.8 12.1.3 12.2.1 12.3.6 12.4.2 12.5.2 12.6.1 13.1.5 "
    "13.2.6 13.3.2 13.4.2 14.1.4 14.2.6 14.3.3 14.4.7 14.5.4"
)
"""The last requirement of each section of ASVS 4.0.3 at level 2."""
WITHDRAWN = {"1.4.2", "1.4.3", "1.12.1", "4.1.4", "7.3.2", "13.1.2", "13.2.4", "14.3.1"}


def required() -> set[str]:
    sections = (one.rpartition(".") for one in LAST.split())
    numbers = {f"{section}.{number}" for section, _, last in sections for number in range(1, int(last) + 1)}
    return numbers - WITHDRAWN


def test_every_requirement_of_level_two_is_answered_once() -> None:
    counted = Counter(row[0] for row in ROWS)
    assert set(counted) == required()
    assert set(counted.values()) == {1}


def test_the_answers_are_counted_right() -> None:
    counted = Counter(row[2] for row in ROWS)
    told = re.search(r"\*\*(\d+) met, (\d+) partly, (\d+) not met, (\d+) not applicable, of (\d+)\.\*\*", PAGE)
    assert told is not None
    numbers = [counted[name] for name in ("met", "partly", "not met", "n/a")]
    assert [int(one) for one in told.groups()] == [*numbers, len(ROWS)]


def test_what_is_not_met_says_why() -> None:
    assert [row[0] for row in ROWS if row[2] in ("partly", "not met") and len(row[3].strip()) < 10] == []


def test_every_test_that_it_names_exists() -> None:
    missing = []
    for path, name in re.findall(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`", PAGE):
        file = ROOT / path
        if not file.is_file() or (name and f"def {name}(" not in file.read_text("utf-8")):
            missing.append(f"{path}::{name}")
    assert missing == []
