"""Presets: what a family of publishing systems says once for all its sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.presets import read_presets
from syndicate.config.sources import read_sources
from syndicate.model.source import PageNumbers, Source, SourceKind

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(path.stem for path in (ROOT / "content" / "presets").glob("*.yaml"))
FIVE = "preset: {}\ntitle: 样例县政府要闻\nurl: https://www.county.example/news/\ncolumn: news\norgan: 样例县人民政府\n"


def read(*texts: str) -> tuple[dict[str, Source], list[str]]:
    problems = Problems()
    files = [
        ConfigFile(f"content/presets/{path.name}", path.read_text("utf-8"))
        for path in sorted((ROOT / "content" / "presets").glob("*.yaml"))
    ]
    presets = read_presets(files, problems)
    sources = [ConfigFile(f"content/sources/s{n}.yaml", text) for n, text in enumerate(texts)]
    found = read_sources(sources, presets, ("news",), problems)
    return dict(found), [problem.message.key for problem in problems.found]


@pytest.mark.parametrize("name", SHIPPED)
def test_a_source_of_a_known_family_is_five_lines(name: str) -> None:
    found, mistakes = read(FIVE.format(name))
    assert (list(found), mistakes) == (["s0"], [])


def test_every_family_of_the_issue_has_a_preset() -> None:
    assert SHIPPED == ["gkmlpt", "jcms", "kaipu", "trs", "ucap", "vsb"]


def test_signs_that_nobody_confirmed_are_marked() -> None:
    problems = Problems()
    text = (ROOT / "content" / "presets" / "vsb.yaml").read_text("utf-8")
    (one,) = read_presets([ConfigFile("content/presets/vsb.yaml", text)], problems).values()
    assert {sign.confirmed for sign in one.preset.signs} == {False}


def test_what_the_file_says_wins_over_the_preset() -> None:
    found, _ = read(FIVE.format("trs") + "paging: {numbers: from_one}\nlist: {title: h3}\n")
    source = found["s0"]
    assert source.paging is not None
    assert source.list_rules is not None
    assert (source.paging.numbers, source.paging.address) == (PageNumbers.FROM_ONE, "{stem}_{page}{suffix}")
    assert (source.list_rules.title, source.list_rules.url) == ("h3", "a@href")


def test_the_preset_gives_the_kind() -> None:
    assert read(FIVE.format("gkmlpt"))[0]["s0"].kind is SourceKind.JSON


def test_an_unknown_preset_is_a_mistake() -> None:
    assert "config.no_such_preset" in read(FIVE.format("nothing"))[1]


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("only: '('", "config.bad_expression"),
        ("paging: {numbers: from_two}\nkind: html", "config.no_page_number"),
        ("paging: {address: index.html}", "config.form_page_address"),
        ("paging: {address: '{page}{other}'}", "config.form_page_address"),
        ("paging: {address: 'p{page}', most: 0}", "config.out_of_range"),
        ("authority: 6", "config.out_of_range"),
        ("robots: maybe", "config.not_yes_no"),
        ("asking: {content_type: text/plain}", "config.missing_key"),
    ],
)
def test_a_mistake_in_the_new_keys_is_named(line: str, key: str) -> None:
    text = FIVE.replace("preset: {}\n", "kind: html\nlist: {{rows: li, url: a@href, title: a}}\n").format()
    text = text.replace("kind: html\n", "") if "kind:" in line else text
    assert key in read(f"{text}{line}\n")[1]


def test_a_search_interface_is_asked_with_the_page_in_its_body() -> None:
    text = FIVE.replace("preset: {}\n", "kind: json\nlist: {{rows: results, url: url, title: title}}\n").format()
    found, mistakes = read(text + "asking: {body: '{\"pageNum\": {page}}'}\npaging: {most: 3}\n")
    assert (mistakes, found["s0"].paging is not None and found["s0"].paging.most) == ([], 3)


def test_a_sitemap_needs_no_list() -> None:
    text = FIVE.replace("preset: {}", "kind: sitemap").format()
    assert read(text + "only: /xw/\n")[1] == []
    assert "config.list_unused" in read(text + "list: {rows: a, url: b, title: c}\n")[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "title: a\n",
        "title: a\nsigns: []\nsource: {kind: html}\n",
        "title: a\nsigns: [{text: '(', basis: b, confirmed: true}]\nsource: 1\n",
    ],
)
def test_a_broken_preset_is_a_mistake_and_no_crash(text: str) -> None:
    problems = Problems()
    assert read_presets([ConfigFile("content/presets/x.yaml", text)], problems) == {}
    assert problems.found
