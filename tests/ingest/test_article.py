"""Articles: what is taken from a page, in which order, and what is left behind."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError, wordings
from syndicate.ingest.article import read_article
from syndicate.model.item import FileRole, ItemKind
from tests.ingest.conftest import FEED, HTML, PAGE, ROW, document
from tests.ingest.reading import META, TEXT, page, published, read, refused


def test_government_meta_tags_come_first() -> None:
    content = read(page()).content

    assert (content.title, content.source_name) == ("标签里的标题", "样例来源")
    assert content.published_at is not None
    assert content.published_at.isoformat() == "2026-11-23T08:30:00+08:00"
    assert (content.kind, content.source_url) == (ItemKind.REPRINT, PAGE)


def test_meta_names_in_any_case_and_empty_meta_tags_are_understood() -> None:
    head = '<META NAME="articletitle" CONTENT="null"><meta name="ARTICLETITLE" content="真标题">'

    assert read(page(head=head)).content.title == "真标题"


def test_the_first_publication_time_is_read_to_the_second() -> None:
    assert published(read(page(head=META + '<meta name="firstpublishedtime" content="2026-11-23-08:30:12">'))) == (
        "2026-11-23 08:30:12"
    )


def test_of_one_day_the_time_that_says_the_minute_wins() -> None:
    html = page(
        f'<p>发布时间：2026-11-23 09:10</p><div id="zoom">{TEXT}</div>', '<meta name="PubDate" content="2026-11-23">'
    )

    assert published(read(html)) == "2026-11-23 09:10:00"


def test_the_sources_selectors_come_after_the_meta_tags() -> None:
    html = page(f"<h2>选择器标题</h2><i>2026年11月22日</i><b>来源：选择器来源</b><div id=zoom>{TEXT}</div>", "")
    content = read(html, title="h2", published="i", source_name="b").content

    assert (content.title, content.source_name) == ("选择器标题", "选择器来源")
    assert content.published_at is not None
    assert content.published_at.day == 22


def test_what_the_page_prints_is_read() -> None:
    html = page(f"<p>发布时间：2026-11-22 10:00 信息来源：样例镇政府</p><div id=zoom>{TEXT}</div>", "")
    extracted = read(html)

    assert (published(extracted), extracted.content.source_name) == ("2026-11-22 10:00:00", "样例镇政府")


def test_the_lists_row_is_the_last_resort() -> None:
    row = replace(ROW, published_at=datetime.fromisoformat("2026-11-20T00:00:00+08:00"), title="列表标题")
    content = read(page(head=""), row=row).content

    assert (content.title, content.source_name, content.published_at) == ("列表标题", "样例机关", row.published_at)


def test_the_day_in_the_address_is_better_than_none() -> None:
    assert published(read(page(head=""))) == "2026-11-23 00:00:00"


def test_without_any_date_a_rule_fires() -> None:
    row = replace(ROW, url="https://www.example.gov.cn/1.html")
    extracted = read(page(head=""), row=row)

    assert (extracted.content.published_at, extracted.warnings) == (None, ("ingest.no_date",))


@pytest.mark.parametrize(
    ("row", "body", "expected"),
    [
        ("短标题…", "<h1>窗口标题</h1>", "窗口标题"),
        ("短标题...", "<h1>新闻中心</h1>", "窗口标题"),
        ("", "", "窗口标题"),
        ("完整标题", "<h1>窗口标题</h1>", "完整标题"),
    ],
)
def test_a_cut_off_title_is_completed(row: str, body: str, expected: str) -> None:
    html = page(f"{body}<div id=zoom>{TEXT}</div>", "")

    assert read(html, row=replace(ROW, title=row)).content.title == expected


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("样例县开展活动-样例县政府网站", "样例县开展活动"),
        ("样例县开展活动-样例名", "样例县开展活动"),
        ("2025-2026年样例规划", "2025-2026年样例规划"),
        ("样例县开展活动|要闻|样例网", "样例县开展活动"),
    ],
)
def test_the_sites_name_is_cut_off_a_window_title(window: str, expected: str) -> None:
    html = f'<title>{window}</title><meta name="SiteName" content="样例名"><div id=zoom>{TEXT}</div>'

    assert read(html, row=replace(ROW, title="")).content.title == expected


@pytest.mark.parametrize("own", ["本网", "本站", "本网站"])
def test_the_own_site_as_source_is_named(own: str) -> None:
    head = f'<meta name="SiteName" content="样例县政府网"><meta name="ContentSource" content="{own}">'

    assert read(page(head=head)).content.source_name == "样例县政府网"


def test_a_page_without_any_title_is_an_error() -> None:
    assert refused(f"<div id=zoom>{TEXT}</div>", row=replace(ROW, title="")) == "ingest.no_title"


@pytest.mark.parametrize("html", ["", "   ", b"\x00\x00"])
def test_an_empty_page_is_an_error(html: str | bytes) -> None:
    assert refused(html) == "ingest.empty_body"


@pytest.mark.parametrize("html", ["<html><body></body></html>", "<div id=app></div><script>render()</script>"])
def test_a_page_without_text_is_an_error(html: str) -> None:
    assert refused(html) == "ingest.no_body"


def test_hostile_markup_is_an_error() -> None:
    assert refused("<div>" * 9_000) == "ingest.hostile_markup"


def test_a_page_of_endless_tags_is_not_guessed_at() -> None:
    assert refused("<br>" * 120_000 + TEXT) == "ingest.no_body"


# Files.
def test_attachments_of_the_body_are_wanted_under_their_names() -> None:
    links = '<a href="P1.pdf">附件1：样例名单</a><a href="P2.DOCX">名单.docx</a><a href="x.html">链接</a><a href="P3.exe">程序</a>'
    wanted = read(page(f'<div id="zoom">{TEXT}{links}</div>')).wanted

    assert [(file.name, file.role) for file in wanted] == [
        ("附件1：样例名单.pdf", FileRole.ATTACHMENT),
        ("名单.docx", FileRole.ATTACHMENT),
    ]


def test_attachments_beside_the_body_are_wanted() -> None:
    beside = '<div>附件：<a href="/files/a.pdf">名单</a></div><a href="b.ofd">同目录文件</a><a href="/other/c.pdf">办事指南</a>'
    wanted = read(page(f'<div id="zoom">{TEXT}</div>{beside}')).wanted

    assert [file.url.rpartition("/")[2] for file in wanted] == ["a.pdf", "b.ofd"]


def test_a_file_is_wanted_once() -> None:
    html = page(f'<div id="zoom">{TEXT}<a href="a.pdf">甲</a><a href="a.pdf">乙</a></div><a href="a.pdf">附件</a>')

    assert len(read(html).wanted) == 1


def test_a_row_that_leads_to_a_file_becomes_a_link_to_it() -> None:
    extracted = read(b"%PDF-1.4 sample", row=replace(ROW, title="样例<通知>"))

    assert extracted.warnings == ("ingest.file_instead_of_page",)
    assert extracted.content.body == f'<p><a href="{PAGE}">样例 通知</a></p>'
    assert [file.role for file in extracted.wanted] == [FileRole.ATTACHMENT]


def test_a_file_without_a_title_is_an_error() -> None:
    assert refused(b"%PDF-1.4 sample", row=replace(ROW, title="")) == "ingest.no_title"


def test_text_that_is_neither_page_nor_file_is_read_as_a_page() -> None:
    assert refused("x") in ("ingest.no_body", "ingest.no_title")


# Feeds that carry the whole text.
def test_a_full_text_feed_needs_no_page() -> None:
    source = replace(FEED, full_text=True)
    row = replace(ROW, html=f'<p onclick="x()">{TEXT}</p><img src="/a.png">', summary="摘要")
    extracted = read_article(source, row, document("", FEED.url))

    assert extracted.content.body == f'<p>{TEXT}</p><img src="https://www.example.gov.cn/a.png">'
    assert (extracted.content.title, extracted.content.summary) == (row.title, "摘要")
    assert [file.role for file in extracted.wanted] == [FileRole.IMAGE]


def test_a_full_text_feed_without_text_is_an_error() -> None:
    with pytest.raises(InputError) as caught:
        read_article(replace(FEED, full_text=True), ROW, document("", FEED.url))

    assert caught.value.message.key == "ingest.no_body"


def test_a_broken_character_in_a_full_text_feed_is_told() -> None:
    row = replace(ROW, html=f"<p>{TEXT}\ufffd</p>")

    assert "ingest.replaced" in read_article(replace(FEED, full_text=True), row, document("")).warnings


def test_a_summary_that_repeats_the_title_is_dropped() -> None:
    assert read(page(head=META + '<meta name="description" content="标签里的标题">')).content.summary == ""


def test_every_rule_that_fires_has_its_words() -> None:
    fired = "no_date replaced doubtful_extraction selector_missed inline_image_dropped video_replaced embedded_dropped"

    assert all(f"ingest.{rule}" in wordings() for rule in (*fired.split(), "file_instead_of_page", "file_missing"))


HOSTILE = st.lists(
    st.sampled_from(
        [
            "<div",
            "id=zoom>",
            "<p>",
            "</div>",
            "<table><tr><td>",
            "文号：",
            "<script>",
            "</script>",
            "<!--",
            "<svg>",
            "<a/href=a.pdf>",
            "附件",
            "&#0;",
            "\x00",
            "<video>",
            "<base/href=//",
            "<meta/name=PubDate/content=2026>",
            "<dt>",
            "<dd>",
            "<img/src=data:,>",
            "<title>",
        ]
    ),
    max_size=40,
).map("".join)


@given(HOSTILE.map(str.encode) | st.binary(max_size=300), st.booleans())
def test_any_bytes_give_an_article_or_an_input_error(body: bytes, full_text: bool) -> None:
    row = replace(ROW, html=body.decode("utf-8", "replace"))
    try:
        extracted = read_article(replace(HTML, full_text=full_text), row, document(body))
    except InputError:
        return

    assert extracted.content.title
    assert "<script" not in extracted.content.body


def _news(line: str) -> str:
    return f"<html><head><title>云川县举办样例活动_样例网</title></head><body><h2>云川县举办样例活动</h2>{line}<div id='zoom'><p>{TEXT}</p></div></body></html>"


@pytest.mark.parametrize(
    ("line", "time", "unit"),
    [
        ("<span>2026-11-23 08:30:15</span> <span>样例日报</span> <span>收藏</span>", "2026-11-23 08:30:15", "样例日报"),
        ("<p>2026年11月23日08:30</p><p>分享到</p>", "2026-11-23 08:30:00", "样例机关"),
        ("<p>2026年11月23日</p>", "2026-11-23 00:00:00", "样例机关"),
        ("<p>时间：2026-11-23　作者：某</p>", "2026-11-23 00:00:00", "样例机关"),
        ("<p>第3次会议于2026年10月1日召开，地点在礼堂</p>", "", "样例机关"),
    ],
)
def test_time_and_unit_beside_the_title_need_no_label(line: str, time: str, unit: str) -> None:
    extracted = read(_news(line), row=replace(ROW, url="https://www.example.gov.cn/1.html", title=""))
    assert (published(extracted), extracted.content.source_name) == (time, unit)


def test_what_scripts_hold_is_nothing_that_a_page_says() -> None:
    html = _news("<script>var a = '发布时间：2020-01-01 08:00 来源：脚本日报 ';</script><p>2026-11-23 08:30</p>")
    extracted = read(html, row=replace(ROW, url="https://www.example.gov.cn/1.html", title=""))
    assert (published(extracted), extracted.content.source_name) == ("2026-11-23 08:30:00", "样例机关")


def test_the_heading_above_the_time_is_the_title_where_the_window_names_only_the_section() -> None:
    body = (
        f"<h4>标题栏目</h4><h5>云川县召开样例会议</h5><p>发布时间：2026-11-23 来源：样例网</p><div id=zoom>{TEXT}</div>"
    )
    html = page(body, "").replace("窗口标题_样例网", "动态_样例网")
    assert read(html, row=replace(ROW, title="")).content.title == "云川县召开样例会议"


def test_a_line_above_the_time_that_is_no_heading_is_no_title() -> None:
    body = f"<h5>云川县召开样例会议</h5><p>当前位置和导航文字</p><p>发布时间：2026-11-23</p><div id=zoom>{TEXT}</div>"
    assert read(page(body, ""), row=replace(ROW, title="")).content.title == "窗口标题"


def test_a_unit_between_title_and_time_needs_no_label() -> None:
    body = f"<h1>云川县开展样例活动</h1><p><span>样例日报</span> <span>2026-11-23 10:37</span></p><div id=zoom>{TEXT}</div>"
    content = read(page(body, "")).content
    assert (content.source_name, published(read(page(body, "")))) == ("样例日报", "2026-11-23 10:37:00")


@pytest.mark.parametrize(
    "name", ["article:published_time", "publishdate", "apub:time", "og:pubdate", "publication_date"]
)
def test_meta_tags_that_say_when_it_was_published_are_read(name: str) -> None:
    html = page(head=f'<meta property="{name}" content="2026-11-23T08:30:00+08:00">')
    assert published(read(html)) == "2026-11-23 08:30:00"


@pytest.mark.parametrize("name", ["article:modified_time", "republisher", "lastmod", "pubdatehint"])
def test_other_meta_tags_are_no_publication_time(name: str) -> None:
    assert published(read(page(head=f'<meta name="{name}" content="2026-11-22 08:30">'))) != "2026-11-22 08:30:00"
