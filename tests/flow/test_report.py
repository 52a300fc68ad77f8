"""日报: written once with its hash in the audit, and its words say what the records imply."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.errors import Conflict, NotFound, StorageError
from syndicate.flow.report import Written, kept_reports_between, make_report, read_kept_report, rendered, write_report
from syndicate.model.inspection import Report, Standing
from syndicate.model.review import Actor, Role
from syndicate.records import audit
from tests.conftest import lack
from tests.flow.office import Desk
from tests.flow.scripted_day import Day, scripted_day

CRON = Actor("cron", Role.SYSTEM, "cli")


@pytest.fixture(scope="module")
def day(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with scripted_day(sqlite_template, tmp_path_factory.mktemp("report") / "office") as played:
        yield played


@pytest.fixture(scope="module")
def written(day: Day) -> Written:
    return write_report(day.desk.workspace, CRON, day.date)


def _cells(report: Report, number: int) -> set[tuple[str, ...]]:
    (section,) = [one for one in report.sections if one.number == number]
    return {row.cells for table in section.tables for row in table.rows}


def test_a_report_stands_where_its_record_says(day: Day, written: Written) -> None:
    (kept,) = kept_reports_between(day.date, day.date)
    assert day.desk.home / kept.record.path == written.path


def test_the_hash_is_that_of_the_file(written: Written) -> None:
    assert hashlib.sha256(written.path.read_bytes()).hexdigest() == written.sha256


def test_the_audit_names_the_report_once_with_its_hash(day: Day, written: Written) -> None:
    rows = [row for row in audit.of_subject(f"report:{day.date}") if row.data["sha256"] == written.sha256]
    assert [(row.action, row.actor) for row in rows] == [("report.written", "cron")]


def test_the_report_counts_what_was_decided(written: Written) -> None:
    said = "".join(sentence for section in written.report.sections for sentence in section.sentences)
    assert "送审9件，终审通过5件，退回1件" in said.replace(" ", "")


def test_the_report_lists_every_reprint_that_is_a_duty(written: Written) -> None:
    titles = {cells[0] for cells in _cells(written.report, 7)}
    assert titles >= {"放假安排的通知", "自媒体的文章", "含有禁用词甲的通知", "只有日期的通知"}


def test_the_report_does_not_list_what_was_set_aside(written: Written) -> None:
    assert "外地的通知" not in {cells[0] for cells in _cells(written.report, 7)}


def test_the_report_says_which_source_is_in_trouble(written: Written) -> None:
    (row,) = [cells for cells in _cells(written.report, 7) if cells[0] == "样例信源gone"]
    assert any("HTTP 404" in cell for cell in row)


def test_what_was_not_measured_is_said(written: Written) -> None:
    assert any(section.not_measured for section in written.report.sections)


def test_a_report_of_a_sample_office_says_so(written: Written) -> None:
    assert (written.report.sample, "样例" in written.path.read_text("utf-8")) == (True, True)


def test_no_markup_of_others_stands_in_the_report(written: Written) -> None:
    assert "<script" not in written.path.read_text("utf-8").lower()


def test_a_report_can_be_had_as_json(day: Day, written: Written) -> None:
    document = json.loads(rendered(day.desk.workspace, written.report, "json"))
    assert document["day"] == str(day.date)


def test_the_same_moment_gives_the_same_report(day: Day) -> None:
    workspace = day.desk.workspace
    assert make_report(workspace, day.date) == make_report(workspace, day.date)


def test_making_a_report_writes_nothing(day: Day, written: Written) -> None:
    make_report(day.desk.workspace, day.date)
    assert len(kept_reports_between(day.date, day.date)) == 1


def test_a_day_on_which_nothing_happened_has_a_report(desk: Desk) -> None:
    report = make_report(desk.workspace, desk.now.date())
    assert (report.day, report.standing in Standing) == ("2026-11-26", True)


def test_an_earlier_report_of_the_same_day_stays_beside_the_new_one(desk: Desk) -> None:
    first = write_report(desk.workspace, CRON, desk.now.date())
    desk.wait(timedelta(hours=1))
    second = write_report(desk.workspace, CRON, desk.now.date())
    assert (first.path != second.path, first.path.is_file()) == (True, True)


def test_a_kept_report_is_read_as_it_was_written(desk: Desk) -> None:
    one = write_report(desk.workspace, CRON, desk.now.date())
    assert read_kept_report(desk.workspace, one.path.name)[1] == one.path.read_bytes()


def test_a_report_that_somebody_changed_is_not_shown(desk: Desk) -> None:
    one = write_report(desk.workspace, CRON, desk.now.date())
    one.path.write_bytes(one.path.read_bytes() + b" ")
    with pytest.raises(Conflict):
        read_kept_report(desk.workspace, one.path.name)


@pytest.mark.parametrize("name", ["../../content/office.yaml", "none.html", ""])
def test_only_reports_are_read_as_reports(desk: Desk, name: str) -> None:
    with pytest.raises(NotFound):
        read_kept_report(desk.workspace, name)


def test_a_report_that_cannot_be_written_is_not_recorded(desk: Desk) -> None:
    (desk.home / "var" / "reports").write_text("in the way", "utf-8")
    with pytest.raises(StorageError):
        write_report(desk.workspace, CRON, desk.now.date())
    assert kept_reports_between(desk.now.date(), desk.now.date()) == ()


def test_a_workbook_is_kept_like_the_page(desk: Desk) -> None:
    one = write_report(desk.workspace, CRON, desk.now.date(), file_format="xlsx")
    kept, data = read_kept_report(desk.workspace, one.path.name)
    assert (kept.suffix, data[:2]) == ("xlsx", b"PK")


def test_a_pdf_is_kept_like_the_page(desk: Desk) -> None:
    try:
        one = write_report(desk.workspace, CRON, desk.now.date(), file_format="pdf")
    except NotFound as error:
        lack(str(error))
    kept, data = read_kept_report(desk.workspace, one.path.name)
    assert (kept.suffix, data[:5]) == ("pdf", b"%PDF-")
