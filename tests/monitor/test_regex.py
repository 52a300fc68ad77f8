"""Regular expressions as rules."""

from __future__ import annotations

from syndicate.model.finding import Severity
from tests.monitor.rule_making import check, found, rule


def test_a_suggestion_is_filled_from_the_groups() -> None:
    years = rule("regex", pattern=r"(?P<year>\d{2})年(?P<rest>底)?", suggestion="20{year}年{rest}")
    assert found(years, "24年底，25年") == [("24年底", "2024年底"), ("25年", "2025年")]


def test_a_group_named_found_narrows_the_finding() -> None:
    assert found(rule("regex", pattern="住址：(?P<found>..)"), "住址：甲乙丙") == [("甲乙", None)]


def test_a_pattern_is_only_tried_where_a_literal_occurs() -> None:
    assert found(rule("regex", pattern=".", literals=["乙"]), "甲") == []


def test_titles_and_addresses_can_be_left_out() -> None:
    outside = rule("regex", pattern="[a甲]", outside=["title", "address"])
    assert found(outside, "《甲》http://a.example 甲") == [("甲", None)]


def test_a_pattern_that_takes_too_long_says_so_instead_of_being_silent() -> None:
    slow = rule("regex", pattern=r"(?:x|xx|xxx)*[yz]", timeout=0.01)
    [finding] = check(slow, "x" * 60)
    assert finding.severity is Severity.CONFIRM
    assert "a.rule" in finding.message
