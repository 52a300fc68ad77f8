from __future__ import annotations

import html5lib
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from syndicate.desk.marks import Place, mark_article, mark_line
from syndicate.errors import InputError
from syndicate.model.finding import Finding, Severity
from syndicate.render.markup import parse

SHA256 = "ab" * 32


def place(number: int, source: str, words: str, severity: Severity = Severity.BLOCK) -> Place:
    start = source.index(words)
    return spot(number, start, start + len(words), severity)


def spot(number: int, start: int, end: int, severity: Severity = Severity.BLOCK) -> Place:
    return Place(number, Finding("rule", severity, start, end, "", "message"), "拦截")


def marked(source: str, *places: Place) -> str:
    return mark_article(source, places, lambda sha256: f"/files/{sha256[:4]}").html


def test_a_finding_is_marked_with_its_number_and_word() -> None:
    source = "<p>县秸杆利用</p>"
    label = '<mark class="mark-block" id="finding-1" data-label="1 拦截">秸杆</mark>'
    assert marked(source, place(1, source, "秸杆")) == f"<p>县{label}利用</p>"


def test_a_finding_across_tags_is_marked_piece_by_piece() -> None:
    source = "<p>领导<b>小</b>姐</p>"
    root = html.fragment_fromstring(marked(source, place(1, source, "领导<b>小</b>姐")))
    assert [mark.text for mark in root.iter("mark")] == ["领导", "小", "姐"]


def test_only_the_first_piece_carries_the_id() -> None:
    source = "<p>领导<b>小</b>姐</p>"
    assert marked(source, place(1, source, "领导<b>小</b>姐")).count("finding-1") == 1


def test_findings_at_the_same_place_both_have_a_mark() -> None:
    source = "<p>云川县</p>"
    found = mark_article(source, [place(1, source, "云川县"), place(2, source, "川县")], str)
    assert found.placed == {1, 2}
    assert found.html.count("finding-2") == 1


def test_a_character_reference_is_marked_whole() -> None:
    source = "<p>甲&amp;乙</p>"
    assert ">甲&amp;</mark>乙" in marked(source, spot(1, 3, 9))


def test_a_finding_inside_a_tag_has_no_mark() -> None:
    source = '<p align="center">正文</p>'
    assert mark_article(source, [place(1, source, "center")], str).placed == set()


def test_text_between_two_marks_keeps_its_place() -> None:
    source = "<p>甲<b>乙</b>丙丁戊</p>"
    root = html.fragment_fromstring(marked(source, place(1, source, "丙"), place(2, source, "戊")))
    assert root.text_content() == "甲乙丙丁戊"


def test_own_pictures_are_shown_and_foreign_ones_are_not_loaded() -> None:
    shown = marked(f'<p><img src="file:{SHA256}" alt="甲"><img src="https://elsewhere.example/a.png" alt="乙"></p>')
    assert f'src="/files/{SHA256[:4]}"' in shown
    assert "elsewhere" not in shown


def test_a_foreign_mark_cannot_pass_for_one_of_ours() -> None:
    shown = marked('<p><mark class="mark-block" id="finding-1" data-label="1">假</mark></p>')
    assert shown == "<p><mark>假</mark></p>"


def test_scripts_are_gone() -> None:
    assert "alert" not in marked('<p onclick="alert(1)">甲<script>alert(1)</script></p>')


def test_a_title_is_marked_and_escaped() -> None:
    shown = mark_line("<b>攻府", [spot(1, 3, 5)])
    assert shown.html == '&lt;b&gt;<mark class="mark-block" id="finding-1" data-label="1 拦截">攻府</mark>'


def test_a_finding_beyond_the_end_of_a_title_breaks_nothing() -> None:
    assert mark_line("甲乙", [spot(1, 1, 99)]).html.endswith("乙</mark>")


WORDS = st.text(alphabet="云川县<>&;\"'= /abp!-\U0010fff0\U0010fff1\U0010fff2\ufdd0\n", max_size=30)
PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "</b>", "<script>", "</script>", "<!--", "-->", "<table><tr><td>", "</td></tr></table>",
        '<a href="javascript:alert(1)">', "<svg><style>", "</style></svg>", "&lt;", "&#x4e2d;", "<img src=x onerror=alert(1)>",
        "<textarea>", "<noscript>", "<math><mi>", "<br>", '<p title="', "'>",
    ]
)  # fmt: skip
SOURCES = st.lists(st.one_of(WORDS, PIECES), max_size=12).map("".join)
SPANS = st.lists(st.tuples(st.integers(0, 120), st.integers(0, 40)), max_size=6)


def text_of(root: html.HtmlElement) -> str:
    return "".join(root.itertext())


@given(SOURCES, SPANS)
def test_marks_never_change_the_text(source: str, spans: list[tuple[int, int]]) -> None:
    places = [spot(number, start, start + length) for number, (start, length) in enumerate(spans, start=1)]
    try:
        expected, shown = marked(source), marked(source, *places)
    except InputError:
        return
    private = dict.fromkeys(range(0x10FFF0, 0x110000))
    unmarked = html.fragment_fromstring(f"<div>{expected}</div>")
    assert text_of(html.fragment_fromstring(f"<div>{shown}</div>")) == text_of(unmarked)
    assert (
        text_of(unmarked).translate(private).replace("\ufffd", "").strip()
        == text_of(parse(source)).translate(private).replace("\ufffd", "").strip()
    )


@given(SOURCES, SPANS)
def test_marks_never_yield_anything_that_runs(source: str, spans: list[tuple[int, int]]) -> None:
    places = [spot(number, start, start + length) for number, (start, length) in enumerate(spans, start=1)]
    try:
        shown = marked(source, *places)
    except InputError:
        return
    tree = html5lib.parseFragment(shown, treebuilder="etree", namespaceHTMLElements=False)
    for element in tree.iter():
        assert element.tag not in ("script", "style", "iframe", "svg", "math", "form", "object", "template")
        assert not any(name.startswith("on") or "javascript" in value for name, value in element.attrib.items())


@given(st.text(max_size=40), SPANS)
def test_a_marked_title_keeps_its_text(source: str, spans: list[tuple[int, int]]) -> None:
    places = [spot(number, start, start + length) for number, (start, length) in enumerate(spans, start=1)]
    tree = html5lib.parseFragment(mark_line(source, places).html, namespaceHTMLElements=False)
    plain = html5lib.parseFragment(mark_line(source, []).html, namespaceHTMLElements=False)
    assert "".join(tree.itertext()) == "".join(plain.itertext())
