"""Lines, columns and terminal widths."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from syndicate.text.place import Lines, width


def test_lines_and_columns_count_from_one() -> None:
    assert Lines("甲\r\n乙丙\n").place(4) == (2, 2)


def test_the_bounds_of_a_line_leave_out_its_break() -> None:
    assert Lines("甲\r\n乙丙\n丁").bounds(2) == (3, 5)


def test_chinese_takes_two_columns_and_invisible_characters_none() -> None:
    assert width("a部（\u200b") == 5


@given(st.text(), st.integers(min_value=0, max_value=100))
def test_every_offset_has_a_place(text: str, offset: int) -> None:
    line, column = Lines(text).place(min(offset, len(text)))
    assert line >= 1
    assert column >= 1
