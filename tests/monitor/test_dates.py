"""Dates that cannot be right, in every usual notation."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.monitor.calendar import WrittenDate, chinese_number, likely_years, written_dates
from tests.monitor.rule_making import check, found, rule

IMPOSSIBLE = rule("dates", check="impossible")
WEEKDAY = rule("dates", check="weekday", message="{text} {weekday}")
PERIOD = rule("dates", check="period")


@pytest.mark.parametrize(
    "text",
    [
        "2023年2月29日", "2023 年 2 月 29 日", "2024年13月1日", "2024年13月", "2024年0月", "2024年5月32日", "2024年5月0日", "4月31号",
        "2024-02-30前", "2024/13/01", "2024.4.31。", "二〇二四年二月三十日", "二○二四年十三月", "二零二四年四月三十一日",
    ],
)  # fmt: skip
def test_a_day_that_does_not_exist_is_found(text: str) -> None:
    assert len(found(IMPOSSIBLE, f"请于{text}")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2024年2月29日", "2000年2月29日", "2月29日", "2024-02-29", "二〇二四年二月二十九日", "1.2024-13-45", "192.168.13.45", "12024年13月",
        "GB/T 2024-13-45-1", "2024-13-45-6", "2024.13.45.6", "http://a.example/2024-13-45", "0.5月35日", "1234月5日", "1824年13月",
    ],
)  # fmt: skip
def test_days_that_exist_and_numbers_that_are_no_dates_are_left_alone(text: str) -> None:
    assert found(IMPOSSIBLE, text) == []


def test_a_date_knows_what_it_lacks() -> None:
    assert WrittenDate(0, 1, 2024, 5, None).is_possible
    assert WrittenDate(0, 1, None, 5, 1).calendar_date() is None


def test_words_behind_a_date_can_excuse_it() -> None:
    assert found(rule("dates", check="impossible", not_before=["龄"]), "2024年13月龄") == []


@pytest.mark.parametrize(
    "text",
    [
        "2024年6月15日（星期六）",
        "2024年6月15日周六",
        "2024年6月16日（星期天）",
        "2024年2月30日（周一）",
        "6月15日（周一）",
    ],
)
def test_right_and_undecidable_weekdays_are_left_alone(text: str) -> None:
    assert found(WEEKDAY, text) == []


def test_a_wrong_weekday_is_found_with_the_right_one() -> None:
    [finding] = check(WEEKDAY, "定于2024年6月15日（星期五）召开")
    assert finding.suggestion == "2024年6月15日（星期六）"
    assert finding.message == "2024年6月15日（星期五） 星期六"


@pytest.mark.parametrize(
    ("day", "text", "wrong"),
    [
        (date(2024, 6, 1), "6月15日（周五）", True),
        (date(2024, 6, 1), "6月15日（周六）", False),
        (date(2024, 12, 20), "1月6日（周一）", False),
        (date(2025, 1, 10), "12月31日（周二）", False),
        (date(2024, 12, 20), "1月6日（周三）", True),
    ],
)
def test_without_a_year_that_of_the_item_counts_over_the_turn_of_the_year_too(
    day: date, text: str, wrong: bool
) -> None:
    assert bool(found(WEEKDAY, text, day=day)) is wrong


@pytest.mark.parametrize(
    "text",
    [
        "2025年3月2日至2月25日",
        "2023年1月16日—2022年12月27日",
        "2022年5月23日至19日",
        "5月20日至3日",
        "2024年5月2日到2024年5月1日",
        "2024-05-02至2024年5月1日",
    ],
)
def test_a_period_that_ends_before_it_begins_is_found(text: str) -> None:
    assert len(found(PERIOD, text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "2025年3月2日至3月25日",
        "2024年11月15日至3月15日",
        "5月3日至19日",
        "9月1日至6月30日",
        "5月1日至2024年4月1日",
        "2024年5月至3日",
        "2024年5月2日在3日",
    ],
)
def test_periods_in_order_and_over_new_year_are_left_alone(text: str) -> None:
    assert found(PERIOD, text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("五", 5), ("十", 10), ("十五", 15), ("三十一", 31), ("二十", 20), ("五五", 0), ("十五五", 0), ("〇", 0)],
)
def test_chinese_numerals_up_to_99_are_read(text: str, number: int) -> None:
    assert chinese_number(text) == number


def test_only_the_turn_of_the_year_brings_another_year() -> None:
    assert likely_years(6, date(2024, 6, 1)) == (2024,)
    assert likely_years(1, date(2024, 12, 20)) == (2024, 2025)
    assert likely_years(12, date(2025, 1, 10)) == (2025, 2024)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2199, 12, 31)))
def test_every_real_date_is_read_back(day: date) -> None:
    [written] = written_dates(f"于{day.year}年{day.month}月{day.day}日")
    assert written.calendar_date() == day
    assert written.is_possible


@given(st.text(alphabet="0123456789年月日号一二〇十-/. 至（星期周五", max_size=40))
def test_anything_like_a_date_is_read_without_failing(text: str) -> None:
    check(
        [IMPOSSIBLE, rule("dates", id="b.rule", check="period"), rule("dates", id="c.rule", check="weekday")],
        text,
        day=date(2024, 6, 3),
    )
