"""报告邮件: each address gets each report once, as page and PDF; what fails is told and tried again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.flow import posting
from syndicate.flow.report import Written, write_report
from syndicate.model.notice import MailServer, Security
from syndicate.model.period import Span
from syndicate.records import models
from syndicate.records import notices as notice_records
from tests.desk.office import SYNC, Office
from tests.mail_server import MailBox, mail_server

LIST = ("leader@example.gov.cn", "duty@example.gov.cn")
DAY = timedelta(days=1)


@pytest.fixture
def mailed(office: Office) -> Iterator[tuple[Office, MailBox]]:
    """An office whose daily report goes to two addresses, beside a mail server."""
    with mail_server() as box:
        server = MailServer("127.0.0.1", box.port, Security.NONE, "编辑工作台 <desk@example.gov.cn>")
        snapshot = office.workspace.snapshot
        rules = replace(
            snapshot.notices, mail=server, desk="https://desk.example.gov.cn", events={}, reports={Span.DAY: LIST}
        )
        office.workspace.snapshot = replace(snapshot, notices=rules)
        yield office, box


def yesterdays(office: Office, **more: object) -> Written:
    return write_report(office.workspace, SYNC, office.now.date() - DAY, **more)  # type: ignore[arg-type]


def test_every_address_gets_the_report(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    assert yesterdays(office).letters == 2
    posting.post(office.workspace)
    assert sorted(box.to) == sorted(LIST)


def test_the_letter_holds_the_page_as_it_was_written_and_the_list_of_what_to_do(
    mailed: tuple[Office, MailBox],
) -> None:
    office, box = mailed
    written = yesterdays(office)
    posting.post(office.workspace)
    letter = box.taken[0]
    page, text = letter.get_body(("html",)), letter.get_body(("plain",))
    assert page is not None
    assert text is not None
    assert page.get_content().splitlines() == written.path.read_text("utf-8").splitlines()
    assert written.report.headline in text.get_content()
    assert "https://desk.example.gov.cn/reports" in text.get_content()


def test_the_pdf_goes_along_or_the_letter_says_what_this_machine_lacks(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    yesterdays(office)
    posting.post(office.workspace)
    files = list(box.taken[0].iter_attachments())
    text = box.taken[0].get_body(("plain",))
    assert text is not None
    if files:
        assert (files[0].get_filename(), files[0].get_content()[:5]) == ("2026-11-25.pdf", b"%PDF-")
    else:
        assert "不能生成 PDF" in text.get_content()


def test_the_subject_names_office_period_and_standing(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    yesterdays(office)
    posting.post(office.workspace)
    for words in ("日报", "2026-11-25", "："):
        assert words in box.taken[0]["Subject"]


def test_a_report_that_is_written_again_is_not_sent_again(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    yesterdays(office)
    posting.post(office.workspace)
    office.wait(hours=1)
    assert yesterdays(office).letters == 0
    posting.post(office.workspace)
    assert len(box.taken) == 2


def test_a_server_that_is_away_is_tried_again_and_the_failure_is_told(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    box.answer = "451 later"
    yesterdays(office)
    assert posting.post(office.workspace).waiting == 2
    count, why = notice_records.troubled_letters(office.now - DAY)
    assert count
    assert why is not None
    assert why.zh
    assert why.action_zh
    box.answer = "250 OK"
    office.wait(hours=7)
    assert posting.post(office.workspace).sent == 2


def test_an_unknown_address_stops_nobody_else(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    box.refuses = {LIST[0]}
    yesterdays(office)
    run = posting.post(office.workspace)
    assert (run.sent, run.given_up, box.to) == (1, 1, [LIST[1]])


def test_a_running_day_and_a_day_told_again_go_to_nobody(mailed: tuple[Office, MailBox]) -> None:
    office, _ = mailed
    assert write_report(office.workspace, SYNC, office.now.date()).letters == 0
    assert yesterdays(office, as_of=office.now - timedelta(hours=30)).letters == 0


def test_a_report_of_last_month_is_no_news_any_more(mailed: tuple[Office, MailBox]) -> None:
    office, _ = mailed
    assert write_report(office.workspace, SYNC, office.now.date() - 30 * DAY).letters == 0


def test_a_week_that_nobody_asked_for_goes_to_nobody(mailed: tuple[Office, MailBox]) -> None:
    office, _ = mailed
    assert write_report(office.workspace, SYNC, office.now.date() - 7 * DAY, span=Span.WEEK).letters == 0


def test_a_file_that_was_changed_meanwhile_does_not_leave_the_house(mailed: tuple[Office, MailBox]) -> None:
    office, box = mailed
    yesterdays(office).path.write_text("无事发生", "utf-8")
    posting.post(office.workspace)
    text = box.taken[0].get_body(("plain",))
    assert text is not None
    assert "与写成时不一致" in text.get_content()
    assert box.taken[0].get_body(("html",)) is None


def test_a_letter_names_the_report_it_brings(mailed: tuple[Office, MailBox]) -> None:
    office, _ = mailed
    written = yesterdays(office)
    paths = {row.report.path for row in models.Letter.objects.exclude(report=None) if row.report}
    assert paths == {str(written.path.relative_to(office.home))}
