from __future__ import annotations

import re

import pytest
from tools.write_reference import FOLDER, PAGES, ROOT, all_verbs

from syndicate.monitor.compile import KINDS


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_code_says(name: str) -> None:
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), "run: .venv/bin/python tools/write_reference.py"


def test_every_verb_has_its_own_part() -> None:
    page = (FOLDER / "verbs.md").read_text("utf-8")
    assert all(f"\n## {' '.join(verb.words)}\n" in page for verb in all_verbs())


def test_every_verb_explains_itself_in_chinese_and_english() -> None:
    silent = [verb.words for verb in all_verbs() if verb.help.isascii() or not any(map(str.isascii, verb.help.split()))]
    assert silent == []


def test_everything_below_content_has_its_place() -> None:
    page = (FOLDER / "settings.md").read_text("utf-8")
    assert [path.name for path in sorted((ROOT / "content").iterdir()) if f"content/{path.name}" not in page] == []


def test_every_rule_kind_has_its_own_part() -> None:
    page = (FOLDER / "rule-kinds.md").read_text("utf-8")
    assert all(f"\n## {kind}\n" in page for kind in KINDS)


def test_every_verb_with_an_argument_shows_an_example_of_itself() -> None:
    page = (FOLDER / "verbs.md").read_text("utf-8")
    usages = [
        (verb, re.search(rf"^    syndicate {' '.join(verb.words)} [A-Z]", page, re.MULTILINE)) for verb in all_verbs()
    ]
    silent = [verb.words for verb, usage in usages if usage and f"syndicate {' '.join(verb.words)} " not in verb.help]
    assert silent == []
