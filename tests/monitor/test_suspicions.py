"""Likely misspellings of common words, and phrases that one character parts from a known one."""

from __future__ import annotations

import pytest

from syndicate.model.finding import Severity
from syndicate.model.reference import Alike, References, Vocabulary
from syndicate.monitor.compile import compile_monitor
from syndicate.monitor.near import Near, Slip
from syndicate.monitor.scan import Scan
from tests.monitor.rule_making import row, rule

VOCABULARY = Vocabulary(
    words=frozenset({"稳健", "设立", "局长", "法规"}),
    idioms=("悬崖勒马",),
    names=("国家松果管理委员会", "松果保护法"),
    table="建设\t健设 件设\t见设\n问题\t\t题问\n类型\t\t",
    surnames=frozenset({"健"}),
)
ALIKE = Alike({"码": "ma", "马": "ma", "罚": "fa", "法": "fa"})


def found(check: str, text: str, **parameters: object) -> list[tuple[str, str | None, Severity]]:
    references = References(alike=ALIKE, vocabulary=VOCABULARY)
    findings = compile_monitor([rule("suspicion", check=check, **parameters)], [], references).check(
        text, markup=False, day=None
    )
    return [(finding.text, finding.suggestion, finding.severity) for finding in findings]


def test_a_sure_misspelling_is_found_with_the_right_word() -> None:
    assert found("typo", "道路健设标准") == [("健设", "建设", Severity.BLOCK)]


def test_a_doubtful_one_is_a_hint() -> None:
    assert found("typo", "主要题问") == [("题问", "问题", Severity.HINT)]


@pytest.mark.parametrize("text", ["经营稳健设想长远", "身体健设立项目", "建设"])
def test_a_known_word_over_one_of_the_characters_explains_it(text: str) -> None:
    assert found("typo", text) == []


def test_before_a_suffix_or_where_a_name_may_begin_it_is_a_hint() -> None:
    assert found("typo", "健设率", suffixes=["率"])[0][2] is Severity.HINT
    assert found("typo", "、健设国")[0][2] is Severity.HINT
    assert found("typo", "的健设国")[0][2] is Severity.BLOCK


def test_a_figure_with_its_unit_is_no_misspelling() -> None:
    vocabulary = Vocabulary(table="一件\t亿件\t")
    monitor = compile_monitor([rule("suspicion", check="typo")], [], References(vocabulary=vocabulary))
    assert monitor.check("快递5亿件", markup=False, day=None) == ()
    assert len(monitor.check("共有亿件", markup=False, day=None)) == 1


@pytest.mark.parametrize(
    ("check", "written", "right"),
    [
        ("idiom", "悬崖勒码", "悬崖勒马"),
        ("name", "国家松果管里委员会", "国家松果管理委员会"),
        ("name", "国家松果管委员会", "国家松果管理委员会"),
        ("name", "国家松果理管委员会", "国家松果管理委员会"),
        ("name", "国家松果管理委委员会", "国家松果管理委员会"),
        ("name", "国家杉果管理委员会", "国家松果管理委员会"),
        ("name", "松果保护罚", "松果保护法"),
    ],
)
def test_a_phrase_with_one_slip_is_found(check: str, written: str, right: str) -> None:
    assert found(check, f"由{written}。") == [(written, right, Severity.BLOCK)]


@pytest.mark.parametrize(
    "text",
    [
        "国家松果管理委员会",
        "全省松果管理委员会",
        "国家松果管理和委员会",
        "松果保护区",
        "松果保护罚款",
        "国家松果",
        "委员会",
    ],
)
def test_right_names_other_names_and_short_forms_are_left_alone(text: str) -> None:
    vocabulary = Vocabulary(words=frozenset({"罚款"}), names=VOCABULARY.names)
    references = References(alike=ALIKE, vocabulary=vocabulary)
    assert compile_monitor([rule("suspicion", check="name")], [], references).check(text, markup=False, day=None) == ()


def slips(text: str, *phrases: str, common: tuple[str, ...] = ()) -> list[Slip]:
    near = Near(phrases, ALIKE, common.__contains__)
    return list(near.slips(text, Scan((), near.codes).pairs(text)))


def test_an_odd_character_that_begins_another_word_is_no_slip() -> None:
    assert slips("松果保护罚", "松果保护法") == [Slip(0, 5, "松果保护法")]


def test_halves_that_stand_everywhere_are_not_looked_for() -> None:
    assert slips("悬崖勒码", "悬崖勒马", common=("悬崖", "崖勒")) == []


def test_a_slip_behind_a_half_that_stands_everywhere_is_found_by_the_middle() -> None:
    assert slips("悬崖勒码", "悬崖勒马", common=("悬崖",)) == [Slip(0, 4, "悬崖勒马")]
    assert slips("码到成功", "马到成功", common=("成功",)) == [Slip(0, 4, "马到成功")]


@pytest.mark.parametrize("text", ["崖勒码", "悬崖勒", "悬崖勒猫", "高崖勒码", "悬崖勒马"])
def test_the_middle_alone_is_no_slip(text: str) -> None:
    assert slips(text, "悬崖勒马", common=("悬崖",)) == []


@pytest.mark.parametrize("words", [{"悬崖", "勒码"}, {"悬崖勒"}, {"悬崖勒码"}, {"码头"}])
def test_what_is_made_of_known_words_is_no_slip(words: set[str]) -> None:
    vocabulary = Vocabulary(words=frozenset(words), idioms=("悬崖勒马",))
    monitor = compile_monitor([rule("suspicion", check="idiom")], [], References(alike=ALIKE, vocabulary=vocabulary))
    assert monitor.check("悬崖勒码头", markup=False, day=None) == ()


def test_a_first_character_whose_rest_is_a_word_is_no_slip() -> None:
    vocabulary = Vocabulary(words=frozenset({"到成功"}), idioms=("马到成功",))
    monitor = compile_monitor([rule("suspicion", check="idiom")], [], References(alike=ALIKE, vocabulary=vocabulary))
    assert monitor.check("码到成功", markup=False, day=None) == ()


def test_a_long_half_is_found_by_two_characters_that_are_no_common_word() -> None:
    assert slips("在全国代表勒码上", "全国代表勒马", common=("全国", "代表")) == [Slip(1, 7, "全国代表勒马")]


def test_a_long_half_that_only_ends_rightly_at_the_very_beginning_is_none() -> None:
    assert slips("国代表勒码", "全国代表勒马", common=("全国", "代表")) == []


def test_without_phrases_nothing_is_found() -> None:
    assert slips("悬崖勒码") == []


def test_the_meant_word_is_told_from_the_table() -> None:
    assert VOCABULARY.meant("见设") == ("建设", False)
    assert VOCABULARY.common == {"建设", "问题", "类型"}


def test_what_stands_again_and_again_is_a_term_of_the_text() -> None:
    twice = "的健设标准和健设程序"
    assert [one[2] for one in found("typo", twice)] == [Severity.HINT, Severity.HINT]
    assert [one[2] for one in found("typo", f"{twice}，建设，建设，建设")] == [Severity.BLOCK, Severity.BLOCK]


def test_another_verb_with_the_same_complement_is_a_hint() -> None:
    vocabulary = Vocabulary(table="铸牢\t筑牢\t\n落实\t落石\t")
    one = rule("suspicion", check="typo", complements=["牢", "石"])
    monitor = compile_monitor([one], [], References(vocabulary=vocabulary))
    found = [(hit.text, hit.severity) for hit in monitor.check("要筑牢防线，要落石到位", markup=False, day=None)]
    assert found == [("筑牢", Severity.HINT), ("落石", Severity.BLOCK)]


def test_where_a_row_of_the_lexicon_knows_the_error_the_suspicion_is_not_told_too() -> None:
    rules = [rule("suspicion", id="a.doubt", check="typo"), rule("lexicon", id="b.word", severities={"typo": "block"})]
    monitor = compile_monitor(rules, [row("健设厅", "建设厅")], References(alike=ALIKE, vocabulary=VOCABULARY))
    assert [one.rule for one in monitor.check("省健设厅", markup=False, day=None)] == ["b.word"]
    assert [one.rule for one in monitor.check("省健设厅，要健设好", markup=False, day=None)] == ["b.word", "a.doubt"]
