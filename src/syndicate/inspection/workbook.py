"""The report as a workbook: a sheet that sums up, then one for each table, with a head that stays and filters."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from syndicate.inspection.html import NUMERALS, SYMBOLS
from syndicate.inspection.wording import say
from syndicate.model.inspection import Report, Row, Standing, Table

_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
"""Characters of a sheet's name (ECMA-376 as spreadsheets enforce it)."""
_LONGEST_CELL = 32_000
"""A cell holds 32,767 characters."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_WIDEST = 60
_HEAD = PatternFill("solid", fgColor="F4F1EC")


def to_xlsx(report: Report) -> bytes:
    """The report as an XLSX file. Every cell is text, so that nothing in it can be taken for a formula."""
    book = Workbook()
    made = datetime.fromisoformat(report.made_at).replace(tzinfo=None)
    book.properties.created = book.properties.modified = made
    book.properties.creator, book.properties.title = report.office, f"{report.title} {report.day}"
    first = book.active
    assert isinstance(first, Worksheet), "a new workbook has one sheet"
    first.title = say("sheet_summary")
    _fill(first, (say("sheet_part"), say("sheet_what"), say("sheet_action")), _summary(report))
    for section in report.sections:
        for place, table in enumerate(section.tables, start=1):
            number = f"{section.number}-{place}" if len(section.tables) > 1 else str(section.number)
            _fill(book.create_sheet(_sheet_name(number, table.title or section.title)), *_columns(table))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _summary(report: Report) -> Iterable[Row]:
    """What stands outside the tables: verdict, figures, what to do, and the sentences of every section."""
    yield Row((say(f"verdict_{report.standing}"), report.headline, ""), report.standing)
    for figure in report.figures:
        yield Row((figure.label, figure.value, figure.note))
    for todo in report.todos:
        yield Row((say("sheet_todo"), todo.text, todo.action), todo.standing, todo.link)
    for section in report.sections:
        title = f"{NUMERALS[section.number - 1]}、{section.title}"
        for sentence in section.sentences:
            yield Row((title, sentence, ""))
        for missing in section.not_measured:
            yield Row((title, f"{say('standing_not_measured')}：{missing}", ""), Standing.NOT_MEASURED)


def _columns(table: Table) -> tuple[Sequence[str], Iterable[Row]]:
    """Head and rows, with a column of its own for the standing where any row has one."""
    if not any(row.standing for row in table.rows):
        return table.head, table.rows
    rows = (Row((*row.cells, _standing(row.standing)), row.standing, row.link) for row in table.rows)
    return (*table.head, say("sheet_standing")), rows


def _standing(standing: Standing | None) -> str:
    return f"{SYMBOLS[standing]} {say(f'standing_{standing}')}" if standing else ""


def _fill(sheet: Worksheet, head: Sequence[str], rows: Iterable[Row]) -> None:
    widths = [0] * len(head)
    for column, text in enumerate(head, start=1):
        cell = _put(sheet, 1, column, text, widths)
        cell.font, cell.fill = Font(bold=True), _HEAD
    last = 1
    for last, row in enumerate(rows, start=2):
        for column, text in enumerate(row.cells, start=1):
            cell = _put(sheet, last, column, text, widths)
            if column == 1 and row.link.startswith(("http://", "https://")):
                cell.hyperlink = row.link
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, _WIDEST)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(head))}{last}"


def _put(sheet: Worksheet, row: int, column: int, text: str, widths: list[int]) -> Cell:
    shown = _CONTROL.sub("", text)[:_LONGEST_CELL]
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "no cells are merged"
    cell.value = shown
    cell.data_type = "s"  # a text that begins with = would else become a formula
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if column <= len(widths):
        widths[column - 1] = max(
            widths[column - 1], sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in shown)
        )
    return cell


def _sheet_name(number: str, title: str) -> str:
    return f"{number} {_NO_SHEET_NAME.sub(' ', title)}"[:_LONGEST_NAME].strip()
