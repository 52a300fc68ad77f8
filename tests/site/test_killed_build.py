"""A build of the whole site that dies: whoever comes in by any page that stood, or by the home page, meets no dead link."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from syndicate.site.manifest import folder_of
from syndicate.site.pages import Pages
from syndicate.site.writer import verify
from tests.site.conftest import Town, column
from tests.site.killing import broken_on_the_way, killed_at

OFFICIAL = {"field:索引号": "0/1", "field:主题分类": "综合政务", "field:成文日期": "2026年1月5日"}


def grown(town: Town) -> Town:
    """The same town after an import: longer lists, documents of the directory, a new column and another style sheet."""
    facts = town.pages.facts
    templates = {**facts.templates, "website/style.css": facts.templates["website/style.css"] + "/* new */\n"}
    columns = {**facts.columns, "notices": column("notices", "通知公告")}
    town = replace(town, pages=Pages(replace(facts, columns=columns, templates=templates)))
    for item in range(60, 141):
        name = "policy" if item % 2 else "news"
        _settle(town, item, name, **(OFFICIAL if name == "policy" else {}))
    _settle(town, 141, "notices")
    return town


def _settle(town: Town, item: int, name: str, **fields: str) -> None:
    town.standing[item] = town.rendition(item, name, **fields)
    town.ledger.settle("website", town.ledger.view("website", town.entry(item, town.standing[item])).entry)


def _without_temporary(contents: dict[str, bytes]) -> dict[str, bytes]:
    return {path: data for path, data in contents.items() if not path.endswith(".tmp")}


@pytest.mark.parametrize(("form", "step"), [("", 29), (r"/p\d+\.html$", 1)])
def test_a_build_that_was_killed_anywhere_leaves_no_way_to_a_dead_link_and_is_simply_made_again(
    town: Town, tmp_path: Path, form: str, step: int
) -> None:
    town.fill(range(1, 60))
    stood = list(town.contents())
    entrances = [path for path in stood if path.endswith(".html") and path != "404.html"]
    town = grown(town)
    whole = tmp_path / "whole"
    town.build(whole)
    number, deaths = 1, 0
    while True:
        root = tmp_path / f"killed{number}"
        shutil.copytree(town.root, root)
        shutil.copytree(folder_of(town.root), folder_of(root))
        if not killed_at(number, lambda root=root: town.build(root), form):
            break
        assert broken_on_the_way(root, entrances) == []
        if deaths % 3 == 0:
            town.build(root)
            assert _without_temporary(town.contents(root)) == town.contents(whole)
            assert verify(root).whole
        shutil.rmtree(root)
        number, deaths = number + step, deaths + 1
    assert deaths >= 5


def test_a_first_build_that_was_killed_anywhere_has_no_home_page_with_a_dead_link(town: Town, tmp_path: Path) -> None:
    town = grown(town)
    number = 1
    while True:
        root = tmp_path / f"killed{number}" / "site"
        if not killed_at(number, lambda root=root: town.build(root)):
            break
        assert broken_on_the_way(root, ["index.html"]) == []
        number += 37
    assert number > 100


def test_the_first_article_of_a_new_column_killed_anywhere_leaves_no_way_to_a_dead_link(
    town: Town, tmp_path: Path
) -> None:
    town.fill(range(1, 30))
    entrances = [path for path in town.contents() if path.endswith(".html") and path != "404.html"]
    facts = town.pages.facts
    columns = {**facts.columns, "notices": column("notices", "通知公告"), "more": column("more", "专题")}
    town = replace(town, pages=Pages(replace(facts, columns=columns)))
    before = tmp_path / "before"
    shutil.copytree(town.root, before)
    number = 1
    while True:
        town.root = tmp_path / f"killed{number}"
        shutil.copytree(before, town.root)
        if not killed_at(number, lambda: town.publish(61, column="notices")):
            break
        assert broken_on_the_way(town.root, entrances) == []
        number += 3
    assert number > 15
