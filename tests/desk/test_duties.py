"""The page of required reprints, incidents on the overview, targets beside the figures."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syndicate.flow import incidents
from syndicate.flow.require import require
from syndicate.model.source import SyncResult
from syndicate.records import audit, sources
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, REVIEWER, Office


def listing(office: Office, title: str = "上级通知（样例）", hours: float = 5, url: str = "") -> bytes:
    deadline = office.workspace.now() + timedelta(hours=hours)
    return f"标题,网址,时限,稿源\n{title},{url},{deadline:%Y-%m-%d %H:%M},示例省政府网\n".encode()


def uploaded(data: bytes, name: str = "清单.csv") -> dict[str, SimpleUploadedFile]:
    return {"list": SimpleUploadedFile(name, data)}


def shown(client: Client) -> str:
    return client.get("/reprints").content.decode()


def test_a_list_is_uploaded_and_its_duties_stand_there_with_the_time_left(office: Office, editor: Client) -> None:
    assert editor.post("/reprints/take", uploaded(listing(office))).status_code == 302
    page = shown(editor)
    assert "已存入清单：新增 1 条" in page
    office.wait(seconds=1)
    page = shown(editor)
    for words in ("上级通知（样例）", "示例省政府网", "剩 4 小时", "清单要求", "还没有稿件"):
        assert words in page


def test_a_list_with_a_wrong_row_is_refused_and_the_row_is_named(office: Office, editor: Client) -> None:
    answer = editor.post("/reprints/take", uploaded("标题,时限\n甲,尽快\n".encode()))
    assert answer.status_code == 400
    assert "第 2 行时限“尽快”看不懂" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"", "a.csv"), (b"MZ\x00\x00", "a.exe"), (b"PK\x03\x04x", "a.xlsx")],
    ids=["empty", "exe", "zip"],
)
def test_what_is_no_list_is_refused(office: Office, editor: Client, data: bytes, name: str) -> None:
    assert editor.post("/reprints/take", uploaded(data, name)).status_code == 400


def test_without_a_file_the_page_says_so(office: Office, editor: Client) -> None:
    assert "没有选择文件" in editor.post("/reprints/take").content.decode()


def test_a_title_from_a_list_is_never_markup(office: Office, editor: Client) -> None:
    require(office.workspace, EDITOR, listing(office, "<b>甲</b>"), "a.csv")
    office.wait(seconds=1)
    assert "&lt;b&gt;甲&lt;/b&gt;" in shown(editor)


def test_a_duty_that_is_missing_is_counted_and_marked(office: Office, editor: Client) -> None:
    require(office.workspace, EDITOR, listing(office, hours=1), "a.csv")
    office.wait(hours=3)
    page = shown(editor)
    assert "逾期未转载 1 条" in page
    assert "超时 2 小时" in page


def test_a_duty_leads_to_its_item(office: Office, editor: Client) -> None:
    number = office.reprint("寒潮防范通知", "<p>文</p>", 5)
    office.wait(seconds=1)
    assert f'<a href="/items/{number}">寒潮防范通知</a>' in shown(editor)


def test_a_reviewer_takes_something_off_the_list_with_a_reason(office: Office, log_in: LogIn) -> None:
    require(office.workspace, EDITOR, listing(office), "a.csv")
    office.wait(seconds=1)
    reviewer = log_in(REVIEWER)
    assert "移出清单" in shown(reviewer)
    assert reviewer.post("/reprints/1/excuse", {"reason": " "}).status_code == 403
    assert reviewer.post("/reprints/1/excuse", {"reason": "原文已撤下"}).status_code == 302
    office.wait(seconds=1)
    assert "上级通知（样例）" not in shown(reviewer)
    assert list(audit.everything())[-1].action == "reprint.excused"


def test_who_may_not_sees_neither_form(office: Office, log_in: LogIn) -> None:
    require(office.workspace, EDITOR, listing(office), "a.csv")
    office.wait(seconds=1)
    page = shown(log_in(ADMIN))
    assert "上传清单" not in page
    assert "移出清单" not in page


def test_the_page_needs_few_queries_however_long_the_list(office: Office, editor: Client) -> None:
    for number in range(12):
        office.reprint(f"通知{number}", "<p>文</p>", 5)
    office.wait(seconds=1)
    shown(editor)
    with CaptureQueriesContext(connection) as queries:
        page = shown(editor)
    assert len(queries) <= 15
    assert len(page.encode()) < 150_000


def test_open_incidents_stand_on_the_overview_with_the_time_left(office: Office, editor: Client) -> None:
    name = next(iter(office.workspace.snapshot.sources))
    sources.begin_incident(name, SyncResult.WALL, None, office.now)
    incidents.watch_over(office.workspace)
    office.wait(hours=4)
    page = editor.get("/").content.decode()
    for words in ("故障与整改时限", "信源异常", "剩 20 小时", 'href="/sources"'):
        assert words in page
    sources.end_incident(name, office.now)
    incidents.watch_over(office.workspace)
    assert "故障与整改时限" not in editor.get("/").content.decode()


def test_the_targets_stand_beside_the_figures(office: Office, editor: Client) -> None:
    for number in range(40):
        at = office.now - timedelta(hours=number + 1)
        office_records.add_probe(ProbeRecord(at, "site", "https://x/", number != 3, 200, 300, ""))
    page = editor.get("/figures").content.decode()
    assert "本单位目标（近 14 天）" in page
    assert "97.5%" in page
    assert "未达标" in page
    assert "未测量" in page
