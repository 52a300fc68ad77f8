"""Administrative divisions: who lies in whom, since when, and names that are nearly right."""

from __future__ import annotations

from datetime import date

import pytest

from syndicate.model.finding import Severity
from syndicate.model.reference import Alike, Division, References
from syndicate.monitor.compile import compile_monitor
from tests.monitor.rule_making import rule

CHANGE = date(2019, 1, 1)
DIVISIONS = (
    Division("甲东省", "", ""),
    Division("乙西自治区", "", ""),
    Division("甲东省", "松山市", ""),
    Division("甲东省", "柏川市", ""),
    Division("甲东省", "无县市", ""),
    Division("乙西自治区", "枫林州", ""),
    Division("甲东省", "松山市", "清溪县"),
    Division("甲东省", "柏川市", "石桥县"),
    Division("甲东省", "柏川市", "新城区"),
    Division("乙西自治区", "枫林州", "石桥县"),
    Division("甲东省", "", "直管市"),
    Division("甲东省", "松山市", "迁移县", None, CHANGE),
    Division("甲东省", "柏川市", "迁移县", CHANGE, None),
)
ALIKE = Alike({"清": "qing", "青": "qing"})
REFERENCES = References(divisions=DIVISIONS, alike=ALIKE)


def found(
    check: str, text: str, day: date | None = None, **parameters: object
) -> list[tuple[str, str | None, Severity]]:
    made = rule("region", check=check, **parameters)
    findings = compile_monitor([made], [], REFERENCES).check(text, markup=False, day=day)
    return [(finding.text, finding.suggestion, finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("柏川市清溪县", "松山市清溪县"),
        ("甲东省柏川市清溪县", "甲东省松山市清溪县"),
        ("乙西自治区松山市清溪县", "甲东省松山市清溪县"),
        ("乙西自治区直管市", "甲东省直管市"),
        ("松山市石桥县", None),
        ("甲东省松山市石桥县", "甲东省柏川市石桥县"),
    ],
)
def test_a_division_under_the_wrong_parent_is_found_with_its_home(text: str, right: str | None) -> None:
    assert found("hierarchy", f"调研组来到{text}考察。") == [(text, right, Severity.BLOCK)]


@pytest.mark.parametrize(
    "text",
    [
        "甲东省松山市清溪县",
        "甲东省清溪县",
        "甲东省直管市",
        "乙西自治区石桥县",
        "甲东省、乙西自治区",
        "清溪县松山市",
        "无县市清溪县",
        "原柏川市清溪县",
        "松山市和石桥县",
    ],
)
def test_right_open_and_former_places_are_left_alone(text: str) -> None:
    assert found("hierarchy", text) == []


def test_the_short_form_of_a_province_counts() -> None:
    assert found("hierarchy", "甲东松山市清溪县、甲东枫林州") == [("甲东枫林州", "乙西自治区枫林州", Severity.BLOCK)]


def test_a_division_that_moved_is_judged_at_the_date_and_only_hinted_at() -> None:
    assert found("hierarchy", "松山市迁移县", date(2018, 6, 1)) == []
    assert found("hierarchy", "松山市迁移县") == []
    assert found("hierarchy", "松山市迁移县", date(2024, 6, 1)) == [("松山市迁移县", "柏川市迁移县", Severity.HINT)]


def test_before_the_table_begins_a_mismatch_is_a_hint() -> None:
    [(_, _, severity)] = found("hierarchy", "柏川市清溪县", date(2000, 1, 1), since="2015-09-30")
    assert severity is Severity.HINT


def test_generic_names_are_not_judged() -> None:
    assert found("hierarchy", "松山市新城区", generic=["新城区"]) == []
    assert len(found("hierarchy", "松山市新城区")) == 1


def test_a_name_that_sounds_like_a_division_of_its_parent_is_misspelt() -> None:
    assert found("spelling", "松山市青溪县") == [("青溪县", "清溪县", Severity.BLOCK)]


def test_a_name_that_only_differs_in_one_character_is_a_hint() -> None:
    assert found("spelling", "松山市大溪县") == [("大溪县", "清溪县", Severity.HINT)]


@pytest.mark.parametrize("text", ["松山市石桥县", "松山市大河县", "松山市溪县", "青溪县", "松山市清溪县委大县"])
def test_known_and_quite_different_names_are_no_misspelling(text: str) -> None:
    assert found("spelling", text) == []


def test_without_a_table_the_rules_are_silent() -> None:
    monitor = compile_monitor([rule("region", check="hierarchy"), rule("region", id="b.b", check="spelling")], [])
    assert monitor.check("松山市石桥县", markup=False, day=None) == ()


def test_a_day_that_is_none_is_a_mistake_of_the_rule() -> None:
    with pytest.raises(Exception, match="不是日期"):
        found("hierarchy", "", since="2015-13-01")
