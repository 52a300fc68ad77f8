"""报告邮件: a report goes to a list of addresses, each once: the page in the letter, the PDF beside it."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache

from syndicate.errors import Message, SyndicateError
from syndicate.flow.letters import MAIL
from syndicate.flow.printing import make_pdf
from syndicate.flow.workspace import Workspace
from syndicate.inspection.wording import say
from syndicate.model.hashing import digest
from syndicate.model.inspection import Report
from syndicate.model.notice import Enclosure, Envelope
from syndicate.model.period import Period
from syndicate.records import notices
from syndicate.records.notices import LetterRecord
from syndicate.records.office import ReportRecord, report_at


def send_report(workspace: Workspace, period: Period, report: Report, record: ReportRecord) -> int:
    """Put one letter for everybody on the list into the outbox; returns how many. Within the caller's transaction.

    Whoever has, or is to have, a letter with the report of this period already gets none: the first one counts.
    """
    rules, now = workspace.snapshot.notices, workspace.now()
    addresses = rules.reports.get(period.span, ()) if rules.mail else ()
    subject = f"{report.office} {report.title} {period.name}：{say(f'verdict_{report.standing}')}"
    body = _body(workspace, report)
    written = [
        LetterRecord(
            0, MAIL, "", address, _id(workspace, period, address), subject, body, now, now, 0, report=record.path
        )
        for address in addresses
    ]
    return notices.write_letters(written)


def _id(workspace: Workspace, period: Period, address: str) -> str:
    """A Message-ID that is the same for every report of one period to one address."""
    named = digest(["syndicate report", period.span, period.name, address])
    return f"<{named[:32]}@{workspace.snapshot.office.domain}>"


def _body(workspace: Workspace, report: Report) -> str:
    """What a reader without HTML sees."""
    todos = [f"{number}. {todo.text}\n   {todo.action}" for number, todo in enumerate(report.todos, start=1)]
    foot = Message("report.mail_foot", {"desk": workspace.snapshot.notices.desk})
    head = f"{report.office} {report.title}\n{report.day_text}\n\n{report.headline}"
    return "\n\n".join([head, *todos, f"--\n{foot.zh}\n{foot.en}\n{workspace.snapshot.notices.desk}/reports"]) + "\n"


def with_report(workspace: Workspace, letter: LetterRecord, envelope: Envelope) -> Envelope:
    """The envelope of a letter with the report that it brings along; one that is no longer as it was written stays out."""
    path = workspace.home / letter.report
    page = path.read_bytes() if path.is_file() else b""
    record = report_at(letter.report)
    if record is None or hashlib.sha256(page).hexdigest() != record.sha256:
        return replace(envelope, body=f"{Message('report.mail_changed').zh}\n\n{envelope.body}")
    pdf, why = _pdf(page)
    if pdf is None:
        return replace(envelope, page=page.decode(), body=f"{envelope.body}\n{why}\n")
    name = path.name.rsplit("-", 2)[0]
    return replace(envelope, page=page.decode(), enclosures=(Enclosure(f"{name}.pdf", "application/pdf", pdf),))


@lru_cache(maxsize=2)
def _pdf(page: bytes) -> tuple[bytes | None, str]:
    """The page as PDF, made once for all addresses; or why this machine cannot."""
    try:
        return make_pdf(page.decode()), ""
    except SyndicateError as error:
        return None, f"{error.message.zh}{error.message.en}"
