"""Names, titles and ranks against the office's own table. All people are invented."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.model.finding import Severity
from syndicate.model.reference import Alike, Person, References
from syndicate.monitor.compile import compile_monitor
from tests.monitor.rule_making import rule

DAY = date(2024, 6, 1)
PEOPLE = (
    Person("甲示例", "县长", 1, "p:1", date(2024, 1, 1)),
    Person("甲示例", "局长", 9, "p:2", None, date(2023, 12, 31)),
    Person("乙样本", "副县长", 2, "p:3"),
    Person("丙样本", "局长", 3, "p:4", date(2024, 1, 1)),
)
ALIKE = Alike({"示": "shi", "世": "shi"}, {"本": "木", "木": "本"})
REFERENCES = References(people=PEOPLE, alike=ALIKE)


def found(check: str, text: str, day: date | None = DAY, **parameters: object) -> list[tuple[str, str | None, str]]:
    made = rule("people", check=check, **parameters)
    findings = compile_monitor([made], [], REFERENCES).check(text, markup=False, day=day)
    return [(finding.text, finding.suggestion, finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("text", "wrong", "right"), [("县长甲世例讲话", "甲世例", "甲示例"), ("乙样木副县长出席", "乙样木", "乙样本")]
)
def test_a_wrong_character_in_a_name_beside_a_title_is_an_error(text: str, wrong: str, right: str) -> None:
    assert found("name", text) == [(wrong, right, Severity.BLOCK)]


def test_without_a_title_it_is_a_hint() -> None:
    assert found("name", "参加的有甲世例等") == [("甲世例", "甲示例", Severity.HINT)]


@pytest.mark.parametrize("text", ["县长甲示例", "甲大例", "示例", "样", ""])
def test_right_and_quite_other_names_are_left_alone(text: str) -> None:
    assert found("name", text) == []


@pytest.mark.parametrize("text", ["局长甲示例讲话", "甲示例局长讲话", "副县长甲示例讲话"])
def test_a_title_that_the_person_does_not_hold_at_the_date_is_found(text: str) -> None:
    assert len(found("title", text)) == 1


def test_the_title_is_judged_at_the_date_of_the_item() -> None:
    assert found("title", "局长甲示例", date(2023, 6, 1)) == []
    assert found("title", "局长甲示例", None) == []


@pytest.mark.parametrize("text", ["县长甲示例", "原局长甲示例", "县长、局长", "局长，甲示例"])
def test_right_former_and_separate_titles_are_left_alone(text: str) -> None:
    assert found("title", text, former=["原"]) == []


@pytest.mark.parametrize("text", ["乙样本、甲示例出席", "副县长乙样本，县长甲示例出席", "乙样本、甲示例、丙样本"])
def test_a_list_against_the_ranks_is_found_with_the_right_order(text: str) -> None:
    [(_, right, _)] = found("order", text)
    assert right is not None
    assert right.startswith("甲示例、乙样本")


@pytest.mark.parametrize(
    "text", ["甲示例、乙样本、丙样本", "乙样本陪同甲示例", "乙样本。甲示例", "乙样本" + "、" * 70 + "甲示例"]
)
def test_lists_in_order_and_names_in_sentences_are_left_alone(text: str) -> None:
    assert found("order", text) == []


def test_people_without_a_rank_at_the_date_are_not_ordered() -> None:
    assert found("order", "丙样本、甲示例", date(1990, 1, 1)) == []
    assert found("order", "乙样本、甲示例", None) == []


def test_an_empty_table_makes_the_rules_silent() -> None:
    rules = [rule("people", id=f"a.{check}", check=check) for check in ("name", "title", "order")]
    assert compile_monitor(rules, []).check("乙样本、甲示例", markup=False, day=DAY) == ()


def test_a_change_of_the_table_changes_the_hash_of_the_monitor() -> None:
    assert compile_monitor([], [], REFERENCES).hash != compile_monitor([], [], References(people=PEOPLE[:1])).hash
