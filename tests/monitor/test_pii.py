"""Numbers of people: found, masked, and not confused with other numbers. All numbers are invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.finding import Severity
from syndicate.monitor.identity import (
    birth_date,
    is_credit_code,
    is_id_number,
    is_old_id_number,
    masked,
    passes_luhn,
    without_numbers,
)
from tests.monitor.rule_making import check, found, rule, shipped

ID = rule("pii", datum="id_number")
MOBILE = rule("pii", datum="mobile", published=["联系人"], published_severity="hint")
CARD = rule("pii", datum="bank_card", keywords=["账号"], prefixes=["62"])
NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "written",
    [NUMBER, NUMBER.lower(), "110105 19491231 002X", "110105-19491231-002X", "110105 1949 1231 002X", f"号{NUMBER}，"],
)
def test_an_identity_number_is_found_however_it_is_grouped(written: str) -> None:
    assert [text.upper() for text, _ in found(ID, written)] == ["110***********002X"]


@pytest.mark.parametrize(
    "written",
    [
        "110105194912310021",
        "010105194912310020",
        "110105194913310028",
        f"A{NUMBER}",
        f"{NUMBER}9",
        f"http://www.example.gov.cn/{NUMBER}",
        f"/{NUMBER}",
        "110***********002X",
        "11441700007280420Y",
    ],
)
def test_what_is_no_identity_number_is_not_reported(written: str) -> None:
    assert found(ID, written) == []


def test_a_credit_code_under_its_label_is_no_identity_number() -> None:
    prefix = "12010119900101001"
    codes = [f"{prefix}{digit}" for digit in "0123456789X" if is_id_number(f"{prefix}{digit}", None)]
    assert len(codes) == 1
    assert found(ID, f"身份证号{codes[0]}")


def test_a_birth_after_the_day_is_none() -> None:
    assert birth_date(NUMBER, date(1940, 1, 1)) is None


def test_checksums_agree_with_published_vectors() -> None:
    assert is_id_number(NUMBER, None)
    assert is_credit_code("11441700007280420Y")
    assert is_credit_code("1137078555222300XQ")
    assert not is_credit_code("1137078555222300XI")
    assert not is_credit_code("short")
    assert is_old_id_number("110105491231002", None)
    assert passes_luhn("6222020000000000000")


def test_an_identity_number_with_a_wrong_check_digit_needs_its_label() -> None:
    altered = rule("pii", datum="altered_id", keywords=["身份证"])
    assert found(altered, "身份证110105194912310021") == [("110***********0021", "110***********0021")]
    assert found(altered, "合同110105194912310021") == []


def test_an_old_identity_number_needs_its_label() -> None:
    old = rule("pii", datum="old_id", keywords=["身份证"])
    assert len(found(old, "身份证号110105491231002")) == 1


@pytest.mark.parametrize(
    "written", ["13800000000", "138 0000 0000", "138-0000-0000", "86 13800000000", "8613800000000", "+86 138 0000 0000"]
)
def test_a_mobile_number_is_found_however_it_is_grouped(written: str) -> None:
    assert len(found(MOBILE, written)) == 1


@pytest.mark.parametrize(
    "written",
    ["12345", "400-769-9909", "0376-2189547", "（0376）2189547", "23800000000", "138****0000", "2024-05-01 2024-05-02"],
)
def test_office_lines_and_masked_numbers_are_no_mobile_numbers(written: str) -> None:
    assert found(MOBILE, written) == []


def test_the_mobile_of_a_named_contact_is_a_hint_but_not_in_a_table() -> None:
    [contact] = check(MOBILE, "联系人：张某，13800000000。")
    [listed] = check(MOBILE, "联系人\t手机\n张某\t13800000000")
    assert (contact.severity, listed.severity) == (Severity.HINT, Severity.BLOCK)


@pytest.mark.parametrize(
    "text",
    ["账号6222020000000000000", "姓名\t账号\n张某\t6222 0200 0000 0000 000", "户名 | 账号\n李某 | 6222020000000000000"],
)
def test_a_card_is_found_under_its_label_or_the_head_of_its_column(text: str) -> None:
    assert found(CARD, text) == [("***************0000", "***************0000")]


@pytest.mark.parametrize(
    "text",
    [
        "流水号6222020000000000000",
        "账号6222020000000000001",
        "账号4222020000000000000",
        "账号62220 20000000000000",
        "账号\n说明\n6222020000000000000",
    ],
)
def test_other_long_numbers_are_no_cards(text: str) -> None:
    assert found(CARD, text) == []


def test_a_number_may_be_excluded_by_what_stands_before_it() -> None:
    assert found(rule("pii", datum="mobile", not_behind=["单号"]), "单号13800000000") == []


def test_a_number_is_reported_once() -> None:
    assert len(found(MOBILE, "138 0000 0000 138 0000 0000")) == 2


@pytest.mark.parametrize(
    ("number", "shown"), [("13800000000", "138****0000"), ("6222020000000000000", "***************0000")]
)
def test_numbers_are_shown_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_any_long_number_around_a_finding_is_masked_in_place() -> None:
    assert without_numbers("号13800000000。") == "号*********00。"
    assert without_numbers("b13800000000") == "b*********00"
    assert without_numbers("2024年5月1日") == "2024年5月1日"


@given(
    st.sampled_from([NUMBER, "13800000000", "6222020000000000000"]),
    st.text(alphabet="“（《的的，,。账号身份证联系人：<b>&\n\t 1", max_size=12),
    st.text(alphabet="”）》的，,。</b>\n\t 1", max_size=12),
    st.booleans(),
)
def test_personal_data_never_stands_in_a_finding(number: str, before: str, after: str, markup: bool) -> None:
    for finding in _SHIPPED.check(f"{before}{number}{after}", markup=markup, day=date(2024, 6, 3)):
        shown = f"{finding.text}{finding.message}{finding.message_en}{finding.suggestion}"
        assert number not in shown
        assert number[6:14] not in shown


_SHIPPED = shipped()
