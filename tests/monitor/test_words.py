"""Literal words: existence, substitution and the lexicon."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from syndicate.model.finding import Severity
from syndicate.model.reference import References, Vocabulary
from syndicate.model.rule import LexiconMode
from syndicate.monitor import bounds
from syndicate.monitor import monitor as monitor_module
from syndicate.monitor import words as words_module
from syndicate.monitor.compile import compile_monitor
from tests.monitor.rule_making import check, found, row, rule

TYPO = rule("lexicon", severities={"typo": "block"})
OLD = rule("lexicon", severities={"outdated": "confirm"}, outside_titles=True, not_after=["原"])


def test_a_forbidden_word_is_found() -> None:
    assert found(rule("existence", words=["甲乙"]), "丙甲乙丁") == [("甲乙", None)]


def test_a_swapped_word_comes_with_its_right_form() -> None:
    assert found(rule("substitution", swap={"布署": "部署"}), "会议布署") == [("布署", "部署")]


def test_overlapping_words_are_all_seen() -> None:
    words = rule("existence", words=["甲乙", "乙丙"])
    assert found(words, "甲乙丙") == [("甲乙", None), ("乙丙", None)]


def test_a_word_within_a_longer_one_is_covered_by_it() -> None:
    assert found(rule("existence", words=["旅游局", "国家旅游局", "游"]), "国家旅游局") == [("国家旅游局", None)]


LETTERS = st.text("甲乙丙", max_size=14)


@settings(deadline=None)
@given(LETTERS, st.sets(st.text("甲乙丙", min_size=1, max_size=4), min_size=1, max_size=6))
def test_every_word_is_told_that_does_not_lie_within_a_longer_one(text: str, words: set[str]) -> None:
    every = [(start, start + len(word)) for word in words for start in range(len(text)) if text.startswith(word, start)]
    whole = [
        (start, end)
        for start, end in every
        if not any(one <= start and end <= other and (one, other) != (start, end) for one, other in every)
    ]
    findings = check(rule("existence", words=sorted(words)), text)
    assert [(one.start, one.end) for one in findings] == sorted(whole)


@settings(deadline=None)
@given(st.text("甲乙丙丁", max_size=24), st.lists(st.text("甲乙丙丁", min_size=1, max_size=3), max_size=8))
def test_what_is_told_of_many_words_is_the_beginning_of_all_and_the_rest_is_counted(
    text: str, words: list[str]
) -> None:
    limit = 2
    rules = [
        rule("lexicon", severities={"typo": "block", "mild": "hint"}),
        rule("existence", id="b.rule", words=sorted({*words[::2], "丁"}), not_before=["丙"]),
    ]
    rows = [row(word, "子", category=("typo", "mild")[at % 2]) for at, word in enumerate(dict.fromkeys(words))]
    every = check(rules, text, *rows)
    with pytest.MonkeyPatch.context() as patch:
        for module in (bounds, words_module, monitor_module):
            patch.setattr(module, "MOST_OF_A_RULE", limit)
        told = check(rules, text, *rows)
    for one in ("a.rule", "b.rule"):
        whole, seen = ([finding for finding in findings if finding.rule == one] for findings in (every, told))
        expected = whole[:limit]
        assert [finding for finding in seen if finding in whole] == expected
        rest = [finding for finding in seen if finding not in whole]
        assert [(finding.start, finding.end) for finding in rest] == [(place.start,) * 2 for place in whole[limit:][:1]]
        assert all(f"共有 {len(whole)} 处" in finding.message for finding in rest)
        gravest = max((finding.severity.weight for finding in whole[limit:]), default=0)
        assert all(finding.severity.weight == gravest for finding in rest)


def test_one_word_of_two_rules_is_told_by_both() -> None:
    both = [rule("existence", words=["甲乙"]), rule("substitution", id="b.rule", swap={"甲乙": "丙", "甲": "丁"})]
    assert found(both, "甲乙") == [("甲乙", None), ("甲乙", "丙")]


def test_a_word_within_a_longer_one_is_told_where_the_longer_one_is_right() -> None:
    longer = rule("existence", id="b.rule", words=["甲乙丙"], not_before=["丁"])
    assert found([rule("existence", words=["乙"]), longer], "甲乙丙丁") == [("乙", None)]


def test_a_lexicon_row_gives_its_basis_and_the_severity_of_its_category() -> None:
    [finding] = check(TYPO, "会议布署", row("布署", "部署"))
    assert (finding.basis, finding.severity) == ("词典", Severity.BLOCK)


@pytest.mark.parametrize("text", ["发布署名文章", "布署"])
def test_the_exceptions_of_a_row_hold_directly_before_and_after(text: str) -> None:
    boundary = row("布署", "部署", LexiconMode.BOUNDARY, not_after=("发",), not_before=("名",))
    assert bool(found(TYPO, text, boundary)) is (text == "布署")


def test_a_wrong_form_inside_its_own_right_form_is_right() -> None:
    assert found(TYPO, "朝鲜族和鲜族", row("鲜族", "朝鲜族")) == [("鲜族", "朝鲜族")]


def test_review_rows_are_for_confirmation_and_hints_stay_hints() -> None:
    findings = check(TYPO, "甲一 乙二", row("甲一", "x", LexiconMode.REVIEW), row("乙二", "y", LexiconMode.HINT))
    assert [finding.severity for finding in findings] == [Severity.CONFIRM, Severity.HINT]


@pytest.mark.parametrize(
    ("day", "text", "wrong"),
    [
        (date(2018, 3, 20), "农业部", False),
        (date(2018, 3, 21), "农业部", True),
        (date(2030, 1, 2), "农业部", False),
        (None, "农业部", False),
        (date(2024, 6, 3), "原农业部", False),
        (date(2024, 6, 3), "《农业部关于春耕的通知》", False),
        (date(2024, 6, 3), "《通知》农业部", True),
    ],
)
def test_an_old_name_is_judged_at_the_day_and_may_stand_in_titles_and_behind_原(
    day: date | None, text: str, wrong: bool
) -> None:
    dated = row(
        "农业部",
        "农业农村部",
        LexiconMode.DATED,
        category="outdated",
        valid_from=date(2018, 3, 21),
        valid_to=date(2030, 1, 1),
    )
    assert bool(found(OLD, text, dated, day=day)) is wrong


def test_a_word_broken_by_a_tag_is_found_over_the_whole_break() -> None:
    [finding] = check(TYPO, "<p>会议布<b>署</b></p>", row("布署", "部署"), markup=True)
    assert (finding.start, finding.end, finding.text) == (5, 10, "布署")


def test_a_right_word_across_two_blocks_is_no_finding() -> None:
    assert found(TYPO, "<p>公布</p><p>署名</p>", row("布署", "部署"), markup=True) == []


@pytest.mark.parametrize(
    ("text", "is_error"),
    [("开展补偿试点", False), ("敢于偿试", True), ("补偿试", True), ("偿试点", True), ("人名国家赔偿试行", False)],
)
def test_where_two_known_words_meet_a_short_row_is_no_error(text: str, is_error: bool) -> None:
    vocabulary = Vocabulary(words=frozenset({"补偿", "国家赔偿", "试点", "试行"}))
    rules = [rule("lexicon", severities={"typo": "block"})]
    monitor = compile_monitor(rules, [row("偿试", "尝试")], References(vocabulary=vocabulary))
    assert bool(monitor.check(text, markup=False, day=None)) is is_error


def test_a_known_word_that_ends_with_the_row_explains_nothing() -> None:
    vocabulary = Vocabulary(words=frozenset({"很大", "副增"}))
    rules = [rule("lexicon", severities={"typo": "block"})]
    monitor = compile_monitor(rules, [row("大副增", "大幅增")], References(vocabulary=vocabulary))
    assert monitor.check("很大副增，", markup=False, day=None)


def test_a_long_row_is_an_error_whatever_stands_around_it() -> None:
    vocabulary = Vocabulary(words=frozenset({"大防患", "未燃烧"}))
    rules = [rule("lexicon", severities={"typo": "block"})]
    monitor = compile_monitor(rules, [row("防患未燃", "防患未然")], References(vocabulary=vocabulary))
    assert monitor.check("大防患未燃烧", markup=False, day=None)
