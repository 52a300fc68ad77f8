"""Dates: the right day in the right zone, or none."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.dates import date_in_address, read_date
from tests.ingest.conftest import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026年11月23日", "2026-11-23T00:00:00+08:00"),
        ("2026/11/23 08:30", "2026-11-23T08:30:00+08:00"),
        ("2026.11.23", "2026-11-23T00:00:00+08:00"),
        ("2026—11—23 08:30", "2026-11-23T08:30:00+08:00"),
        ("２０２６年１１月２３日 下午3:20", "2026-11-23T15:20:00+08:00"),
        ("2026年11月23日（星期一）08时30分15秒", "2026-11-23T08:30:15+08:00"),
        ("2026年1月5日8点", "2026-01-05T08:00:00+08:00"),
        ("二〇二六年十一月二十三日", "2026-11-23T00:00:00+08:00"),
        ("二○二六年十月三十日", "2026-10-30T00:00:00+08:00"),
        ("二零二六年三月十日", "2026-03-10T00:00:00+08:00"),
        ("1795393800", "2026-11-23T08:30:00+08:00"),
        ("1795393800000", "2026-11-23T08:30:00+08:00"),
        ("20261123", "2026-11-23T00:00:00+08:00"),
        ("20261123083000", "2026-11-23T08:30:00+08:00"),
        ("20261123T003000Z", "2026-11-23T08:30:00+08:00"),
        ("2026-11-23 08:30:00", "2026-11-23T08:30:00+08:00"),
        ("2026-11-23-08:30:12", "2026-11-23T08:30:12+08:00"),
        ("2026-11-23T00:30:00.123Z", "2026-11-23T08:30:00+08:00"),
        ("2026-11-23T08:30:00+0800", "2026-11-23T08:30:00+08:00"),
        ("2026-11-22T19:30:00-05:00", "2026-11-23T08:30:00+08:00"),
        ("Mon, 23 Nov 2026 08:30:00 CST", "2026-11-23T08:30:00+08:00"),
        ("Mon, 23 Nov 2026 00:30:00 GMT", "2026-11-23T08:30:00+08:00"),
        ("Mon, 23 Nov 2026 00:30:00 GMT+8", "2026-11-23T00:30:00+08:00"),
        ("Sun, 22 Nov 2026 19:30:00 EST", "2026-11-23T08:30:00+08:00"),
        ("Mon Nov 23 08:30:00 CST 2026", "2026-11-23T08:30:00+08:00"),
        ("Nov 23, 2026 8:30:00 PM", "2026-11-23T20:30:00+08:00"),
        ("23-Nov-2026", "2026-11-23T00:00:00+08:00"),
        ("发布时间：2026-11-23 08:30  来源：样例机关", "2026-11-23T08:30:00+08:00"),
        ("上午", None),
        ("2026年11月23日 上午12:10", "2026-11-23T00:10:00+08:00"),
        ("2026年11月23日 中午1:10", "2026-11-23T13:10:00+08:00"),
        ("2026年11月23日 中午12:10", "2026-11-23T12:10:00+08:00"),
        ("2026年11月23日 下午15:10", "2026-11-23T15:10:00+08:00"),
    ],
)
def test_a_readable_date_is_read(text: str, expected: str | None) -> None:
    read = read_date(text, NOW)

    assert (read.isoformat() if read else None) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "昨天",
        "11月23日",
        "2026年11月",
        "2026-11-31",
        "2026-13-01",
        "20269999",
        "1-2-2026",
        "2026-11-23 25:10",
        "2026-11-23 08:61",
        "2026年11月23日 上午15:10",
        "Mon, 23 Nov 2026 08:30:00 XYZ",
        "2026-11-23 08:30 +99:00",
        "1948-01-01",
        "0000000000",
        "9999999999",
        "二〇二六年十十月一日",
        "二〇二六年二三月一日",
        "第三届中国国际进口博览会",
        "电话 2026112300",
    ],
)
def test_an_unreadable_date_is_unknown(text: str) -> None:
    assert read_date(text, NOW) is None


def test_more_than_two_days_ahead_is_refused() -> None:
    assert read_date("2026-11-26 08:00", NOW) is not None
    assert read_date("2026-11-26 08:01", NOW) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/202611/t20261123_1406815.html", "2026-11-23"),
        ("https://a.example/art/2026/11/3/art_1_2.html", "2026-11-03"),
        ("https://a.example/content_20261123.html", None),
        ("https://a.example/t20269999_1.html", None),
    ],
)
def test_the_day_in_an_address_is_read(url: str, day: str | None) -> None:
    read = date_in_address(url, NOW)

    assert (read.date().isoformat() if read else None) == day


@given(st.text(max_size=200))
def test_any_text_gives_an_aware_time_or_none(text: str) -> None:
    read = read_date(text, NOW)

    assert read is None or (read.tzinfo is not None and read <= NOW + timedelta(days=2))


@given(st.datetimes(datetime(1950, 1, 1), datetime(2026, 11, 25)))
def test_every_way_of_writing_a_day_gives_that_day(moment: datetime) -> None:
    written = (f"{moment:%Y-%m-%d}", f"{moment.year}年{moment.month}月{moment.day}日", f"{moment:%Y%m%d}")

    days = {read.date() for text in written if (read := read_date(text, NOW))}

    assert days == {moment.date()}
