from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.model.site import SiteEntry
from syndicate.site.disclosure import FOLDER, listings_of
from syndicate.site.pages import Pages
from syndicate.site.writer import verify
from tests.site.conftest import START, Town

OFFICIAL = {
    "field:索引号": "00000000X/2026-00001",
    "field:发文机关": "云川县人民政府",
    "field:发文字号": "云政发〔2026〕1号",
    "field:成文日期": "2026年3月1日",
    "field:主题分类": "市场监管、安全生产监管\\工商",
    "field:有效性": "现行",
}


def entry(**fields: str) -> SiteEntry:
    named = {name.removeprefix("field:"): value for name, value in {**OFFICIAL, **fields}.items()}
    return SiteEntry(1, "policy", "policy/202611/1.html", "样稿", "", "样例办", START, fields=named)


def document(town: Town, item: int = 1, **fields: str) -> None:
    town.publish(item, town.rendition(item, "policy", **{**OFFICIAL, **fields}), "policy")


def interpretation(town: Town, item: int = 2, explains: str = "云政发〔2026〕1号") -> None:
    town.publish(item, town.rendition(item, **{"field:解读文件": explains}))


def titles(one: SiteEntry) -> list[str]:
    return [listing.title for listing in listings_of(one)]


def test_a_document_is_listed_by_year_organ_and_first_level_of_its_theme() -> None:
    assert titles(entry()) == ["2026年", "云川县人民政府", "市场监管、安全生产监管"]


def test_what_has_no_index_number_is_not_listed() -> None:
    assert titles(entry(**{"field:索引号": ""})) == []


def test_a_document_without_date_organ_and_theme_is_listed_by_address_and_source() -> None:
    assert titles(entry(**{"field:成文日期": "不详", "field:发文机关": "", "field:主题分类": ""})) == [
        "2026年",
        "样例办",
    ]


@given(st.text(min_size=1, max_size=60))
def test_any_organ_makes_a_folder_name_that_is_safe(organ: str) -> None:
    names = [listing.name for listing in listings_of(entry(**{"field:发文机关": organ}))]
    assert all(name.startswith(f"{FOLDER}/") and name.isascii() and ".." not in name for name in names)


def test_the_directory_leads_to_every_listing_and_each_to_the_document(town: Town) -> None:
    document(town)
    directory = town.text("disclosure/index.html")
    for listing in listings_of(entry()):
        assert f'href="../{listing.name}/index.html"' in directory
        assert "../../policy/202611/1.html" in town.text(f"{listing.name}/index.html")


def test_the_directory_stands_even_where_nothing_is_disclosed(town: Town) -> None:
    town.publish(1)
    assert "目录中暂无文件" in town.text("disclosure/index.html")


def test_an_amended_year_moves_the_document_to_another_listing(town: Town) -> None:
    document(town)
    document(town, **{"field:成文日期": "2025年3月1日"})
    assert "policy/202611/1.html" not in town.text("disclosure/year-2026/index.html")
    assert "policy/202611/1.html" in town.text("disclosure/year-2025/index.html")


def test_a_withdrawn_document_is_in_no_listing(town: Town) -> None:
    document(town)
    town.retract(1, "policy")
    for path in town.contents():
        if path.startswith("disclosure/"):
            assert "policy/202611/1.html" not in town.text(path)


def test_document_and_interpretation_name_each_other_whichever_comes_first(town: Town) -> None:
    document(town, 1)
    interpretation(town, 2)
    assert "../../news/202611/2.html" in town.text("policy/202611/1.html")
    assert "../../policy/202611/1.html" in town.text("news/202611/2.html")
    interpretation(town, 3, "云政发〔2026〕9号")
    document(town, 4, **{"field:发文字号": "云政发〔2026〕9号"})
    assert "../../news/202611/3.html" in town.text("policy/202611/4.html")
    assert "../../policy/202611/4.html" in town.text("news/202611/3.html")


def test_an_interpretation_may_name_its_document_by_index_number(town: Town) -> None:
    document(town)
    interpretation(town, 2, OFFICIAL["field:索引号"])
    assert "../../news/202611/2.html" in town.text("policy/202611/1.html")


def test_a_withdrawn_interpretation_is_no_longer_named_by_its_document(town: Town) -> None:
    document(town)
    interpretation(town)
    town.retract(2)
    assert "政策解读" not in town.text("policy/202611/1.html")


def test_links_to_interpretations_stand_outside_of_what_read_back_compares(town: Town) -> None:
    document(town)
    interpretation(town)
    page = town.text("policy/202611/1.html")
    assert page.index("</article>") < page.index("../../news/202611/2.html")


@pytest.mark.parametrize(
    ("validity", "shown"),
    [
        ("现行", ""),
        ("已修改", "已修改，以修改后的内容为准"),
        ("已废止", "已废止或失效"),
        ("部分失效", "有效性为“部分失效”"),
    ],
)
def test_what_is_no_longer_in_force_says_so(town: Town, validity: str, shown: str) -> None:
    document(town, **{"field:有效性": validity})
    page = town.text("policy/202611/1.html")
    assert ('class="validity' in page) is bool(shown)
    assert shown in page


def test_a_policy_document_changes_at_most_eighteen_files(town: Town) -> None:
    for item in range(1, 45):
        document(town, item, **{"field:发文字号": f"云政发〔2026〕{item}号"})
    interpretation(town, 50, "云政发〔2026〕45号")
    before = {file: file.stat().st_ino for file in town.root.parent.rglob("*") if file.is_file()}
    document(town, 45, **{"field:发文字号": "云政发〔2026〕45号"})
    after = {file: file.stat().st_ino for file in town.root.parent.rglob("*") if file.is_file()}
    assert sum(before.get(file) != inode for file, inode in after.items()) <= 18


def test_a_document_that_fills_all_its_lists_at_once_changes_at_most_eighteen_files(town: Town) -> None:
    changes = []
    for item in range(1, 63):
        before = {file: file.stat().st_ino for file in town.root.parent.rglob("*") if file.is_file()}
        document(town, item, **{"field:发文字号": f"云政发〔2026〕{item}号"})
        after = {file: file.stat().st_ino for file in town.root.parent.rglob("*") if file.is_file()}
        changes.append(sum(before.get(file) != inode for file, inode in after.items()))
    assert max(changes[1:]) == 18  # the first of all writes the whole site


@st.composite
def histories(draw: st.DrawFn) -> list[tuple[str, int, str, str]]:
    """Publications, amendments and withdrawals of documents and interpretations, with changing numbers and years."""
    actions = st.sampled_from(["document", "document", "interpretation", "retract"])
    steps: list[tuple[str, int, str, str]] = []
    for _ in range(draw(st.integers(1, 10))):
        action, item = draw(actions), draw(st.integers(1, 5))
        if action == "retract" and item not in [known for _, known, _, _ in steps]:
            action = "document"
        steps.append((action, item, draw(st.sampled_from(["1", "2"])), draw(st.sampled_from(["2025", "2026"]))))
    return steps


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(history=histories())
def test_a_full_build_equals_any_history_of_documents_and_interpretations(
    tmp_path_factory: pytest.TempPathFactory, pages: Pages, history: list[tuple[str, int, str, str]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("history")
    town = Town(folder / "site", pages)
    for action, item, number, year in history:
        if action == "document":
            fields = {"field:发文字号": number, "field:成文日期": f"{year}年1月1日"}
            shown = {**OFFICIAL, **fields}
        else:
            shown = {"field:解读文件": number}
        if action == "retract":
            town.retract(item, "policy")
        else:
            town.publish(item, town.rendition(item, "policy", **shown), "policy")
    town.build(folder / "built")
    assert town.contents(folder / "built") == town.contents()
    assert town.contents(folder / "built.manifest") == town.contents(folder / "site.manifest")
    assert town.contents(folder / "built.nginx") == town.contents(folder / "site.nginx")
    assert verify(town.root).whole


def test_a_listing_of_many_turns_its_pages_like_a_column(town: Town) -> None:
    rows = [town.rendition(item, "policy", **OFFICIAL) for item in range(1, 46)]
    for item, row in enumerate(rows, 1):
        town.standing[item] = row
        view = town.ledger.view("website", town.entry(item, row))
        town.ledger.settle("website", view.entry)
    town.build(town.root)
    assert 'href="p0.html"' in town.text("disclosure/year-2026/index.html")
    assert "policy/202611/1.html" in town.text("disclosure/year-2026/p0.html")


def test_the_version_of_the_templates_names_what_a_change_left_behind(town: Town) -> None:
    town.publish(1)
    assert verify(town.root, "").outdated == ()
    outdated = verify(town.root, "another").outdated
    assert "news/202611/1.html" in outdated
    assert verify(town.root, "another").whole


def test_the_version_changes_with_templates_columns_and_office(pages: Pages) -> None:
    facts = pages.facts
    column = replace(facts.columns["news"], title="新名")
    others = [
        replace(facts, templates={**facts.templates, "website/article.html": "x"}),
        replace(facts, columns={**facts.columns, "news": column}),
        replace(facts, office=replace(facts.office, telephone="1")),
    ]
    assert len({facts.version, *(other.version for other in others)}) == 4


def test_a_list_of_the_directory_shows_numbers_dates_and_what_is_no_longer_in_force(town: Town) -> None:
    town.publish(1, town.rendition(1, "policy", title="甲文件", **OFFICIAL))
    void = {**OFFICIAL, "field:索引号": "0/2", "field:有效性": "已废止"}
    town.publish(2, town.rendition(2, "policy", title="乙文件", **void))
    name = next(one.name for one in listings_of(town.entry(1, town.standing[1])))
    rows = re.findall(r"<tr>(.*?)</tr>", town.text(f"{name}/index.html"), re.DOTALL)
    assert [re.findall(r'<th scope="col">([^<]+)', rows[0])] == [["索引号", "名称", "发文字号", "成文日期", "发布日期"]]
    assert OFFICIAL["field:索引号"] in rows[2]
    assert OFFICIAL["field:发文字号"] in rows[2]
    assert '<span class="void">已废止</span>' in rows[1]
    assert 'class="void"' not in rows[2]


def test_the_navigation_leads_to_the_directory_and_says_where_one_is(town: Town) -> None:
    town.publish(1, town.rendition(1, "policy", **OFFICIAL))
    directory = town.text("disclosure/index.html")
    assert re.findall(r'<a href="([^"]+)" aria-current', directory) == ["../disclosure/index.html"]
    assert re.findall(r'<a href="([^"]+)" aria-current', town.text("index.html")) == ["index.html"]
