"""Where the text of an article begins and ends, and what of it is left behind."""

import pytest

from tests.ingest.reading import LONG, TEXT, page, read


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
    extracted = read(
        page(f'<div class="nav"><a href="/">首页</a></div><h1>标签里的标题</h1><div class="abc">{LONG}</div>')
    )

    assert "第6段" in extracted.content.body
    assert extracted.warnings == ()


def test_a_short_guess_is_doubtful() -> None:
    assert "ingest.doubtful_extraction" in read(page(f"<div><p>{TEXT}</p></div>")).warnings


def test_a_page_of_very_many_tables_gets_no_second_opinion_and_is_doubtful() -> None:
    html = page(f"<div class=abc>{LONG}{'<table><tr><td>样例</table>' * 1_200}</div>")

    assert "ingest.doubtful_extraction" in read(html).warnings


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


def test_text_that_only_the_second_opinion_sees_is_taken_and_doubtful() -> None:
    extracted = read(page(f"<form>{LONG}</form>"))

    assert "第6段" in extracted.content.body
    assert extracted.warnings == ("ingest.doubtful_extraction",)


def test_a_guessed_text_far_from_its_title_is_doubtful() -> None:
    menu = "<div class='nav'><p>标签里的标题</p>" + "<a href='/'>样例栏目</a>" * 400 + "</div>"
    extracted = read(page(f'{menu}<div class="abc">{LONG}</div>'))
    assert "ingest.doubtful_extraction" in extracted.warnings


def test_of_a_page_too_long_for_the_extractors_the_densest_element_is_taken_and_doubtful() -> None:
    extracted = read(
        page(f'<div class="nav">{"<br>" * 100_001}</div><div class="abc">{LONG}</div><div><p>版权所有，</p></div>')
    )
    assert "第6段" in extracted.content.body
    assert "版权所有" not in extracted.content.body
    assert extracted.warnings == ("ingest.doubtful_extraction",)


def test_the_bar_between_the_pages_of_an_article_is_no_text() -> None:
    bar = '<p>上一页 <a href="a_1.html">1</a> <a href="a_2.html">2</a> <a href="a_2.html">下一页</a></p>'
    assert "下一页" not in read(page(f'<div id="zoom"><p>{TEXT}</p>{bar}</div>')).content.body


def test_a_short_line_with_a_link_to_a_page_stays() -> None:
    line = '<p>详见附件第 3 页：<a href="a.html">样例办法</a></p>'
    assert "样例办法" in read(page(f'<div id="zoom"><p>{TEXT}</p>{line}</div>')).content.body


def test_every_version_of_a_text_says_that_there_was_a_video() -> None:
    body = read(page(f'<div id="zoom"><p>{TEXT}</p><video src="/a.mp4" poster="/a.jpg"></video></div>')).content.body
    assert "原文此处为视频" in body
