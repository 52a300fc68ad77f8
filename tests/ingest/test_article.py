"""Articles: what is taken from a page, in which order, and what is left behind."""

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError, wordings
from syndicate.ingest.article import read_article
from syndicate.model.item import Extracted, FileRole, ItemKind
from syndicate.model.source import ArticleRules, Row, Source
from tests.ingest.conftest import FEED, HTML, PAGE, ROW, document

META = (
    '<meta name="SiteName" content="样例网"><meta name="ArticleTitle" content="标签里的标题">'
    '<meta name="PubDate" content="2026-11-23 08:30"><meta name="ContentSource" content="样例来源">'
)
TEXT = "云川县今天召开样例会议，研究部署有关工作，要求各单位认真落实。"
LONG = "".join(f"<p>第{n}段：{TEXT}会议还听取了第{n}个单位的样例汇报，并提出了具体要求。</p>" for n in range(1, 7))


def page(body: str = f'<div id="zoom"><p>{TEXT}</p></div>', head: str = META) -> str:
    return f"<!DOCTYPE html><html><head><title>窗口标题_样例网</title>{head}</head><body>{body}</body></html>"


def read(html: str | bytes, source: Source = HTML, row: Row = ROW, **rules: object) -> Extracted:
    if rules:
        source = replace(source, article_rules=ArticleRules(**rules))  # type: ignore[arg-type]
    return read_article(source, row, document(html))


def refused(html: str | bytes, source: Source = HTML, row: Row = ROW) -> str:
    with pytest.raises(InputError) as caught:
        read(html, source, row)
    return caught.value.message.key


def published(extracted: Extracted) -> str:
    return f"{extracted.content.published_at:%Y-%m-%d %H:%M:%S}" if extracted.content.published_at else ""


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
    assert refused("<br>" * 120_000 + TEXT) == "ingest.hostile_markup"


# Bodies.
def test_the_sources_selector_finds_the_body() -> None:
    html = page(f'<div id="zoom">别处的文字不属于正文</div><div class="x"><p>{TEXT}</p><p class="ad">广告</p></div>')

    assert read(html, body=".x", remove=(".ad",)).content.body == f"<p>{TEXT}</p>"


def test_a_selector_that_finds_nothing_says_so() -> None:
    assert read(page(), body=".gone").warnings == ("ingest.selector_missed",)


def test_an_empty_shell_is_passed_over() -> None:
    html = page(f'<div id="zoom"></div><div class="TRS_Editor">{TEXT}</div>')

    assert read(html).content.body == TEXT


def test_an_element_that_is_hidden_throughout_is_passed_over() -> None:
    html = page(f'<div id="zoom"><p style="display:none">{TEXT}</p></div><div class="TRS_Editor">{TEXT}{TEXT}</div>')

    assert read(html).content.body == TEXT + TEXT


def test_the_fullest_of_several_matches_is_the_body() -> None:
    html = page(f'<div class="TRS_Editor">右侧栏中的短小介绍文字</div><div class="TRS_Editor">{TEXT}{TEXT}</div>')

    assert read(html).content.body == TEXT + TEXT


def test_a_body_of_pictures_only_is_a_body() -> None:
    extracted = read(page('<div id="zoom"><img src="1.png"></div>'))

    assert [file.url for file in extracted.wanted] == ["https://www.example.gov.cn/xw/202611/1.png"]


def test_without_a_known_selector_the_text_is_found_and_agreed_on() -> None:
    extracted = read(page(f'<div class="nav"><a href="/">首页</a></div><div class="abc">{LONG}</div>'))

    assert "第6段" in extracted.content.body
    assert extracted.warnings == ()


def test_a_short_guess_is_doubtful() -> None:
    assert "ingest.doubtful_extraction" in read(page(f"<div><p>{TEXT}</p></div>")).warnings


def test_a_page_of_very_many_tables_gets_no_second_opinion_and_is_doubtful() -> None:
    html = page(f"<div class=abc>{LONG}{'<table><tr><td>样例</table>' * 1_200}</div>")

    assert "ingest.doubtful_extraction" in read(html).warnings


def test_text_that_only_the_second_opinion_finds_is_taken_and_doubtful() -> None:
    items = "".join(f"<li>{n}、{TEXT}</li>" for n in range(1, 9))
    extracted = read(page(f"<article><ul>{items}</ul></article>"))

    assert TEXT in extracted.content.body


@pytest.mark.parametrize(
    "gone",
    [
        "<script>alert(1)</script>",
        '<p style="display: none">藏起来的文字</p>',
        "<p hidden>藏起来的文字</p>",
        "<p>扫一扫在手机打开当前页</p>",
        "<div><span>【打印】</span></div>",
        "<p>字号：大 中 小</p>",
        '<a onclick="x()"></a>',
    ],
)
def test_what_is_no_text_of_the_article_is_left_out(gone: str) -> None:
    body = read(page(f'<div id="zoom"><p>{TEXT}</p>{gone}</div>')).content.body

    assert body.replace("<div></div>", "").replace("<a></a>", "") == f"<p>{TEXT}</p>"


def test_a_sentence_that_contains_a_word_of_the_furniture_stays() -> None:
    assert "打印机" in read(page(f'<div id="zoom"><p>{TEXT}</p><p>打印机已采购。</p></div>')).content.body


def test_alignment_and_merged_cells_stay() -> None:
    table = (
        '<table><tbody><tr><td colspan="2" style="text-align:right">样例单位名称和样例金额</td></tr></tbody></table>'
    )

    assert read(page(f'<div id="zoom">{table}</div>')).content.body == table


def test_pictures_that_a_script_would_load_get_their_address() -> None:
    html = page('<div id="zoom"><img src="data:image/gif;base64,R0" data-src="/a.jpg"><img src="b.png"></div>')
    extracted = read(html)

    assert [file.url for file in extracted.wanted] == [
        "https://www.example.gov.cn/a.jpg",
        "https://www.example.gov.cn/xw/202611/b.png",
    ]
    assert extracted.warnings == ()


def test_a_picture_inside_the_page_is_missed_aloud() -> None:
    html = page(f'<div id="zoom">{TEXT}<img src="data:image/png;base64,AA"></div>')

    assert read(html).warnings == ("ingest.inline_image_dropped",)


def test_a_video_becomes_its_cover_and_a_link() -> None:
    video = '<video poster="c.jpg"><source src="v.mp4"></video><video></video>'
    extracted = read(page(f'<div id="zoom">{TEXT}{video}</div>'))

    base = "https://www.example.gov.cn/xw/202611"
    assert f'<img src="{base}/c.jpg" alt="视频封面"><a href="{base}/v.mp4">观看视频</a>' in extracted.content.body
    assert extracted.warnings == ("ingest.video_replaced",)


def test_embedded_foreign_content_is_left_out_aloud() -> None:
    html = page(f'<div id="zoom">{TEXT}<iframe src="//a.example/"></iframe></div>')

    assert read(html).warnings == ("ingest.embedded_dropped",)


def test_the_base_element_is_heard() -> None:
    html = page('<div id="zoom"><a href="a.pdf">样例附件</a></div>', '<base href="https://b.example/x/">')

    assert read(html).wanted[0].url == "https://b.example/x/a.pdf"


def test_an_illegal_byte_is_told() -> None:
    html = page().encode("gb18030").replace("云川县".encode("gb18030"), b"\xff")

    extracted = read(html)

    assert "\ufffd" in extracted.content.body
    assert extracted.warnings == ("ingest.replaced",)


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


# Disclosure fields.
FIELDS = {"索引号": "000000000/2026-00001", "发文机关": "样例县人民政府", "发文字号": "样政发〔2026〕1号"}


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td><b>索 引 号：</b></td><td>000000000/2026-00001</td><td>发文机关：</td><td>样例县人民政府</td></tr>"
        "<tr><td>发文字号：</td><td>样政发〔2026〕1号</td><td>主 题 词：</td><td></td></tr></table>",
        "<ul><li>索引号：000000000/2026-00001</li><li>发布机构: 样例县人民政府</li><li>文　号：样政发〔2026〕1号</li></ul>",
        "<dl><dt>索引号</dt> <dd>000000000/2026-00001</dd><dt>发布机关</dt><dd>样例县人民政府</dd><dt>文号</dt><dd>样政发〔2026〕1号</dd>"
        "<dt>尾</dt></dl>",
        "<table><tr><td>索引号：000000000/2026-00001</td><td>发文机关：样例县人民政府</td></tr>"
        "<tr><td>发文字号：样政发〔2026〕1号</td></tr></table>",
        "<span id=syh>索引号：000000000/2026-00001</span><span id=fwjg>样例县人民政府</span><p class=wh>样政发〔2026〕1号</p>",
    ],
)
def test_disclosure_fields_are_read_from_tables_lists_and_lines(table: str) -> None:
    assert dict(read(page(f'{table}<div id="zoom">{TEXT}</div>')).content.fields) == FIELDS


def test_fields_give_title_and_day_where_meta_tags_are_missing() -> None:
    table = "<table><tr><td>标题：</td><td>样例通知</td><td>发布日期：</td><td>2026年11月02日</td></tr></table>"
    extracted = read(page(f'{table}<div id="zoom">{TEXT}</div>', ""), row=replace(ROW, title=""))

    assert (extracted.content.title, published(extracted)) == ("样例通知", "2026-11-02 00:00:00")


def test_one_lone_label_is_no_table_of_fields() -> None:
    assert dict(read(page(f'<p>标题：样例</p><div id="zoom">{TEXT}</div>')).content.fields) == {}


def test_labels_inside_the_body_are_no_fields() -> None:
    table = "<table><tr><td>文号：</td><td>甲</td><td>标题：</td><td>乙</td></tr></table>"

    assert dict(read(page(f'<div id="zoom">{TEXT}{table}</div>')).content.fields) == {}


def test_configured_field_selectors_win() -> None:
    html = page(f'<p class="n">样字1号</p><p>文号：别的</p><p>索引号：1</p><div id="zoom">{TEXT}</div>')

    assert read(html, fields={"发文字号": ".n", "有效性": ".none"}).content.fields["发文字号"] == "样字1号"


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
