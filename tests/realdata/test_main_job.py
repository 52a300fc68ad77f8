"""The main job on real recorded material: 60 State Council documents from a list to receipts on every channel."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import html5lib
import pytest

from syndicate.engine.embedded import Runner
from syndicate.flow.decide import Vote, decide
from syndicate.flow.practice import PracticeAddresses, write_practice_office
from syndicate.flow.sync import sync
from syndicate.flow.website import verify_site
from syndicate.flow.workspace import Workspace, open_workspace
from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Severity
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, Role, Verdict
from syndicate.net.fetcher import Fetcher
from syndicate.records import deliveries, findings, items, receipts
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from syndicate.sandbox.folder_server import FolderServer
from syndicate.sandbox.settings import LedSettings, Settings
from tests.databases import on_one

PUBLISHER = Actor("样例终审", Role.PUBLISHER, "cli")

SOURCE = """
title: 国务院政策文件（实录）
kind: json
url: {base}/list.json
column: reprints
organ: 国务院
white_list: [国务院办公厅]
first_run: 100
allow: ["{host}"]
list: {{rows: "", url: URL, title: TITLE, published: DOCRELPUBTIME}}
article: {{body: "#UCAP-CONTENT"}}
"""


class MovedClock:
    """The real time plus what the test has skipped; office and platforms share it."""

    def __init__(self) -> None:
        self.skipped = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped


@contextmanager
def recorded_source(data: Path, folder: Path) -> Iterator[str]:
    """The recorded list and pages behind a web server; addresses lead to it."""
    rows = json.loads((data / "pages" / "govcn_list.json").read_text("utf-8"))
    for page in (data / "pages" / "govcn").glob("*.html"):
        shutil.copy(page, folder)
    server = FolderServer(folder)
    base = server.start()
    for row in rows:
        row["URL"] = f"{base}/{row['URL'].rsplit('/', 1)[1].replace('.htm', '.html')}"
    (folder / "list.json").write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    yield base
    server.stop()


def settle(workspace: Workspace, clock: MovedClock) -> None:
    """Drain until nothing waits any more, skipping every wait: quotas of days pass in a moment."""
    for _ in range(400):
        Runner(workspace).drain()
        now = workspace.now()
        due = deliveries.next_due(now)
        if due is None:
            return
        clock.skipped += due - now
    raise AssertionError("the ledger never came to rest")


@pytest.mark.timeout(280)
@on_one
def test_sixty_state_council_documents_reach_all_channels(data: Path, records: Path, tmp_path: Path) -> None:
    clock = MovedClock()
    drill = Settings(led=LedSettings(records / "var" / "led"))
    site = FolderServer(records / "var" / "site")
    folder = tmp_path / "source"
    folder.mkdir()
    sandbox = Sandbox(FaultPlan(()), Clock(clock), drill)
    with recorded_source(data, folder) as base, sandbox as platforms:
        addresses = PracticeAddresses(
            platforms.weibo, platforms.wechat, platforms.app, platforms.led, base, site.start()
        )
        write_practice_office(records, addresses, drill)
        # Weibo takes 30 posts an hour: the office waits for the next hour, as a real one does for up to 72 hours.
        ladders = records / "content" / "ladders.yaml"
        ladders.write_text(ladders.read_text("utf-8").replace("give_up: 2m", "give_up: 72h"), "utf-8")
        for sample in (records / "content" / "sources").glob("*.yaml"):
            sample.unlink()
        host = base.removeprefix("http://")
        (records / "content" / "sources").mkdir(exist_ok=True)
        (records / "content" / "sources" / "guowuyuan.yaml").write_text(SOURCE.format(base=base, host=host), "utf-8")
        workspace = open_workspace(records, clock)
        (result,) = sync(workspace, Fetcher(clock=workspace.now, gap=timedelta(0)))
        assert (result.new, result.failed) == (60, 0)
        queued = items.listed((ItemState.SUBMITTED,), 100)
        for item in queued:
            found = findings.of_revision(items.latest_revision(item.id).id)
            blocking = {finding.rule for finding in found if finding.severity is Severity.BLOCK}
            decide(workspace, PUBLISHER, item.id, Vote(Verdict.APPROVE, 1, overrides=dict.fromkeys(blocking, "实录")))
        settle(workspace, clock)
        rows = [row for item in queued for row in deliveries.of_item(item.id)]
        undone = [
            (row.item, row.channel, row.state, row.message) for row in rows if row.state is not DeliveryState.DELIVERED
        ]
        assert undone == []
        assert len(rows) == 300
        assert all(len({one.channel for one in receipts.held(item.id)}) == 5 for item in queued)
        assert verify_site(workspace).whole
        parser = html5lib.HTMLParser(strict=True)
        pages = sorted((records / "var" / "site").rglob("*.html"))
        for page in pages:
            parser.parse(page.read_text("utf-8"))
        assert len(pages) > 60
        workspace.close()
        site.stop()
