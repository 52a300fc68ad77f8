from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import html5lib
import pytest

from syndicate.errors import ConfigurationError
from syndicate.model.channel import FileReference
from syndicate.site.facts import SiteFacts
from syndicate.site.pages import Pages
from tests.site.conftest import Town


class _Tags(HTMLParser):
    """Meta tags and the addresses that a page refers to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.names.add(tag)
        if tag == "meta" and "name" in values:
            self.meta[values["name"]] = values["content"]
        if tag == "a":
            self.links.append(values["href"])
        if tag in ("img", "link", "script"):
            self.loaded.append(values.get("src") or values.get("href", ""))


@pytest.fixture(scope="module")
def great_town(tmp_path_factory: pytest.TempPathFactory, pages: Pages) -> Town:
    """A site with every kind of page."""
    town = Town(tmp_path_factory.mktemp("great") / "site", pages)
    picture = FileReference(town.files.add(b"picture"), "图.png", "image/png", "image")
    document = FileReference(town.files.add(b"document"), '方案"1".pdf', "application/pdf", "attachment")
    body = f'<p>文<img src="file:{picture.sha256}" alt=""> 甲 &lt; 乙</p>'
    town.fill(range(1, 46))
    official = {"field:索引号": "示例/2026-00001", "field:发文机关": "云川县", "field:有效性": "已废止"}
    town.publish(50, town.rendition(50, "policy", body=body, files=(picture, document), **official), "policy")
    town.retract(3)
    return town


@pytest.fixture(scope="module")
def everything(great_town: Town) -> dict[str, str]:
    """All its pages."""
    return {path: data.decode() for path, data in great_town.contents().items() if path.endswith(".html")}


def test_every_kind_of_page_is_valid_html(everything: dict[str, str]) -> None:
    for page in everything.values():
        html5lib.HTMLParser(strict=True).parse(page)


def test_every_link_of_every_page_leads_to_a_file_or_another_site(great_town: Town, everything: dict[str, str]) -> None:
    for path, page in everything.items():
        if path == "404.html":
            continue
        tags = _Tags(page)
        for address in [*tags.links, *tags.loaded]:
            if not address.startswith(("http", "#")):
                assert ((great_town.root / path).parent / address).resolve().is_file(), (path, address)


def test_no_page_carries_a_foreign_script_a_style_attribute_or_a_foreign_resource(everything: dict[str, str]) -> None:
    for page in everything.values():
        tags = _Tags(page)
        assert [a.rpartition("/")[2] for a in tags.loaded if a.endswith(".js")] == ["leaving.js"]
        assert " style=" not in page
        assert not [
            a for a in tags.loaded if a.startswith("http") and not a.startswith("https://www.yunchuan.example/")
        ]
        assert "default-src 'none'" in page


def test_the_home_page_carries_the_site_tags_only(town: Town) -> None:
    town.publish(1)
    meta = _Tags(town.text("index.html")).meta
    assert (meta["SiteName"], meta["SiteDomain"], meta["SiteIDCode"]) == (
        "云川县人民政府",
        "www.yunchuan.example",
        "9900000001",
    )
    assert "ColumnName" not in meta
    assert "ArticleTitle" not in meta


def test_a_column_page_carries_the_first_seven_tags(town: Town) -> None:
    town.publish(1)
    meta = _Tags(town.text("news/index.html")).meta
    assert meta["ColumnName"] == "云川要闻"
    assert meta["ColumnDescription"] == "云川要闻栏目"
    assert meta["ColumnKeywords"] == "云川，云川要闻"
    assert meta["ColumnType"] == "动态要闻"
    assert "SiteIDCode" in meta
    assert "PubDate" not in meta


def test_an_article_carries_all_ten_tags(town: Town) -> None:
    town.publish(1)
    meta = _Tags(town.text("news/202611/1.html")).meta
    assert meta["ArticleTitle"] == "第1篇样稿"
    assert meta["PubDate"] == "2026-11-25 09:31"
    assert meta["ContentSource"] == "云川县水利局"
    assert {"SiteName", "SiteDomain", "SiteIDCode", "ColumnName", "ColumnType"} <= meta.keys()


def test_the_footer_names_all_that_the_rules_ask_for(town: Town) -> None:
    town.publish(1)
    footer = town.text("index.html").partition("<footer")[2]
    for words in (
        "我为政府网站找错",
        "党政机关标识",
        "网站标识码：9900000001",
        "示ICP备00000001号",
        "示公网安备",
        "主办单位",
        "联系电话",
        "网站地图",
    ):
        assert words in footer


def test_a_reprint_names_its_source_its_time_there_and_the_original(town: Town) -> None:
    town.publish(1)
    page = town.text("news/202611/1.html")
    assert "来源：云川县水利局" in page
    assert "2026-11-24 16:05" in page
    assert 'href="http://water.yunchuan.example/1.html"' in page


def test_an_own_text_names_no_original(town: Town) -> None:
    town.publish(1, town.rendition(1, kind="original", source_url="", source_published_at=""))
    assert "查看原文" not in town.text("news/202611/1.html")


def test_a_policy_document_shows_its_official_fields_and_that_it_is_repealed(everything: dict[str, str]) -> None:
    page = everything["policy/202611/50.html"]
    assert '<th scope="row">索引号</th>' in page
    assert "本文件已废止或失效" in page


def test_attachments_are_offered_under_their_names(everything: dict[str, str]) -> None:
    page = everything["policy/202611/50.html"]
    assert 'download="方案&#34;1&#34;.pdf"' in page


def test_an_attachment_named_in_the_text_is_not_offered_twice(town: Town) -> None:
    sha256 = town.files.add(b"document")
    file = FileReference(sha256, "方案.pdf", "application/pdf", "attachment")
    town.publish(1, town.rendition(1, body=f'<p><a href="file:{sha256}">附件</a></p>', files=(file,)))
    page = town.text("news/202611/1.html")
    assert page.count(f"files/1/{sha256}.pdf") == 1
    assert 'download="方案.pdf">附件</a>' in page


def test_a_file_address_without_a_file_stays_as_it_is(town: Town) -> None:
    town.publish(1, town.rendition(1, body=f'<p><a href="file:{"a" * 64}">附件</a></p>'))
    assert f"file:{'a' * 64}" in town.text("news/202611/1.html")


@pytest.mark.parametrize("title", ['<script>alert("x")</script>', "“引号”'\"&amp;", "قاراماي", "😀\ud800\x0b"])
def test_any_title_is_text_on_every_page(town: Town, title: str) -> None:
    town.publish(1, town.rendition(1, title=title))
    for path in ("index.html", "news/index.html", "news/202611/1.html"):
        assert town.text(path).count("<script") == 1  # our own


def test_a_sample_office_says_so_on_every_page(everything: dict[str, str]) -> None:
    assert all("演示样例" in page for page in everything.values())


def test_a_real_office_shows_no_banner(site: SiteFacts) -> None:
    real = Pages(replace(site, office=replace(site.office, sample=False)))
    assert 'class="sample"' not in real.not_found.decode()


def test_the_page_for_missing_pages_works_below_a_path(site: SiteFacts) -> None:
    moved = Pages(replace(site, office=replace(site.office, site_url="https://www.yunchuan.example/portal")))
    assert 'href="/portal/index.html"' in moved.not_found.decode()


def test_an_article_page_with_its_style_weighs_less_than_a_hundred_kilobytes(town: Town) -> None:
    town.publish(1, town.rendition(1, body="<p>" + "云" * 3_000 + "</p>"))
    contents = town.contents()
    style = next(data for path, data in contents.items() if path.endswith(".css"))
    assert len(contents["news/202611/1.html"]) + len(style) < 100_000


def test_an_archive_page_of_withdrawn_entries_says_so(town: Town) -> None:
    town.fill(range(1, 41))
    for item in range(1, 21):
        town.retract(item)
    assert "本页信息均已撤下" in town.text("news/p0.html")


def test_a_template_with_a_mistake_is_named(site: SiteFacts) -> None:
    broken = Pages(replace(site, templates={**site.templates, "website/not_found.html": "\n{{ nothing }}"}))
    with pytest.raises(ConfigurationError) as caught:
        assert broken.not_found
    assert caught.value.problems[0].file == "content/templates/website/not_found.html"


def test_a_missing_template_is_named(site: SiteFacts) -> None:
    with pytest.raises(ConfigurationError):
        assert Pages(replace(site, templates={})).not_found
