"""Figures that contradict each other: changes, completion, sums, tables, shares, amounts in numerals, the same twice."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.finding import Severity
from syndicate.monitor.arithmetic.amounts import amount_of
from syndicate.monitor.arithmetic.contradiction import is_slip
from syndicate.monitor.grids import grids
from syndicate.monitor.quantities import quantities
from tests.monitor.rule_making import check, rule


def wrong(kind: str, text: str, *, markup: bool = False, **parameters: object) -> list[str]:
    made = rule("arithmetic", message="{expected}", severity=Severity.CONFIRM, check=kind, **parameters)
    return [finding.message for finding in check(made, text, markup=markup)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("税收25.00亿元，比上年增加5.00亿元，增长20.0%。", "25.0%"),
        ("税收25.00亿元，比上年的20.00亿元增长20.0%。", "25.0%"),
        ("税收25.00亿元，同比减少5.00亿元，增长16.7%。", "下降（减少）"),
        ("税收25亿元，较2023年增加5亿元，增长35%。", "25%"),
        ("产量由800吨减少到600吨，下降35%。", "25%"),
        ("产量从上年的800吨增加到600吨。", "下降（减少）"),
        ("绿化率由40.1%提高到42.3%，提高3.2个百分点。", "2.2"),
        ("绿化率由42.3%下降到40.1%，提高2.2个百分点。", "下降（减少）"),
        ("床位由300张增加到450张，增加140张。", "150"),
        ("发电量900万千瓦时，上年同期为600万千瓦时，同比增长40%。", "50%"),
        ("去年投入600万元，今年投入900万元，增长40%。", "50%"),
    ],
)
def test_a_change_that_does_not_fit_its_amounts_is_found(text: str, expected: str) -> None:
    assert wrong("change", text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "税收25.00亿元，比上年增加5.00亿元，增长25.0%。",
        "税收25.00亿元，比上年的20.00亿元增长25.0%。",
        "税收1.2亿元，比上年增加0.1亿元，增长9%。",
        "税收1.2亿元，比上年增加0.1亿元，按可比口径增长4%。",
        "综合排名由89位上升到60位。",
        "较上年的100亿元增加20亿元，增长25%。",
        "产量近800吨，比上年增加200吨，增长90%。",
        "补助20万元，新增岗位5个，增长3%。",
        "税收25亿元。比上年增加5亿元，增长80%。",
    ],
)
def test_a_change_that_fits_or_cannot_be_judged_is_left_alone(text: str) -> None:
    assert wrong("change", text) == []


def test_growth_at_constant_prices_may_differ_within_the_leeway() -> None:
    text = "地区生产总值500亿元，比上年增加30亿元，增长{}%。"
    assert wrong("change", text.format(5.1), constant_prices=["生产总值"], leeway=6) == []
    assert wrong("change", text.format(15.1), constant_prices=["生产总值"], leeway=6) == ["6.4%"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年计划造林400亩，实际完成300亩，完成率85%。", "75%"),
        ("已拨付资金30万元，占预算40万元的85%。", "75%"),
        ("现有教师200人，其中女教师120人，占50%。", "60%"),
        ("应检80家，实际检查60家，抽检率85%。", "75%"),
    ],
)
def test_a_percentage_that_does_not_belong_to_part_and_whole_is_found(text: str, expected: str) -> None:
    assert wrong("completion", text) == [expected]


def test_a_right_completion_rate_is_left_alone() -> None:
    assert wrong("completion", "全年计划造林400亩，实际完成300亩，完成率75%。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("来信312件，其中表扬101件，投诉121件，咨询100件。", "322"),
        ("来信322件，其中表扬101件，投诉112件，咨询100件。", "313"),
        ("收入400万元，由拨款250万元、其他收入120万元构成。", "370"),
        ("甲镇12.5万元、乙镇30万元、丙镇20万元，合计63.5万元。", "62.5"),
    ],
)
def test_parts_that_do_not_make_the_total_are_found(text: str, expected: str) -> None:
    assert wrong("sum", text) == [expected]


def test_words_that_leave_nothing_out_make_any_difference_an_error() -> None:
    text = "学员90人，其中男40人、女30人。"
    assert wrong("sum", text, complementary=["男 女"]) == ["70"]
    assert wrong("sum", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "学员219人，其中党员101人，本科以上108人。",
        "来信322件，其中表扬101件，投诉112件，咨询100件等。",
        "总投资1200万元，其中道路300万元，桥梁200万元。",
        "收入增长5.4%，其中城镇增长4.3%，农村增长6.1%。",
    ],
)
def test_parts_that_are_not_meant_to_be_all_are_left_alone(text: str) -> None:
    assert wrong("sum", text, overlapping=["党员", "以上"]) == []


def test_parts_that_make_more_than_their_total_are_a_hint() -> None:
    [finding] = check(rule("arithmetic", check="sum"), "补贴300万元，其中粮食120万元，农机100万元，生态90万元。")
    assert finding.severity is Severity.HINT


_TABLE = "乡镇\t户数\t单价\n东乡\t12\t3\n西乡\t20\t5\n合计\t{}\t4"


def test_the_total_of_a_column_must_be_the_sum_of_its_rows() -> None:
    assert wrong("table_sum", _TABLE.format(32)) == []
    assert wrong("table_sum", _TABLE.format(35)) == ["32"]


def test_a_total_on_top_is_compared_with_the_rows_below() -> None:
    assert wrong("table_sum", "乡镇\t户数\n合计\t35\n东乡\t12\n西乡\t20") == ["32"]


def test_a_table_of_markup_is_read_cell_by_cell() -> None:
    rows = "".join(
        f"<tr>\n<td><p>{name}</p></td>\n<td><p>{number}</p></td>\n</tr>"
        for name, number in [("村", "亩"), ("甲", 12), ("乙", 20), ("合　计", 35)]
    )
    assert wrong("table_sum", f"<table>{rows}</table>", markup=True) == ["32"]


def test_a_difference_that_no_single_slip_explains_is_a_hint() -> None:
    [finding] = check(rule("arithmetic", check="table_sum"), "村\t亩\n甲\t12\n乙\t20\n合计\t99.75")
    assert finding.severity is Severity.HINT


@pytest.mark.parametrize(
    "text",
    [
        "村\t亩\n甲\t12\n小计\t12\n乙\t20\n合计\t99",
        "村\t占比\n甲\t12\n乙\t20\n合计\t100",
        "村\t亩\n甲\t不详\n乙\t20\n合计\t99",
    ],
)
def test_columns_that_are_not_meant_to_be_summed_are_left_alone(text: str) -> None:
    assert wrong("table_sum", text) == []


def test_the_structure_of_industries_must_make_a_hundred() -> None:
    assert wrong("shares", "三次产业结构为8.2:41.3:50.5。") == []
    assert wrong("shares", "三次产业结构为8.2:41.3:55.5。") == ["100（现为 105.0）"]
    assert wrong("shares", "配比为1:2:3。") == []


def test_shares_that_make_more_than_everything_are_found() -> None:
    assert wrong("shares", "三者分别占45%、35%和30%。") == ["不超过 100%（现为 110%）"]
    assert wrong("shares", "先进产能分别达到64.3%、62.3%。") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("人民币叁万贰仟元整（¥23000.00）", "32,000.00元"),
        ("32000元（大写：人民币叁万贰仟壹佰元整）", "32,100.00元"),
        ("（大写）壹仟贰佰叁拾肆元伍角陆分，小写：1234.65元", "1,234.56元"),
        ("贰佰万元整（2000万元）", "2,000,000.00元"),
    ],
)
def test_an_amount_that_differs_in_numerals_and_digits_is_found(text: str, expected: str) -> None:
    assert wrong("amount", text) == [expected]


@pytest.mark.parametrize(
    "text", ["人民币叁万贰仟元整（¥32,000.00）", "叁万元整。另付23000元", "壹角", "壹万壹", "拾元", "壹" * 3000]
)
def test_equal_or_unrelated_amounts_are_left_alone(text: str) -> None:
    assert wrong("amount", text) == []


@pytest.mark.parametrize(
    ("capitals", "amount"),
    [
        ("壹拾元整", "10"),
        ("拾伍元", "15"),
        ("贰亿零叁万肆仟元伍角整", "200034000.5"),
        ("陆元零柒分", "6.07"),
        ("元整", None),
        ("壹元壹", None),
    ],
)
def test_numerals_are_read_by_their_rules(capitals: str, amount: str | None) -> None:
    assert amount_of(capitals) == (None if amount is None else Decimal(amount))


def test_the_same_figure_with_another_value_is_a_hint() -> None:
    [finding] = check(
        rule("arithmetic", check="same", message="{expected}"), "项目总投资1250万元。\n据悉，项目总投资1350万元。"
    )
    assert (finding.severity, finding.message) == (Severity.HINT, "1250万元")


def test_figures_of_different_things_are_no_contradiction() -> None:
    assert wrong("same", "项目总投资1250万元，配套总投资1350万元，每年总收入20元，每年总收入30元。") == []


@pytest.mark.parametrize("text", ["2024年", "第3个", "300多人", "近100人", "10:30", "A4", "3-5人", "3.1.2"])
def test_dates_ordinals_ranges_and_vague_figures_are_no_quantities(text: str) -> None:
    assert list(quantities(text)) == []


def test_a_quantity_is_told_in_its_base_unit_with_its_step() -> None:
    [found] = quantities("共1,234.5万元")
    assert (found.value, found.step, found.unit) == (Decimal("12345000"), Decimal("1000"), "元")


@pytest.mark.parametrize(("one", "other"), [(314, 364), (743, 473), (120, 1200), (125, 15), ("27.5", "2.75")])
def test_one_digit_two_exchanged_one_lost_or_the_point_moved_is_a_slip(one: object, other: object) -> None:
    assert is_slip(Decimal(str(one)), Decimal(str(other)))


@pytest.mark.parametrize(("one", "other"), [(314, 475), (0, 5), (-3, 3), (1234, 12)])
def test_more_than_that_is_no_slip(one: int, other: int) -> None:
    assert not is_slip(Decimal(one), Decimal(other))


def test_bars_and_wide_blanks_part_cells_and_a_line_of_prose_ends_a_table() -> None:
    found = list(grids("甲 | 1\n--|--\n乙 | 2\n说明\n丙　3\n丁　4", markup=False))
    assert [[[cell.text for cell in row] for row in rows] for rows in found] == [
        [["甲", "1"], ["乙", "2"]],
        [["丙", "3"], ["丁", "4"]],
    ]


@given(
    st.text(alphabet="0123456789.,亿万元人%比上年增加长减少到由从其中合计，。、∶:\t\n|　", max_size=80), st.booleans()
)
def test_any_row_of_figures_is_judged_without_failing(text: str, markup: bool) -> None:
    for kind in ("change", "completion", "sum", "table_sum", "shares", "amount", "same"):
        wrong(kind, text, markup=markup)
