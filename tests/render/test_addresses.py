from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import UsageError
from syndicate.render.addresses import page_address


def test_the_month_is_the_one_in_china() -> None:
    assert page_address("news", 42, datetime(2026, 10, 31, 16, 0, tzinfo=UTC)) == "news/202611/42.html"


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(UsageError):
        page_address("news", 42, datetime(2026, 11, 1))


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(UsageError):
        page_address("news", -1, datetime(2026, 11, 1, tzinfo=UTC))


@given(st.text())
def test_no_column_name_leads_out_of_the_site(column: str) -> None:
    try:
        address = page_address(column, 1, datetime(2026, 11, 1, tzinfo=UTC))
    except UsageError:
        return
    first, *rest = address.split("/")
    assert rest == ["202611", "1.html"]
    assert first.isascii()
    assert not first.startswith(".")
