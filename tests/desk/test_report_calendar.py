"""日报日历: a month of reports, each with its standing and formats, and the longer ones of the year."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syndicate.flow.report import write_report
from syndicate.model.period import Span
from tests.desk.office import SYNC, Office

DAY = date(2026, 11, 25)


def page(client: Client, month: str = "") -> str:
    response = client.get("/reports", {"month": month} if month else {})
    assert response.status_code == 200
    return response.content.decode()


def test_a_day_shows_its_standing_by_word_and_by_shape(office: Office, editor: Client) -> None:
    written = write_report(office.workspace, SYNC, DAY)
    text = page(editor)
    cell = text.split('<time datetime="2026-11-25">')[1].split("</td>")[0]
    assert f"standing {written.report.standing}" in cell
    assert any(shape in cell for shape in "○△×—")


def test_a_day_links_the_newest_report_of_each_format(office: Office, editor: Client) -> None:
    old = write_report(office.workspace, SYNC, DAY)
    office.wait(minutes=1)
    new = write_report(office.workspace, SYNC, DAY)
    book = write_report(office.workspace, SYNC, DAY, file_format="xlsx")
    cell = page(editor).split('<time datetime="2026-11-25">')[1].split("</td>")[0]
    assert [name in cell for name in (old.path.name, new.path.name, book.path.name)] == [False, True, True]


def test_every_file_stays_in_the_list_below(office: Office, editor: Client) -> None:
    old = write_report(office.workspace, SYNC, DAY)
    office.wait(minutes=1)
    write_report(office.workspace, SYNC, DAY)
    assert old.path.name in page(editor)
    assert old.sha256[:16] in page(editor)


def test_reports_of_longer_periods_stand_below_the_month(office: Office, editor: Client) -> None:
    for span in (Span.WEEK, Span.MONTH, Span.QUARTER, Span.YEAR):
        write_report(office.workspace, SYNC, DAY, span=span)
    text = page(editor)
    for name in ("2026-W48", "2026-11", "2026-Q4", "2026"):
        assert f"<strong>{name}</strong>" in text


def test_another_month_can_be_asked_for(office: Office, editor: Client) -> None:
    write_report(office.workspace, SYNC, date(2026, 10, 7))
    assert 'datetime="2026-10-07"' in page(editor, "2026-10")
    assert "month=2026-10" in page(editor)


@pytest.mark.parametrize("month", ["2026-13", "2031-01", "x", "2026-11'--", "0000-00", "２０２６-11"])
def test_nonsense_and_what_is_to_come_is_the_present_month(office: Office, editor: Client, month: str) -> None:
    assert 'datetime="2026-11-26"' in page(editor, month)


def test_there_is_no_way_into_the_future(office: Office, editor: Client) -> None:
    assert "month=2026-12" not in page(editor)


def test_a_report_of_a_week_is_named_after_its_week(office: Office, editor: Client) -> None:
    name = write_report(office.workspace, SYNC, DAY, span=Span.WEEK).path.name
    assert 'sandbox title="2026-W48 周报"' in editor.get(f"/reports/{name}").content.decode()


def test_a_full_month_needs_few_queries_and_little_room(office: Office, editor: Client) -> None:
    from syndicate.records import office as office_records
    from syndicate.records.office import ReportRecord

    for number in range(1, 31):
        for suffix in ("html", "pdf", "xlsx"):
            path = f"var/reports/2026-11-{number:02}-20261126T120000-abcdef01.{suffix}"
            office_records.add_report(ReportRecord(date(2026, 11, number), office.now, "warning", path, "0" * 64))
    with CaptureQueriesContext(connection) as asked:
        text = page(editor)
    assert len(asked) <= 15
    assert len(text) < 150_000
