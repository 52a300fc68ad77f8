from __future__ import annotations

import re
from pathlib import Path

from syndicate.sandbox.faults import FaultKind
from syndicate.sandbox.plan_file import _FIELDS

PAGE = (Path(__file__).parents[2] / "docs" / "howto" / "faults.md").read_text("utf-8")
KEYS, KINDS = (
    set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", part, re.MULTILINE))))
    for part in PAGE.split("| kind |")
)


def test_the_page_explains_every_key_of_a_fault() -> None:
    assert set(_FIELDS) == KEYS


def test_the_page_explains_every_kind_of_fault() -> None:
    assert {kind.value for kind in FaultKind} == KINDS
