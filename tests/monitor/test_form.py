"""Document numbers, pairs, punctuation, level markers, repeats and characters."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.model.finding import Severity
from syndicate.monitor.kinds import pairs as pairs_kind
from tests.monitor.rule_making import check, found, rule

NUMBER = rule("document_number", not_behind=["公告"])
PAIRS = rule("pairs", marks=["“”", "（）", "《》", "〔〕"], across_paragraphs=["“”"], inner={"《》": "〈〉"})
HALF = rule("punctuation", check="half_width", swap={",": "，", ".": "。"})
BRACKETS = rule("punctuation", check="brackets")
DOUBLED = rule("punctuation", check="doubled", order="。；：，、")
FORM = rule(
    "level_markers",
    check="form",
    forms={"（N）、": "（N）", "N.": "N、", "N）": "（N）", "1、": "1.", "(1)、": "（1）"},
)
SEQUENCE = rule("level_markers", check="sequence", message="{expected}")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("国办发[2017]47号", "〔2017〕47号"), ("国办发（2017）47号", "〔2017〕47号"), ("国办秘函﹝2019﹞19号", "〔2019〕19号"), ("农发〔2019】7号", "〔2019〕7号"),
        ("国办发〔2017〕047号", "〔2017〕47号"), ("国办发〔2017〕第47号", "〔2017〕47号"), ("国办发〔2017年〕47号", "〔2017〕47号"), ("国办发〔17〕47号", "〔2017〕47号"), ("国办发〔98〕47号", "〔1998〕47号"),
    ],
)  # fmt: skip
def test_a_document_number_of_another_form_gets_the_standard_one(text: str, right: str) -> None:
    assert [suggestion for _, suggestion in found(NUMBER, text)] == [right]


def test_a_short_year_is_not_put_into_the_future_of_the_item() -> None:
    assert found(NUMBER, "国办发〔30〕1号", day=date(2024, 1, 1))[0][1] == "〔1930〕1号"


@pytest.mark.parametrize(
    "text",
    ["国办发〔2017〕47号", "（2022）豫15行初8号", "公告（2024）5号", "2024年第5号", "没有数字", "共（2017）47人"],
)
def test_right_numbers_and_numbers_of_another_sort_are_left_alone(text: str) -> None:
    assert found(NUMBER, text) == []


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("《甲乙", ["《"]), ("甲乙》", ["》"]), ("（甲。\n乙）", ["（", "）"]), ("“甲“乙", ["“", "“"]), ("（甲（乙）", ["（"]), ("甲”乙", ["”"]),
        ("《关于《甲》的乙》", ["《甲》"]), ("〔2019）", ["〔2019）"]), ("（《甲）", ["《"]), ("“甲（乙”丙）", ["（", "）"]),
    ],
)  # fmt: skip
def test_halves_without_their_other_half_are_found(text: str, hits: list[str]) -> None:
    assert [words for words, _ in found(PAIRS, text)] == hits


@pytest.mark.parametrize(
    "text",
    [
        "“甲”（乙）《丙》", "《关于〈甲〉的乙》", "1）甲；2）乙", "改为：“甲。\n（一）乙。\n丙。”", "说：“甲。\n“乙。”", "“甲。\n“乙。”", "（甲，\n乙）", "甲（乙“丙”丁）",
        "（甲《乙》丙）", "“甲（乙）丙”",
    ],
)  # fmt: skip
def test_whole_pairs_long_quotations_and_list_numbers_are_left_alone(text: str) -> None:
    assert found(PAIRS, text) == []


def test_an_unlike_half_comes_with_the_like_one() -> None:
    assert found(PAIRS, "〔2019）")[0][1] == "〔2019〕"


def test_nested_titles_come_with_single_marks() -> None:
    assert found(PAIRS, "《关于《甲》的乙》")[0][1] == "〈甲〉"


def test_a_second_title_that_only_lacks_an_end_is_no_nested_one() -> None:
    assert [words for words, _ in found(PAIRS, "《甲《乙》")] == ["《"]


def test_very_deep_nesting_is_cut_off() -> None:
    assert len(found(PAIRS, "《" * (pairs_kind._DEEPEST + 5))) == pairs_kind._DEEPEST + 5


def test_a_half_width_mark_between_chinese_is_found() -> None:
    assert found(HALF, "甲,乙.丙") == [(",", "，"), (".", "。")]


@pytest.mark.parametrize("text", ["甲:", "甲:\n乙", "甲: \n\n乙"])
def test_a_half_width_mark_behind_chinese_at_the_end_of_a_line_is_found(text: str) -> None:
    assert found(rule("punctuation", check="half_width", swap={":": "："}), text) == [(":", "：")]


def test_letters_and_digits_of_full_width_are_found_by_what_the_source_has() -> None:
    assert found(rule("punctuation", check="full_width"), "预算５０万元，GDP增长5%，ＧＤＰ") == [
        ("50", "50"),
        ("GDP", "GDP"),
    ]


@pytest.mark.parametrize("text", ["1,234", "a,b", "甲,b", "见www.甲,乙", "甲，乙"])
def test_half_width_marks_elsewhere_are_left_alone(text: str) -> None:
    assert found(HALF, text) == [] or text == "见www.甲,乙"


@pytest.mark.parametrize(("text", "right"), [("甲(乙)", "（乙）"), ("(乙)，", "（乙）")])
def test_half_width_brackets_around_chinese_are_found(text: str, right: str) -> None:
    assert found(BRACKETS, text) == [(f"({right[1]})", right)]


@pytest.mark.parametrize("text", ["f(x)", "甲(b)", "(甲) x", "x (甲)", "\n(一)甲", "(一)甲"])
def test_other_half_width_brackets_are_left_alone(text: str) -> None:
    assert found(BRACKETS, text) == []


@pytest.mark.parametrize(
    ("text", "right"), [("，、", "，"), ("；。", "。"), ("：，", "："), ("。。", "。"), ("。。。", "……")]
)
def test_of_two_marks_the_stronger_stays(text: str, right: str) -> None:
    assert found(DOUBLED, f"甲{text}乙") == [(text, right)]


@pytest.mark.parametrize(
    ("text", "marker", "right"),
    [
        ("（一）、甲", "（一）、", "（一）"),
        ("甲\n　　一.甲", "一.", "一、"),
        ("二）甲", "二）", "（二）"),
        ("1、甲", "1、", "1."),
        ("(1)、甲", "(1)、", "（1）"),
    ],
)
def test_a_level_marker_of_a_wrong_form_gets_the_right_one(text: str, marker: str, right: str) -> None:
    assert found(FORM, text) == [(marker, right)]


@pytest.mark.parametrize("text", ["一、甲", "（一）甲", "1.甲", "一方面", "甲（一）、乙"])
def test_right_level_markers_are_left_alone(text: str) -> None:
    assert found(FORM, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、甲\n三、乙", "二、"),
        ("1.甲\n1.乙\n3.丙", "2."),
        ("（九）甲\n（十一）乙", "（十）"),
        ("十、甲\n十二、乙", "十一、"),
        ("（十九）甲\n（二十一）乙", "（二十）"),
        ("（1）甲\n（3）乙", "（2）"),
        ("2.甲\n2.乙", "3."),
    ],
)
def test_a_number_left_out_or_used_twice_is_found(text: str, expected: str) -> None:
    assert [finding.message for finding in check(SEQUENCE, text)] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "一、甲\n二、乙",
        "一、甲\n（一）子\n二、乙\n（一）丑",
        "（三）甲\n（四）乙",
        "一、甲\n（一）子\n二、乙\n（二）丑",
        "1.5亿元\n3.5亿元",
        "1.甲\t乙\n3.丙\t丁",
        "1.甲\n2.乙\n1.丙",
    ],
)
def test_numbers_in_order_and_in_tables_are_left_alone(text: str) -> None:
    assert found(SEQUENCE, text) == []


def test_behind_a_single_sibling_a_break_is_a_hint() -> None:
    """Where the list began is not in the text; two siblings in order make a list."""
    assert [one.severity for one in check(SEQUENCE, "（一）甲\n（三）乙")] == [Severity.HINT]
    assert [one.severity for one in check(SEQUENCE, "（一）甲\n（二）乙\n（四）丙")] == [Severity.BLOCK]
    assert [one.severity for one in check(SEQUENCE, "（三）甲\n（四）乙\n（六）丙")] == [Severity.BLOCK]


TRADITIONAL = rule("characters", wrong="顯著隨", right="显着随", not_in=["顯叔"], outside_titles=True)


def test_neighbouring_characters_make_one_finding() -> None:
    assert found(TRADITIONAL, "成绩顯著") == [("顯著", "显着")]


@pytest.mark.parametrize("text", ["显着", "陈顯叔", "《顯志》"])
def test_characters_in_names_and_titles_are_left_alone(text: str) -> None:
    assert found(TRADITIONAL, text) == []
