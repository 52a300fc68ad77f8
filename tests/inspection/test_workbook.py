from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook, load_workbook

from syndicate.inspection.workbook import to_xlsx
from syndicate.model.inspection import Indicator, Report, Row, Section, Standing, Table
from tests.inspection.sample_day import facts
from tests.inspection.write_golden import report_of


@pytest.fixture
def report(index: tuple[Indicator, ...]) -> Report:
    """The report of the invented day."""
    return report_of(facts(), index)


def _read(report: Report) -> Workbook:
    return load_workbook(io.BytesIO(to_xlsx(report)))


def _with_cells(report: Report, *cells: str, title: str = "表", link: str = "") -> Workbook:
    table = Table(title, tuple("头" for _ in cells), (Row(cells, None, link),))
    return _read(replace(report, sections=(Section(1, "节", (), (table,)),)))


def test_every_table_has_a_sheet_of_its_own(report: Report) -> None:
    tables = sum(len(section.tables) for section in report.sections)
    assert len(_read(report).sheetnames) == tables + 1


def test_the_first_sheet_begins_with_the_verdict(report: Report) -> None:
    assert _read(report)["概要"]["B2"].value == report.headline


def test_every_sentence_of_the_report_is_in_the_summary(report: Report) -> None:
    told = {row[1] for row in _read(report)["概要"].iter_rows(values_only=True)}
    assert {one for section in report.sections for one in section.sentences} <= told


def test_the_head_of_every_sheet_stays_and_filters(report: Report) -> None:
    book = _read(report)
    assert {(book[name].freeze_panes, book[name].auto_filter.ref[:3]) for name in book.sheetnames} == {("A2", "A1:")}


def test_a_standing_is_told_by_sign_and_word(report: Report) -> None:
    table = Table("表", ("项目",), (Row(("甲",), Standing.BREACHED),))
    book = _read(replace(report, sections=(Section(1, "节", (), (table,)),)))
    assert [cell.value for cell in book["1 表"][2]] == ["甲", "× 已触发"]


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)"])
def test_no_cell_is_a_formula(report: Report, text: str) -> None:
    cell = _with_cells(report, text)["1 表"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_characters_that_a_workbook_cannot_hold_are_left_out(report: Report) -> None:
    assert _with_cells(report, "甲\x00\x0b\ud800乙")["1 表"]["A2"].value == "甲乙"


def test_a_title_that_no_sheet_may_have_is_made_fit(report: Report) -> None:
    names = _with_cells(report, "甲", title="a/b:c*d?[e]'" + "很长的表名" * 9).sheetnames
    assert names[1].startswith("1 a b c d") and len(names[1]) <= 31


@pytest.mark.parametrize(("link", "kept"), [("https://www.example.gov.cn/", True), ("javascript:alert(1)", False)])
def test_only_web_addresses_become_links(report: Report, link: str, kept: bool) -> None:
    assert (_with_cells(report, "甲", link=link)["1 表"]["A2"].hyperlink is not None) is kept


def test_the_file_names_no_program_path_or_user(report: Report) -> None:
    with zipfile.ZipFile(io.BytesIO(to_xlsx(report))) as archive:
        assert report.office in archive.read("docProps/core.xml").decode()
