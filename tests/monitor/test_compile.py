"""Compiling: every mistake at once, each with file and line."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.errors import ConfigurationError
from syndicate.model.rule import LexiconEntry, LexiconMode, RuleSpec
from syndicate.monitor.compile import compile_monitor
from tests.monitor.rule_making import found, row, rule


def mistakes(*rules: RuleSpec, rows: tuple[LexiconEntry, ...] = ()) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        compile_monitor(rules, rows)
    assert str(caught.value)
    return [problem.message.key.removeprefix("monitor.") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("wrong", "keys"),
    [
        (rule("unknown"), ["kind"]),
        (rule("existence"), ["parameter_missing"]),
        (rule("existence", words=[]), ["parameter_list"]),
        (rule("existence", words=[1]), ["parameter_list"]),
        (rule("existence", words=["x"], other=1), ["parameter_unknown"]),
        (rule("existence", words=["x"], outside_titles="yes"), ["parameter_flag"]),
        (rule("substitution", swap={"a": 1}), ["parameter_mapping"]),
        (rule("lexicon", severities={"typo": "worse"}), ["parameter_choice"]),
        (rule("regex", pattern="("), ["pattern"]),
        (rule("regex", pattern="x*"), ["pattern_empty"]),
        (rule("regex", pattern=1), ["parameter_text"]),
        (rule("regex", pattern="x", timeout=0), ["parameter_number"]),
        (rule("regex", pattern="x", suggestion="{y}"), ["suggestion_slot"]),
        (rule("regex", pattern="x", suggestion="{"), ["suggestion_slot"]),
        (rule("regex", pattern="x", outside=["moon"]), ["parameter_choice"]),
        (rule("pii", datum="shoe"), ["parameter_choice"]),
        (rule("pii", datum="mobile", published_severity="worse"), ["parameter_choice"]),
        (rule("dates"), ["parameter_missing"]),
        (rule("pairs", marks=["（"]), ["pair"]),
        (rule("punctuation", check="half_width", swap={"ab": "c"}), ["mark"]),
        (rule("punctuation", check="doubled"), ["parameter_missing"]),
        (rule("level_markers", check="form"), ["parameter_missing"]),
        (rule("characters", wrong="ab", right="c"), ["characters"]),
        (rule("existence", words=["x"], message="{other}"), ["message_slot", "message_slot"]),
        (rule("existence", words=["x"], message="{text.real}"), ["message_slot", "message_slot"]),
        (rule("existence", words=["x"], bad=("y",)), ["example_bad"]),
        (rule("existence", words=["x"], good=("x",)), ["example_good"]),
        (rule("regex", pattern="(?:x|xx|xxx)*[yz]", timeout=0.01, good=("x" * 60,)), ["example_timeout"]),
    ],
)
def test_a_wrong_rule_is_refused(wrong: RuleSpec, keys: list[str]) -> None:
    assert mistakes(wrong) == keys


def test_all_mistakes_are_told_at_once_with_file_and_line() -> None:
    with pytest.raises(ConfigurationError) as caught:
        compile_monitor([rule("unknown"), rule("regex", id="b.rule", pattern="(", where="other.yaml:12")], [])
    assert [(problem.file, problem.line) for problem in caught.value.problems] == [
        ("rules.yaml", 7),
        ("other.yaml", 12),
    ]


def test_a_rule_id_is_used_once() -> None:
    assert mistakes(rule("existence", words=["x"]), rule("existence", words=["y"])) == ["duplicate_rule"]


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        (row("a", "b", category="other"), "category"),
        (row(" ", "b"), "row_empty"),
        (row("a", "a"), "row_empty"),
        (row("a", "b", LexiconMode.DATED), "row_undated"),
        (row("a", "b", valid_from=date(2024, 1, 2), valid_to=date(2024, 1, 1)), "row_period"),
    ],
)
def test_a_wrong_lexicon_row_is_refused(wrong: LexiconEntry, key: str) -> None:
    assert mistakes(rule("lexicon", severities={"typo": "block"}), rows=(wrong,)) == [key]


def test_a_place_without_a_line_is_told_as_it_is() -> None:
    with pytest.raises(ConfigurationError) as caught:
        compile_monitor([rule("unknown", where="somewhere")], [])
    assert (caught.value.problems[0].file, caught.value.problems[0].line) == ("somewhere", 0)


def test_a_rule_that_is_switched_off_is_proved_but_silent() -> None:
    off = rule("existence", words=["x"], bad=("x",), enforced=False)
    assert found(off, "x") == []


def test_an_example_may_name_its_day() -> None:
    dated = rule(
        "dates", check="weekday", bad=("@2024-06-01 6月15日（周五）",), good=("6月15日（周五）", "@x 6月15日（周五）")
    )
    assert compile_monitor([dated], []).rules == (dated,)


@pytest.mark.parametrize(
    ("day", "hits"), [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), (date(2024, 6, 2), 0), (None, 0)]
)
def test_a_rule_holds_within_its_dates(day: date | None, hits: int) -> None:
    dated = rule("existence", words=["x"], valid_from=date(2024, 1, 1), valid_to=date(2024, 6, 1))
    assert len(found(dated, "x", day=day)) == hits
