"""What is judged at the item's own date: 今年 and 明天 beside a date, deadlines that were over before publication."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.monitor.calendar import moved
from tests.monitor.rule_making import check, found, rule

DAY = date(2024, 6, 15)
RELATIVE = rule("dates", check="relative", message="{expected}")
DEADLINE = rule("dates", check="deadline", labels=["报名时间", "截止日期"], excused=["已", "原定"])


def expected(text: str, day: date | None = DAY) -> list[str]:
    return [one.message for one in check(RELATIVE, text, day=day)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("今年（2023年）以来", "2024年"),
        ("今年2023年", "2024年"),
        ("去年（2022年）完成", "2023年"),
        ("前年即2021年", "2022年"),
        ("明年（2026年）", "2025年"),
        ("2023年（今年）完成", "2024年"),
        ("今年以来，截至2023年", "2024年"),
        ("本月（5月）", "2024年6月"),
        ("上个月（4月）", "2024年5月"),
        ("下月（2025年7月）", "2024年7月"),
        ("明天（6月20日）", "2024年6月16日"),
        ("昨日（2023年6月14日）", "2024年6月14日"),
        ("6月20日（今天）", "2024年6月15日"),
    ],
)
def test_a_word_beside_another_date_is_found_with_what_it_means(text: str, meant: str) -> None:
    assert expected(text) == [meant]


@pytest.mark.parametrize(
    "text",
    [
        "今年（2024年）", "去年（2023年）", "明年（2025年）", "今年5月", "去年12月底", "本月（6月）", "上月（5月）", "本月15日",
        "今天（6月15日）", "明天（6月16日）", "昨天，去年6月", "今天，他在2021年", "会上说“今年（2021年）任务艰巨”。",
    ],
)  # fmt: skip
def test_words_that_agree_with_their_date_are_left_alone(text: str) -> None:
    assert expected(text) == []


@pytest.mark.parametrize(
    ("text", "day", "is_right"),
    [
        ("今年（2023年）", date(2024, 1, 31), True),
        ("今年（2023年）", date(2024, 2, 1), False),
        ("今年（2025年）", date(2024, 12, 2), True),
        ("本月（5月）", date(2024, 6, 3), True),
        ("本月（5月）", date(2024, 6, 4), False),
        ("今天（6月14日）", DAY, True),
        ("今天（6月13日）", DAY, False),
        ("上月（2023年12月）", date(2024, 1, 15), True),
        ("下月（2025年1月）", date(2024, 12, 15), True),
    ],
)
def test_a_text_may_be_written_a_little_before_its_date(text: str, day: date, is_right: bool) -> None:
    assert (expected(text, day) == []) is is_right


def test_without_a_date_of_the_item_nothing_is_judged() -> None:
    assert expected("今年（2003年）", None) == []
    assert found(DEADLINE, "报名时间：2003年5月1日", day=None) == []


@pytest.mark.parametrize(
    "text",
    [
        "报名时间：2024年6月14日", "报名时间为2023年6月20日至7月1日", "报名时间：2024年5月1日至6月14日", "截止日期5月31日", "报名时间为6月3日至10日",
        "报名时间：二〇二四年五月一日",
    ],
)  # fmt: skip
def test_a_deadline_before_the_item_is_found(text: str) -> None:
    assert [one.text for one in check(DEADLINE, f"{text}，地点", day=DAY)] == [text]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("报名时间：2024年6月15日", id="today"),
        pytest.param("报名时间：2024年5月1日至6月15日", id="a period that ends today"),
        pytest.param("报名时间：6月1日至7月1日", id="without a year"),
        pytest.param("报名时间已于2024年5月1日结束", id="said to be over"),
        pytest.param("原定报名时间：2024年5月1日", id="said to be changed"),
        pytest.param("报名时间另行通知。2024年5月1日", id="another sentence"),
        pytest.param("报名时间由主办单位和承办单位商定后另行公布，2024年5月1日", id="too far off"),
        pytest.param("报名时间：2024年5月", id="no day"),
        pytest.param("报名时间：2024年2月30日", id="no such day"),
        pytest.param("报名时间", id="no date"),
    ],
)
def test_a_deadline_to_come_or_of_the_past_on_purpose_is_left_alone(text: str) -> None:
    assert check(DEADLINE, text, day=DAY) == ()


def test_a_period_over_new_year_ends_in_the_year_that_is_written() -> None:
    assert check(DEADLINE, "报名时间：2024年12月20日至2025年1月5日", day=date(2025, 1, 3)) == ()


def test_over_new_year_a_month_without_a_year_is_the_next_one() -> None:
    assert check(DEADLINE, "截止日期为1月10日", day=date(2024, 12, 20)) == ()


def test_the_word_that_excuses_counts_within_the_sentence_alone() -> None:
    assert len(check(DEADLINE, "报名时间：2024年5月1日。已", day=DAY)) == 1


@given(st.dates(), st.sampled_from(["今年", "去年", "后天", "下月", "截止日期"]), st.dates())
def test_no_date_of_an_item_fails_not_even_at_the_ends_of_the_calendar(day: date, word: str, other: date) -> None:
    text = f"{word}（{other.year}年{other.month}月{other.day}日）（星期一），1月2日（星期三）"
    check([RELATIVE, rule("dates", id="b", check="deadline", labels=["截止日期"]), rule("dates", id="c", check="weekday")], text, day=day)  # fmt: skip


@pytest.mark.parametrize(("day", "days"), [(date.max, 75), (date.min, -75)])
def test_the_ends_of_the_calendar_stay_where_they_are(day: date, days: int) -> None:
    assert moved(day, days) == day
    check(rule("dates", check="weekday"), "5月3日（星期五）", day=day)
