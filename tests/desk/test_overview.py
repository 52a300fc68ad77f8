from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from syndicate.errors import Message
from syndicate.flow.report import write_report
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import NeedsPerson
from syndicate.model.review import WithdrawalKind
from tests.desk.office import PUBLISHER, SYNC, Office


def test_the_overview_says_what_needs_somebody_now(office: Office, editor: Client) -> None:
    office.reprint("寒潮防范通知", "<p>文</p>", 1)
    office.published("食品检查", weibo=NeedsPerson(Message("ledger.never_arrives")))
    withdraw(office.workspace, PUBLISHER, office.published("旧通知"), WithdrawalKind.SUPERSEDED, "已更新")
    text = editor.get("/").content.decode()
    for words in ("剩 1 小时", "寒潮防范通知", "投递停下了", "旧通知", "已被取代", "栏目更新"):
        assert words in text


def test_a_source_that_fails_is_shown_with_its_reason(office: Office, editor: Client) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from syndicate.model.source import Source, SourceKind, SyncResult
    from syndicate.records import sources

    source = Source("sample", "样例信源", SourceKind.FEED, "https://example.gov.cn/rss", "reprints", "样例机关")
    office.workspace.snapshot = replace(office.workspace.snapshot, sources={"sample": source})
    before = office.now - timedelta(days=1)
    health = sources.Health(
        "sample", SyncResult.WALL, Message("ledger.expired"), office.now, before, before, 3, None, "", ""
    )
    sources.store_health(health)
    text = editor.get("/").content.decode()
    assert "样例信源" in text
    assert "被拦截" in text


def written(office: Office) -> Path:
    return write_report(office.workspace, SYNC, date(2026, 11, 25)).path


def test_reports_are_listed_and_shown_in_a_sandboxed_frame(office: Office, editor: Client) -> None:
    name = written(office).name
    assert name in editor.get("/reports").content.decode()
    assert 'sandbox title="2026-11-25 日报"' in editor.get(f"/reports/{name}").content.decode()


def test_a_report_runs_nothing(office: Office, editor: Client) -> None:
    response = editor.get(f"/reports/{written(office).name}/sheet")
    assert "日报" in response.content.decode()
    assert response.headers["Content-Security-Policy"].endswith("sandbox")
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_report_that_somebody_changed_is_not_shown(office: Office, editor: Client) -> None:
    path = written(office)
    path.write_text("无事发生", "utf-8")
    response = editor.get(f"/reports/{path.name}/sheet")
    assert response.status_code == 409
    assert "可能已被改动" in response.content.decode()


@pytest.mark.parametrize("name", ["nothing.html", "..", "%2e%2e%2fsyndicate.sqlite3", "....//secrets"])
def test_only_written_reports_can_be_asked_for(office: Office, editor: Client, name: str) -> None:
    written(office)
    assert editor.get(f"/reports/{name}").status_code == 404
