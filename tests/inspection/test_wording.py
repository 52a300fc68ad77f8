from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.inspection.wording import limits, long_day, moment, number, plain, quantity, row, safe_link, table, words
from tests.inspection.sample_day import AS_OF

FOLDER = Path(__file__).parents[2] / "src" / "syndicate" / "inspection"
SOURCES = "".join(path.read_text("utf-8") for path in FOLDER.glob("*.py"))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (5, "5"),
        (3.125, "3.12"),
        (4.9999, "4.99"),
        (8.2, "8.2"),
        (0.0, "0"),
        (100, "100"),
        (float("inf"), "∞"),
        (float("-inf"), "—"),
    ],
)
def test_figures_are_cut_and_never_rounded_over_a_line(value: float, text: str) -> None:
    assert number(value) == text


def test_a_percentage_has_no_blank_before_its_sign() -> None:
    assert (quantity(5, "%"), quantity(3, "条"), quantity(3, "")) == ("5%", "3 条", "3")


def test_a_day_is_written_as_people_write_it() -> None:
    assert long_day(date(2026, 3, 5)) == "2026年3月5日（星期四）"


def test_times_are_shown_in_the_zone_of_the_report() -> None:
    assert moment(datetime(2026, 3, 5, 16, 0, tzinfo=ZoneInfo("UTC")), AS_OF) == "2026-03-06 00:00"


def test_a_missing_time_is_a_dash() -> None:
    assert moment(None, AS_OF) == "—"


@given(st.text())
def test_foreign_text_becomes_one_short_printable_line(text: str) -> None:
    cleaned = plain(text)
    cleaned.encode("utf-8")
    assert len(cleaned) <= limits()["characters_per_cell"]
    assert not re.search("[\u0000-\u001f\u202a-\u202e\u200b-\u200f]", cleaned)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//a.example",
        "",
        "http://a b",
        "https://a\u202eb",
    ],
)
def test_only_plain_web_addresses_become_links(address: str) -> None:
    assert safe_link(address) == ""


def test_a_web_address_stays_as_it_is() -> None:
    assert safe_link("HTTPS://www.example.gov.cn/a?b=1") == "HTTPS://www.example.gov.cn/a?b=1"


def test_a_table_that_is_too_long_says_what_it_left_out() -> None:
    long = table("table_links", "head_links", (row(str(n)) for n in range(812)))
    assert (len(long.rows), long.title) == (500, "有问题的链接（共 812 行，列出前 500 行）")


def test_every_wording_is_used_somewhere() -> None:
    stems = ("section_", "sync_", "severity_", "headline_", "name_", "standing_", "confidence_", "level_", "interaction_",
             "figure_", "gap_", "verdict_", "span_", "report_")  # fmt: skip
    assert not [key for key in words() if f'"{key}"' not in SOURCES and not key.startswith(stems)]
