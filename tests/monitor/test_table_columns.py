"""Columns that must not stand unmasked, and figures that a table and a text give differently."""

from __future__ import annotations

import pytest

from syndicate.model.finding import Severity
from tests.monitor.rule_making import check, found, rule

COLUMNS = rule("table", heads=["身份证", "住址"], message="{head} {count} {text}")
SAME = rule("arithmetic", check="same", severity=Severity.CONFIRM)


def test_a_column_gives_one_finding_that_counts_and_masks() -> None:
    [finding] = check(COLUMNS, "姓名\t身份证号\n张甲\t110105\n李乙\t110106\n王丙\t1***6")
    assert (finding.message, finding.text) == ("身份证号 2 1*****", "1*****")


def test_the_head_may_stand_below_a_caption() -> None:
    assert [one.text for one in check(COLUMNS, "附表\t单位：人\n姓名\t身份证号\n张甲\t123")] == ["1**"]


def test_every_column_with_such_a_head_is_read() -> None:
    table = "姓 名 | 身 份 证 号 | 家庭住址\n张甲 | 123 | 河东村"
    assert [one.text for one in check(COLUMNS, table)] == ["1**", "河**"]


@pytest.mark.parametrize("head", ["身 份 证 号", "身　份　证", "居民身份证号码（必填）"])
def test_a_head_may_be_written_with_blanks_and_more_words(head: str) -> None:
    assert [one.text for one in check(COLUMNS, f"姓名\t{head}\n张甲\t123")] == ["1**"]


def test_a_table_in_markup_is_read() -> None:
    rows = "<tr><td>姓名</td><td>住址</td></tr><tr><td>张甲</td><td>河东村</td></tr>"
    assert [one.text for one in check(COLUMNS, f"<table>{rows}</table>", markup=True)] == ["河**"]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("姓名\t住址\n张甲\t河东村**号\n李乙\t某村", id="masked"),
        pytest.param("姓名\t住址\n张甲\t—\n李乙\t无\n王丙\t", id="nothing"),
        pytest.param("姓名\t单位\n张甲\t河东村", id="another head"),
        pytest.param("姓名\t请在此处填写申请人本人的身份证号码和姓名\n张甲\t一", id="a head that is a sentence"),
        pytest.param("身份证号由本人填写。", id="no table"),
        pytest.param("姓名\t身份证号\n张甲", id="a row that lacks the column"),
    ],
)
def test_what_is_masked_or_no_such_column_is_left_alone(text: str) -> None:
    assert check(COLUMNS, text) == ()


def test_values_narrows_what_counts() -> None:
    numbers = rule("table", heads=["证号"], values="[0-9]{4,}")
    assert found(numbers, "姓名\t证号\n张甲\t甲乙\n李乙\t12 34") == [("1****", None)]


def test_rows_says_how_many_make_a_finding() -> None:
    assert check(rule("table", heads=["住址"], rows=2), "姓名\t住址\n张甲\t河东村") == ()


def test_values_that_take_too_long_are_left_to_a_person() -> None:
    slow = rule("table", heads=["证号"], values="(?:x|xx|xxx)*[yz]")
    assert len(check(slow, "姓名\t证号\n张甲\t" + "x" * 60)) == 1


@pytest.mark.parametrize(
    "table",
    [
        "指标\t数值\n项目总投资（万元）\t1520",
        "序号\t指标\t数值\n1\t项目总投资（万元）\t1,520",
        "指标 | 数值\n项目总投资 | 1520万元",
        "指标\t数值\n项目总投资（亿元）\t1250",
    ],
)
def test_a_figure_of_the_text_that_the_table_gives_differently_is_found(table: str) -> None:
    [finding] = check(SAME, f"项目总投资1250万元。\n{table}\n完")
    assert finding.severity is Severity.CONFIRM


@pytest.mark.parametrize(
    "table",
    [
        pytest.param("指标\t数值\n项目总投资（万元）\t1250", id="the same"),
        pytest.param("指标\t数值\n项目总投资（亿元）\t0.13", id="the same, rounded"),
        pytest.param("指标\t数值\n项目总投资（万元）\t980", id="no slip of the pen"),
        pytest.param("指标\t一期\t二期\n项目总投资（万元）\t1520\t1350", id="more than one figure"),
        pytest.param("指标\t数值\n项目总投资\t1520", id="no unit"),
        pytest.param("指标\t数值\n其中：总投资（万元）\t1520", id="another name"),
        pytest.param("指标\t数值\n项目总投资（万元）\t约1520", id="vague"),
    ],
)
def test_figures_that_agree_or_are_not_of_one_thing_are_left_alone(table: str) -> None:
    assert check(SAME, f"项目总投资1250万元。\n{table}\n完") == ()


def test_two_different_figures_of_a_running_text_are_a_hint() -> None:
    [finding] = check(SAME, "项目总投资1250万元。据了解，项目总投资1350万元。")
    assert finding.severity is Severity.HINT
