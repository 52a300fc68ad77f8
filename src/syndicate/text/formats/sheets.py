"""xlsx and xls → the cells of every sheet, row by row; places are 表名!B3. Hidden sheets are read too: they are published."""

from __future__ import annotations

import io
import struct
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from syndicate.errors import InputError
from syndicate.text.formats.archive import Archive
from syndicate.text.formats.blocks import Blocks, Extract

MOST_CELLS = 2_000_000
_BROKEN = (
    KeyError, ValueError, TypeError, IndexError, AttributeError, AssertionError, OverflowError, EOFError, OSError,
    struct.error, SyntaxError, RecursionError, NotImplementedError,
)  # fmt: skip


def read_xlsx(data: bytes, name: str) -> Extract:
    """The text of an xlsx file with the values last computed. Raises `InputError`."""
    archive = Archive(data, name)
    for member in archive.names():
        if member.endswith((".xml", ".rels")):
            archive.xml(member)  # refuses document types before the library sees them
    from openpyxl import load_workbook  # slow to import: only when a sheet is read

    blocks = Blocks(name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # styles it cannot keep do not matter for text
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                _read_sheet(blocks, sheet.title, sheet.iter_rows(values_only=True))
    except _BROKEN as error:
        raise InputError("text.broken", name=name, kind="xlsx") from error
    return blocks.extract()


def read_xls(data: bytes, name: str) -> Extract:
    """The text of an xls file. Raises `InputError`."""
    from xlrd import XLRDError, open_workbook
    from xlrd.compdoc import CompDocError

    blocks = Blocks(name)
    try:
        book = open_workbook(file_contents=data, logfile=io.StringIO(), on_demand=False)
        for sheet in book.sheets():
            rows = ([_xls_value(cell, book.datemode) for cell in sheet.row(row)] for row in range(sheet.nrows))
            _read_sheet(blocks, sheet.name, rows)
    except (XLRDError, CompDocError, *_BROKEN) as error:
        key = "text.encrypted" if "encrypted" in str(error) else "text.broken"
        raise InputError(key, name=name, kind="xls") from error
    return blocks.extract()


def _read_sheet(blocks: Blocks, title: str, rows: Iterable[Iterable[object]]) -> None:
    cells = 0
    for row_number, row in enumerate(rows, 1):
        filled = [(column, text) for column, text in enumerate(map(_text, row), 1) if text]
        cells += len(filled)
        if cells > MOST_CELLS:
            raise InputError("text.too_long", name=blocks.name, limit=MOST_CELLS)
        for index, (column, text) in enumerate(filled, 1):
            separator = "\t" if index < len(filled) else "\n\n"
            blocks.add(text, f"{title}!{column_letters(column)}{row_number}", separator=separator)


def _text(value: object) -> str:
    """A cell as a reader sees it: whole numbers without a decimal point, dates as 2024-05-01."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e19:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _xls_value(cell: object, datemode: int) -> object:
    from xlrd import XL_CELL_BLANK, XL_CELL_DATE, XL_CELL_EMPTY, XL_CELL_ERROR
    from xlrd.xldate import xldate_as_datetime

    kind, value = getattr(cell, "ctype", XL_CELL_EMPTY), getattr(cell, "value", None)
    if kind in (XL_CELL_EMPTY, XL_CELL_BLANK, XL_CELL_ERROR):
        return None
    if kind == XL_CELL_DATE:
        try:
            return xldate_as_datetime(value, datemode)
        except OverflowError:
            return value
    return value


def column_letters(column: int) -> str:
    """The letters of a column counted from 1: A, Z, AA."""
    return "".join(reversed(list(_letters(column))))


def _letters(column: int) -> Iterator[str]:
    while column > 0:
        column, letter = divmod(column - 1, 26)
        yield chr(ord("A") + letter)
