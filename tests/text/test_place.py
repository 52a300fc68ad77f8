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


@given(st.text("甲\r\n\u2028", max_size=12), st.integers(min_value=0, max_value=12))
def test_only_carriage_returns_and_line_feeds_end_a_line(text: str, offset: int) -> None:
    offset = min(offset, len(text))
    ended = [at for at in range(offset) if text[at] == "\n" or (text[at] == "\r" and text[at + 1 : at + 2] != "\n")]
    line, column = Lines(text).place(offset)
    assert (line, column) == (len(ended) + 1, offset - (ended[-1] + 1 if ended else 0) + 1)
    start, stop = Lines(text).bounds(line)
    assert start <= offset
    assert "\n" not in text[start:stop] + text[start:stop].replace("\r", "\n")
    assert text[stop : stop + 1] in ("", "\r", "\n")
