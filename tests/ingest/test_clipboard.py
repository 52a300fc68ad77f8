"""Clipboards as Word, WPS, Excel and browsers fill them (all texts invented)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.clipboard import LONGEST, Clipboard, clean_clipboard
from syndicate.text.sanitise import sanitise

HEAD = (
    'Version:1.0\r\nStartHTML:0000000105\r\n<html xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head>'
    '<meta name=Generator content="Microsoft Word 15"><!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View>'
    "</w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal, li.MsoNormal {mso-style-parent:''; margin:0cm;} --></style></head>"
    "<body lang=ZH-CN style='tab-interval:21.0pt;word-wrap:break-word'><!--StartFragment-->"
)
FOOT = "<!--EndFragment--></body></html>"


def word(inner: str) -> str:
    return clean_clipboard(HEAD + inner + FOOT).html


def test_a_paragraph_of_word_is_a_paragraph() -> None:
    markup = (
        "<p class=MsoNormal style='text-indent:32.0pt;mso-char-indent-count:2.0;line-height:28.0pt'><span "
        "style='font-size:16.0pt;font-family:仿宋_GB2312;mso-hansi-font-family:\"Times New Roman\"'>　　各乡镇人民政府："
        "<span lang=EN-US><o:p></o:p></span></span></p>"
    )
    assert word(markup) == "<p>各乡镇人民政府：</p>"


def test_a_title_is_a_heading_below_the_pages_own_and_stays_centred() -> None:
    markup = (
        "<p class=MsoTitle align=center style='text-align:center'><b><span lang=EN-US>2026</span>年样例通知</b></p>"
    )
    assert word(markup) == '<h2 align="center" style="text-align:center"><strong>2026年样例通知</strong></h2>'


def test_a_first_heading_moves_one_level_down() -> None:
    assert word("<h1 style='margin:0cm'>总则</h1><h2>细则</h2>") == "<h2>总则</h2><h2>细则</h2>"


def test_empty_paragraphs_are_left_out() -> None:
    assert word("<p class=MsoNormal><span lang=EN-US><o:p>&nbsp;</o:p></span></p><p>文</p>") == "<p>文</p>"


def test_round_marks_become_a_list() -> None:
    item = (
        "<p class=MsoListParagraph style='margin-left:36.0pt;text-indent:-18.0pt;mso-list:l0 level1 lfo1'>"
        "<![if !supportLists]><span lang=EN-US style='font-family:Wingdings'><span style='mso-list:Ignore'>l<span "
        "style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp; </span></span></span><![endif]>第{}项</p>"
    )
    assert word(item.format("一") + item.format("二")) == "<ul><li>第一项</li><li>第二项</li></ul>"


def test_written_numbers_stay_text() -> None:
    markup = (
        "<p class=MsoNormal style='mso-list:l1 level1 lfo2'><!--[if !supportLists]--><span style='mso-list:Ignore'>"
        "（一）<span style='font:7.0pt \"Times New Roman\"'>&nbsp; </span></span><!--[endif]-->总体要求。</p>"
    )
    assert word(markup) == "<p>（一）总体要求。</p>"


def test_a_latin_number_keeps_a_blank() -> None:
    markup = "<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>目标</p>"
    assert word(markup) == "<p>1. 目标</p>"


def test_a_table_keeps_its_merged_cells_and_loses_its_widths() -> None:
    markup = (
        "<table class=MsoTableGrid border=1 cellspacing=0 style='border-collapse:collapse;mso-yfti-tbllook:1184'>"
        "<tr style='mso-yfti-irow:0'><td width=553 colspan=2 valign=top style='width:414.8pt;border:solid windowtext 1.0pt'>"
        "<p class=MsoNormal>合计<o:p></o:p></p></td></tr><tr><td><p>一</p></td><td><p>二</p></td></tr></table>"
    )
    assert word(markup) == (
        '<table><tbody><tr><td colspan="2" valign="top"><p>合计</p></td></tr>'
        "<tr><td><p>一</p></td><td><p>二</p></td></tr></tbody></table>"
    )


def test_comments_tracked_deletions_and_hidden_text_are_left_out() -> None:
    markup = (
        '<p>正<del cite="mailto:x" datetime="2026-11-20">删掉</del><ins>文</ins>'
        '<a class=msocomanchor id="_anchor_1" href="#_msocom_1">[样1]</a>'
        "<span style='display:none;mso-hide:all'>隐藏</span></p>"
        "<div style='mso-element:comment-list'><p class=MsoCommentText>批注</p></div>"
    )
    assert word(markup) == "<p>正文</p>"


def test_bold_by_style_is_bold() -> None:
    assert word("<p><span style='font-weight:700'>要点</span></p>") == "<p><strong>要点</strong></p>"


def test_pictures_on_somebodys_disk_are_counted_as_missed() -> None:
    markup = (
        '<p>前<!--[if gte vml 1]><v:shape id="图片_1"><v:imagedata src="file:///C:/x.png"/></v:shape><![endif]-->'
        '<![if !vml]><img width=2 height=2 src="file:///C:/Temp/image001.png" v:shapes="图片_1"><![endif]>后</p>'
    )
    assert clean_clipboard(HEAD + markup + FOOT) == Clipboard("<p>前后</p>", (), 1)


def test_pictures_in_the_markup_come_along() -> None:
    found = clean_clipboard('<p><img src="data:image/png;base64,AAAA" alt="图"></p>')
    assert found == Clipboard(f'<p><img src="file:{0:064x}" alt="图"></p>', ("data:image/png;base64,AAAA",), 0)


def test_pictures_of_other_sites_are_missed() -> None:
    assert clean_clipboard('<p>文<img src="https://other.example/x.png"></p>') == Clipboard("<p>文</p>", (), 1)


def test_links_stay_and_anchors_do_not() -> None:
    assert word('<p><a href="https://a.example/">甲</a><a name="_Toc1" href="#x">乙</a></p>') == (
        '<p><a href="https://a.example/">甲</a>乙</p>'
    )


def test_a_sheet_of_excel_is_a_table() -> None:
    markup = "<table><col width=72><tr height=19><td class=xl65 x:num>12</td><td style='mso-number-format:\"\\@\"'>甲</td></tr></table>"
    assert "<tr><td>12</td><td>甲</td></tr>" in clean_clipboard(markup).html


def test_nothing_is_nothing() -> None:
    assert clean_clipboard(" ") == Clipboard("")


@pytest.mark.parametrize("markup", ["<b>" * 5_000, "字" * (LONGEST + 1)])
def test_markup_built_to_keep_a_parser_busy_is_refused(markup: str) -> None:
    with pytest.raises(InputError):
        clean_clipboard(markup)


@given(st.text(st.sampled_from("<>p/b i=\"'!-[]ifendif:olscriptmg &;甲"), max_size=120))
def test_whatever_is_pasted_comes_out_harmless(markup: str) -> None:
    clean = clean_clipboard(markup).html
    assert sanitise(clean) == clean


def test_control_characters_are_left_out() -> None:
    assert clean_clipboard("<p>样\x0b例\x00</p>").html == "<p>样例</p>"


@pytest.mark.parametrize(
    "markup", ["样例&#1;", "<p style='mso-list:l0'><span style='mso-list:Ignore'>&#2;</span>甲</p>"]
)
def test_a_reference_to_a_control_character_is_refused(markup: str) -> None:
    with pytest.raises(InputError):
        clean_clipboard(markup)
