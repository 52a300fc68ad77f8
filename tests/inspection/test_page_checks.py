"""查页: what is wrong with one page: tags, footer, dates, weight, time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.inspection import page_checks
from syndicate.inspection.page_checks import (
    Identity,
    PageKind,
    ProblemKind,
    date_gaps,
    footer_gaps,
    heavy,
    said_date,
    slow,
    tag_gaps,
)
from syndicate.inspection.page_reading import PageContent, own_path, read_page
from syndicate.inspection.wording import rows

OURS = Identity("示例县人民政府", "www.example.gov.cn", "0000000000")
TAGS = {
    "SiteName": OURS.name,
    "SiteDomain": OURS.domain,
    "SiteIDCode": OURS.code,
    "ColumnName": "要闻",
    "ColumnDescription": "样例",
    "ColumnKeywords": "样例",
    "ColumnType": "动态要闻",
    "ArticleTitle": "样例",
    "PubDate": "2026-11-26 14:05",
    "ContentSource": "样例",
}
FOOTER = (
    '<script id="_jiucuo_"></script><span id="_ideConac"></span>主办单位：样例 电话：000-00000000'
    " 网站标识码：0000000000 京公网安备00000000000000号 京ICP备00000000号-1"
)
ROOT = "http://www.example.gov.cn"


def page(body: str = "", **tags: str | None) -> PageContent:
    named = {name: tags.get(name, content) for name, content in TAGS.items()}
    head = "".join(
        f'<meta name="{name}" content="{content}">' for name, content in named.items() if content is not None
    )
    return read_page(
        f"<html><head><title>样例</title>{head}</head><body>{body}</body></html>", f"{ROOT}/a/b.html", ROOT
    )


def gaps(kind: PageKind = PageKind.ARTICLE, **tags: str | None) -> list[str]:
    return [gap.detail for gap in tag_gaps(page(**tags), kind, OURS)]


def test_a_page_with_every_tag_has_no_gap() -> None:
    assert gaps() == []


@pytest.mark.parametrize(
    ("kind", "count"), [(PageKind.HOME, 3), (PageKind.COLUMN, 7), (PageKind.ARTICLE, 10), (PageKind.PAGE, 3)]
)
def test_each_kind_of_page_needs_its_own_tags(kind: PageKind, count: int) -> None:
    assert len(gaps(kind, **dict.fromkeys(TAGS, None))) == count


@pytest.mark.parametrize("name", TAGS)
def test_each_tag_is_missed_by_its_name(name: str) -> None:
    assert gaps(**{name: None}) == [f"缺少 {name}"]


@pytest.mark.parametrize("content", ["", "null", "NULL", "undefined"])
def test_a_tag_without_content_is_a_gap(content: str) -> None:
    assert gaps(ContentSource=content)[0].startswith("ContentSource 没有内容")


def test_a_tag_in_another_spelling_is_a_gap() -> None:
    """Many checkers match case-sensitively."""
    content = replace(page(), metas=(*page(PubDate=None).metas, ("pubdate", "2026-11-26 14:05")))
    [gap] = tag_gaps(content, PageKind.ARTICLE, OURS)
    assert gap.detail == "PubDate 的拼写不对（页面上是 pubdate）"


@pytest.mark.parametrize("date", ["2026-11-26", "2026-11-26 2:05", "2026/11/26 14:05", "2026-11-26 24:00"])
def test_a_date_in_another_form_is_a_gap(date: str) -> None:
    assert gaps(PubDate=date) == [f"PubDate 的格式不对（{date}）"]


@pytest.mark.parametrize(
    ("name", "content"), [("SiteIDCode", "1111111111"), ("SiteName", "另一个网站"), ("SiteDomain", "www.other.example")]
)
def test_the_tags_of_another_site_are_a_gap(name: str, content: str) -> None:
    assert gaps(**{name: content}) == [f"{name} 不是本网站的（{content}）"]


@pytest.mark.parametrize("content", [f"http://{OURS.domain}", f"https://{OURS.domain}/"])
def test_a_domain_with_its_scheme_is_ours(content: str) -> None:
    assert gaps(SiteDomain=content) == []


def test_a_footer_with_all_seven_elements_has_no_gap() -> None:
    assert footer_gaps(page(FOOTER)) == ()


@pytest.mark.parametrize(
    ("gone", "name"),
    [
        ('<script id="_jiucuo_"></script>', "我为政府网站找错"),
        ('<span id="_ideConac"></span>', "党政机关标识"),
        ("网站标识码", "网站标识码"),
        ("京ICP备", "ICP备案号"),
        ("公网安备", "公安机关备案标识"),
        ("主办单位", "网站主办单位"),
        ("电话：", "联系方式"),
    ],
)
def test_each_element_of_the_footer_is_missed_by_its_name(gone: str, name: str) -> None:
    assert [gap.detail for gap in footer_gaps(page(FOOTER.replace(gone, "")))] == [name]


FIRST = datetime(2026, 11, 26, 14, 5, 40)


def kinds(body: str, published: datetime | None = FIRST, **tags: str | None) -> list[ProblemKind]:
    return [gap.kind for gap in date_gaps(page(body, **tags), published)]


@pytest.mark.parametrize("shown", ["2026-11-26", "2026年11月26日", "2026/1/6", "2026.11.26", "2026—11—26"])
def test_a_date_that_visitors_see_is_a_date(shown: str) -> None:
    assert kinds(f"发布时间：{shown}") == []


def test_a_page_that_shows_no_date_is_undated() -> None:
    assert kinds("没有日期") == [ProblemKind.UNDATED]


@pytest.mark.parametrize(
    ("said", "found"), [("2026-11-26 14:05", []), ("2026-11-26 14:04", [ProblemKind.BACKDATED]), ("x", [])]
)
def test_a_date_before_the_first_publication_is_backdated_to_the_minute(said: str, found: list[ProblemKind]) -> None:
    assert kinds("2026-11-26", PubDate=said) == found


def test_a_page_that_our_records_do_not_know_is_not_backdated() -> None:
    assert kinds("2026-11-26", None, PubDate="2020-01-01 00:00") == []


@pytest.mark.parametrize(("milliseconds", "count"), [(3000, 0), (3001, 1)])
def test_a_page_may_take_three_seconds(milliseconds: int, count: int) -> None:
    assert len(slow(milliseconds)) == count


def test_a_slow_page_is_told_with_the_limit_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_checks, "page_limits", lambda: {"slow_milliseconds": 4500.0})
    assert [gap.detail for gap in slow(4501)] == ["打开用时超过4.5秒"]


@pytest.mark.parametrize(("kilobytes", "count"), [(3000, 0), (3001, 1)])
def test_a_page_may_weigh_three_megabytes(kilobytes: int, count: int) -> None:
    assert len(heavy(kilobytes)) == count


def test_every_rule_has_a_basis() -> None:
    tables = ("page_tags.tsv", "footer_elements.tsv", "page_limits.tsv", "link_outcomes.tsv", "parked_signs.tsv")
    assert [row for name in tables for row in rows(name) if not row["basis"]] == []


# Addresses


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("", ""),
        ("#top", ""),
        ("c.html#part", "a/c.html"),
        ("../news/", "news/index.html"),
        ("/", "index.html"),
        (f"{ROOT}", "index.html"),
        ("https://www.example.gov.cn/x.html", "x.html"),
        ("HTTP://WWW.EXAMPLE.GOV.CN/x.html", "x.html"),
        ("?page=2", ""),
        ("/%E4%BA%91.html", "云.html"),
        ("../../../etc/passwd", "etc/passwd"),
        ("javascript:alert(1)", ""),
        ("mailto:a@b.example", ""),
        ("http://user:secret@other.example/", ""),
        ("http://[::1", ""),
        ("http://other.example/a?b=1#c", "http://other.example/a?b=1"),
        ("//other.example/", "http://other.example/"),
        ("/" + "x" * 1001, ""),
    ],
)
def test_an_address_on_a_page_leads_to(address: str, path: str) -> None:
    assert page(f'<a href="{address}">x</a>').links == ((path,) if path else ())


def test_pictures_styles_and_scripts_of_ours_are_loaded() -> None:
    loaded = '<img src="a.png"><link rel="stylesheet" href="/s.css"><link rel="alternate" href="/rss.xml"><script src="http://o.example/x.js"></script>'
    assert page(loaded).files == ("a/a.png", "s.css")


def test_scripts_and_styles_are_not_what_a_visitor_reads() -> None:
    assert "x" not in page("<script>x</script><style>x</style><noscript>x</noscript>云").text


@pytest.mark.parametrize(
    ("address", "path"), [(f"{ROOT}/portal", "index.html"), (f"{ROOT}/portal/a", "a"), (f"{ROOT}/portals", None)]
)
def test_a_site_below_a_folder_is_only_what_is_below_it(address: str, path: str | None) -> None:
    assert own_path(address, f"{ROOT}/portal") == path


def test_an_address_of_more_bytes_than_a_database_can_index_is_not_walked() -> None:
    assert own_path(f"{ROOT}/{'云' * 900}.html", ROOT) == ""


@given(st.text(max_size=200))
def test_no_page_breaks_the_reading(markup: str) -> None:
    for link in read_page(f"<a href='{markup}'>{markup}</a><img src=\"{markup}\">", f"{ROOT}/a.html", ROOT).links:
        assert link.startswith("http") or not link.startswith("/")


def test_said_date_of_nothing_is_none() -> None:
    assert said_date(page(PubDate=None)) is None
