"""Lists of required reprints: what people make in their spreadsheets is read, or refused with every wrong row named."""

from __future__ import annotations

import contextlib
import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from syndicate.errors import InputError
from syndicate.ingest.required_list import MOST_ROWS, Demanded, read_required_list

ZONE = ZoneInfo("Asia/Shanghai")
HEAD = ("标题", "网址", "时限", "稿源")
ROW = ("关于样例工作的通知", "https://www.example.gov.cn/a/1.html", "2026-03-05 18:00", "示例省政府网")
READ = Demanded(
    "关于样例工作的通知",
    datetime(2026, 3, 5, 18, 0, tzinfo=ZONE),
    "https://www.example.gov.cn/a/1.html",
    "示例省政府网",
)


def table(*rows: tuple[object, ...], encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def sheet(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(list(row))
    book.create_sheet("说明").append(["标题", "时限"])
    book.save(out)
    return out.getvalue()


def read(data: bytes, name: str = "清单.csv") -> tuple[Demanded, ...]:
    return read_required_list(data, name, ZONE)


def refused(data: bytes, name: str = "清单.csv") -> str:
    with pytest.raises(InputError) as caught:
        read(data, name)
    return caught.value.message.key


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_file_in_the_encodings_that_offices_use(encoding: str) -> None:
    assert read(table(HEAD, ROW, encoding=encoding)) == (READ,)


def test_cells_that_tabs_divide() -> None:
    assert read(table(HEAD, ROW, separator="\t")) == (READ,)


def test_the_first_sheet_of_an_xlsx_file() -> None:
    assert read(sheet(HEAD, ROW), "清单.xlsx") == (READ,)


def test_a_date_cell_of_a_sheet_is_a_deadline() -> None:
    row = (*ROW[:2], datetime(2026, 3, 5, 18, 0), ROW[3])
    assert read(sheet(HEAD, row), "清单.xlsx") == (READ,)


def test_empty_cells_of_a_sheet_shift_nothing() -> None:
    (found,) = read(sheet(HEAD, (ROW[0], None, ROW[2], ROW[3])), "清单.xlsx")
    assert (found.url, found.source_title) == ("", "示例省政府网")


def test_columns_may_stand_in_any_order_and_others_beside_them() -> None:
    assert read(table(("序号", "截止时间", "题名", "备注"), (1, ROW[2], ROW[0], "急")))[0].title == ROW[0]


@pytest.mark.parametrize(
    ("written", "hour", "minute"),
    [
        ("2026-03-05 18:00", 18, 0),
        ("2026/3/5 18:00", 18, 0),
        ("2026年3月5日 18:00", 18, 0),
        ("2026年3月5日18时30分", 18, 30),
        ("2026-03-05T18:00:00", 18, 0),
        ("2026.3.5", 23, 59),
        ("2026-03-05", 23, 59),
    ],
)
def test_deadlines_as_people_write_them(written: str, hour: int, minute: int) -> None:
    (found,) = read(table(HEAD, (ROW[0], "", written, "")))
    assert found.deadline == datetime(2026, 3, 5, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (("", *ROW[1:]), "缺标题"),
        ((*ROW[:2], "", ""), "缺时限"),
        ((*ROW[:2], "尽快", ""), "时限“尽快”看不懂"),
        ((*ROW[:2], "2026-02-30", ""), "时限“2026-02-30”看不懂"),
        ((ROW[0], "javascript:alert(1)", ROW[2], ""), "网址不对"),
        ((ROW[0], "www.example.gov.cn/a", ROW[2], ""), "网址不对"),
        (("长" * 301, *ROW[1:]), "文字过长"),
    ],
)
def test_a_wrong_row_is_named_by_its_number_and_nothing_is_read(row: tuple[str, ...], why: str) -> None:
    with pytest.raises(InputError) as caught:
        read(table(HEAD, ROW, row))
    assert f"第 3 行{why}" in caught.value.message.zh


def test_every_wrong_row_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read(table(HEAD, ("", "", ROW[2], ""), ROW, (ROW[0], "", "", "")))
    assert (caught.value.message.values["count"], "第 4 行缺时限" in caught.value.message.zh) == (2, True)


def test_a_row_that_stands_there_twice_counts_once_and_as_it_stands_last() -> None:
    later = (*ROW[:2], "2026-03-06 18:00", ROW[3])
    (found,) = read(table(HEAD, ROW, later))
    assert found.deadline.day == 6


def test_empty_lines_are_passed_over() -> None:
    assert len(read(table(HEAD, (), ROW, ("", "", "", "")))) == 1


def test_control_characters_are_left_out() -> None:
    (found,) = read(table(HEAD, ("关于\u202e样例\u0000工作\u200b的通知".replace("\u0000", "\u0001"), "", ROW[2], "")))
    assert found.title == "关于 样例 工作 的通知"


def test_an_address_is_known_in_one_spelling_without_its_scheme() -> None:
    (found,) = read(table(HEAD, (ROW[0], "HTTP://WWW.example.gov.cn:80/a/../a/1.html#x", ROW[2], "")))
    assert found.address == READ.address == "www.example.gov.cn/a/1.html"


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (b"", "a.csv", "reprint.no_rows"),
        (table(HEAD), "a.csv", "reprint.no_rows"),
        (table(("标题", "网址"), ROW[:2]), "a.csv", "reprint.no_head"),
        (table(ROW), "a.csv", "reprint.no_head"),
        (b"%PDF-1.4 no table", "a.pdf", "text.broken"),
        (b"<html><body>x</body></html>", "a.html", "reprint.no_table"),
        (b"MZ\x00\x00program", "a.exe", "text.unknown_kind"),
        (b"PK\x03\x04nonsense", "a.xlsx", "text.broken"),
        (table(HEAD, *[(f"标题{n}", "", ROW[2], "") for n in range(MOST_ROWS + 1)]), "a.csv", "reprint.too_many_rows"),
        (b'a,"' + b"x" * 200_000 + b'",b\n', "a.csv", "reprint.no_table"),
    ],
    ids=[
        "empty",
        "head only",
        "no deadline",
        "no head",
        "pdf",
        "html",
        "program",
        "broken zip",
        "long",
        "one huge cell",
    ],
)
def test_what_is_no_such_list_is_refused(data: bytes, name: str, key: str) -> None:
    assert refused(data, name) == key


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "ignore")))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(InputError):
        read(data)


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30)), max_size=6))
def test_whatever_stands_in_the_cells_is_read_or_refused(rows: list[tuple[str, str, str]]) -> None:
    clean = [tuple(cell.encode("utf-8", "ignore").decode().replace("\0", "") for cell in row) for row in rows]
    try:
        found = read(table(("标题", "网址", "时限"), *clean))
    except InputError:
        return
    assert all(one.title and one.deadline.tzinfo for one in found)
