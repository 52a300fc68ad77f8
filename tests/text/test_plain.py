"""Plain text and its map: what is joined, what stays apart, and where each character came from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.mapping import Mapped
from syndicate.text.plain import from_html, from_text


def source_of(mapped: Mapped, source: str, words: str) -> str:
    start = mapped.text.index(words)
    begin, end = mapped.span(start, start + len(words))
    return source[begin:end]


@pytest.mark.parametrize(
    "broken",
    [
        "部 署",
        "部\u3000署",
        "部\xa0署",
        "部\u00ad署",
        "部\u200b署",
        "部\ufeff署",
        "工作要部\n署到位，",
        "工作要部\n　　署到位，",
        "要部\r\n署，",
    ],
)
def test_a_word_broken_by_a_blank_an_invisible_character_or_a_soft_line_end_reads_whole(broken: str) -> None:
    assert "部署" in from_text(broken).text


@pytest.mark.parametrize(
    "source",
    [
        "检查\n\n院内公示，",
        "检查\t院内",
        "检查。\n院内公示，",
        "检查\n一、院内公示，",
        "检查\n院内公示",
        "检查  院内",
        "| 检查\n院内 | 公示，",
    ],
)
def test_words_on_both_sides_of_a_hard_break_stay_apart(source: str) -> None:
    assert "检查院" not in from_text(source).text


def test_the_span_of_a_broken_word_covers_what_breaks_it() -> None:
    source = "会议要部\u00ad署工作"
    assert source_of(from_text(source), source, "部署") == "部\u00ad署"


def test_full_width_letters_and_digits_become_half_width_in_place() -> None:
    mapped = from_text("ＩＤ１２３号，")
    assert mapped.text == "ID123号，"
    assert mapped.span(2, 5) == (2, 5)


def test_a_lone_surrogate_becomes_a_replacement_character() -> None:
    assert from_text("通\ud800知").text == "通\ufffd知"


@pytest.mark.parametrize(
    "source",
    [
        "<p>部<b>署</b></p>",
        "部&#32626;",
        "部&#x7F72;",
        "部<!-- x -->署",
        "部<a name='a>b'></a>署",
        "部\n  署",
        "部&shy;署",
        "部<wbr>署",
    ],
)
def test_markup_inside_a_word_does_not_break_it(source: str) -> None:
    assert "部署" in from_html(source).text


@pytest.mark.parametrize(
    "source", ["<p>部</p><p>署</p>", "<td>部</td><td>署</td>", "<li>部<li>署", "部<hr>署", "<h1>部</h1>署"]
)
def test_blocks_and_cells_keep_words_apart(source: str) -> None:
    assert "部署" not in from_html(source).text


@pytest.mark.parametrize(
    "source",
    [
        "<script>部署</script>",
        "<style>部署</style>",
        "<!-- 部署 -->",
        "<p title='部署'></p>",
        "<SCRIPT>部署</SCRIPT >",
        "<!部署>",
        "<?部署?>",
        "<script>部署",
    ],
)
def test_what_a_reader_does_not_see_is_no_text(source: str) -> None:
    assert "部署" not in from_html(source).text


def test_text_goes_on_behind_a_dropped_element() -> None:
    assert from_html("甲<script>x</scripty></script>乙<svg/>丙").text == "甲乙丙"


@pytest.mark.parametrize("source", ["a < b", "a & b", "1<2", "AT&T", "&unknown;", "a <", "<", "a </", "<p"])
def test_signs_that_begin_no_markup_are_text(source: str) -> None:
    assert from_html(source).text == source


def test_the_span_of_a_reference_is_the_whole_reference() -> None:
    source = "甲&amp;乙"
    assert source_of(from_html(source), source, "&") == "&amp;"


def test_the_span_of_a_word_cut_by_tags_reaches_from_its_first_to_its_last_character() -> None:
    source = "<p>布<b>署</b>工作</p>"
    assert source_of(from_html(source), source, "布署") == "布<b>署"


def test_a_quoted_greater_than_does_not_end_a_tag() -> None:
    assert from_html('<a title="a>b">字</a>').text == "字"


def test_a_quote_that_hides_the_last_end_of_a_tag_takes_the_rest() -> None:
    assert from_html("甲<a b='>' c").text == "甲"


def test_spans_are_taken_out_again_and_again() -> None:
    mapped = from_html("<p>甲&amp;乙 丙</p>丁").without([(0, 2), (3, 4)])
    assert mapped.text == "甲乙丙\n\n丁"
    assert mapped.span(1, 2) == (9, 10)
    assert mapped.is_joined(0, 2)


def test_an_unclosed_quote_is_no_quote() -> None:
    assert from_html('<a title="a>字</a>').text == "字"


def test_an_empty_span_is_empty_in_the_source() -> None:
    assert from_text("甲乙").span(1, 1) == (1, 1)
    assert from_text("").span(0, 0) == (0, 0)


@given(st.text(max_size=200), st.booleans())
def test_every_span_lies_in_the_source_and_spans_are_in_order(source: str, markup: bool) -> None:
    mapped = from_html(source) if markup else from_text(source)
    last = 0
    for position in range(len(mapped.text)):
        begin, end = mapped.span(position, position + 1)
        assert last <= begin <= end <= len(source)
        last = begin


@given(
    st.lists(
        st.sampled_from(
            ["<", ">", "&", '"', "'", "=", "/", "!", "--", "p", "script", "部", " ", "#", "x", ";", "\n", "\xad"]
        )
    )
)
def test_any_markup_is_read_without_failing(pieces: list[str]) -> None:
    source = "".join(pieces)
    mapped = from_html(source)
    assert mapped.span(0, len(mapped.text))[1] <= len(source)


@pytest.mark.parametrize(
    "piece", ["<", "<a ", '<a b="', "<a '", "<!--", "&", "&#", "</", "<script>", "《", "部\n", "部 ", "\xad", "<a b='>"]
)
def test_hostile_repetition_costs_no_more_than_its_length(piece: str) -> None:
    source = piece * (40_000 // len(piece))
    begun = time.monotonic()
    from_html(source)
    from_text(source)
    assert time.monotonic() - begun < 5
