from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from syndicate.channels.website import WebsiteDriver
from syndicate.model.channel import Channel, ChannelKind, FileReference, Rendition
from syndicate.model.delivery import (
    Absent,
    Action,
    Delivered,
    Job,
    NeedsPerson,
    Proof,
    Receipt,
    Step,
    StepResult,
    TryLater,
)
from syndicate.model.hands import Hands
from syndicate.model.site import Column
from syndicate.site.lock import site_lock
from syndicate.site.writer import verify
from tests.channels.office import (
    LADDER,
    NOON,
    MemoryCalls,
    MemoryFiles,
    MemoryNotes,
    MemorySecrets,
    MemoryVault,
    snapshot,
)
from tests.channels.rogue import RogueServer
from tests.disk import full_disk
from tests.site.site_ledger import MemoryLedger

TEMPLATES = Path(__file__).parents[2] / "content" / "templates"
WRITE = Step("write", True)


@dataclass
class Website:
    """A website channel of a small office, and what the driver says about it."""

    home: Path
    settings: dict[str, object] = field(default_factory=lambda: {"folder": "var/site"})
    files: MemoryFiles = field(default_factory=MemoryFiles)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)

    @property
    def root(self) -> Path:
        return self.home / "var" / "site"

    @property
    def channel(self) -> Channel:
        return Channel("website", ChannelKind.WEBSITE, "门户网站", LADDER, settings=self.settings)

    def driver(self, templates: dict[str, str] | None = None) -> WebsiteDriver:
        files = (file for file in TEMPLATES.rglob("*") if file.is_file())
        texts = {file.relative_to(TEMPLATES).as_posix(): file.read_text("utf-8") for file in files}
        news = Column("news", "云川要闻", "要闻", ("云川",), "动态要闻", "办公室", timedelta(days=14), 2)
        configured = replace(snapshot(), columns={"news": news}, templates=texts if templates is None else templates)
        vault, calls = MemoryVault(), MemoryCalls()
        hands = Hands(self.home, MemorySecrets(), vault, self.files, self.ledger, configured, calls, MemoryNotes())
        return WebsiteDriver(self.channel, hands)

    def job(self, item: int = 7, action: Action = Action.PUBLISH, now: datetime = NOON, **changes: object) -> Job:
        rendition = self.notice(item) if action is Action.RETRACT else self.rendition(item)
        job = Job(1, "key", item, 1, action, self.channel, rendition, (), {}, 1, now)
        return replace(job, **changes)  # type: ignore[arg-type]  # the changes are the test's own

    def rendition(self, item: int, **fields: str) -> Rendition:
        named = {"address": f"news/202611/{item}.html", "column": "news", "title": f"样稿{item}", "kind": "original"}
        return Rendition(
            "website", {**named, "source_name": "样例县", "field:索引号": "示例1", **fields}, "<p>正文</p>"
        )

    def notice(self, item: int) -> Rendition:
        fields = {"address": f"news/202611/{item}.html", "column": "news", "title": "该信息已撤下", "notice": "error"}
        return Rendition("website", fields, "<p>已撤下</p>")


@pytest.fixture
def website(tmp_path: Path) -> Website:
    return Website(tmp_path)


@pytest.fixture
def served(website: Website) -> Iterator[Website]:
    """The same website behind a real web server."""
    website.root.mkdir(parents=True)
    handler = partial(_QuietHandler, directory=str(website.root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        website.settings["probe_base_url"] = f"http://127.0.0.1:{server.server_address[1]}/"
        yield website
        server.shutdown()


class _QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def receipt_of(result: StepResult) -> Receipt:
    assert isinstance(result.outcome, Delivered)
    return result.outcome.receipt


def test_publishing_writes_a_whole_site_and_gives_a_receipt(website: Website) -> None:
    receipt = receipt_of(website.driver().perform(WRITE, website.job()))
    assert receipt.remote_id == "news/202611/7.html"
    assert receipt.url == "https://www.example.com/news/202611/7.html"
    assert receipt.at == NOON
    assert "样稿7" in (website.root / "news/202611/7.html").read_text("utf-8")
    assert "样稿7" in (website.root / "index.html").read_text("utf-8")
    assert verify(website.root).whole


def test_the_only_step_may_be_repeated_and_changes_nothing(website: Website) -> None:
    driver, job = website.driver(), website.job()
    assert driver.next_step(job) == WRITE
    first = receipt_of(driver.perform(WRITE, job))
    before = {file: file.stat().st_mtime_ns for file in website.root.rglob("*") if file.is_file()}
    assert receipt_of(driver.perform(WRITE, job)) == first
    assert {file: file.stat().st_mtime_ns for file in website.root.rglob("*") if file.is_file()} == before


def test_nobody_needs_to_know_whether_a_write_happened(website: Website) -> None:
    assert website.driver().find(WRITE, website.job()).answer == Absent()


def test_an_amendment_keeps_the_first_publication_time(website: Website) -> None:
    driver = website.driver()
    driver.perform(WRITE, website.job())
    later = website.job(action=Action.AMEND, now=NOON + timedelta(days=1))
    driver.perform(WRITE, replace(later, rendition=website.rendition(7, title="更正")))
    page = (website.root / "news/202611/7.html").read_text("utf-8")
    assert "更正" in page
    assert 'content="2026-11-26 12:00"' in page


def test_a_withdrawal_leaves_a_notice_that_counts_as_gone(website: Website) -> None:
    driver = website.driver()
    driver.perform(WRITE, website.job())
    job = website.job(action=Action.RETRACT)
    receipt = receipt_of(driver.perform(WRITE, job))
    assert "样稿7" not in (website.root / "index.html").read_text("utf-8")
    assert driver.read_back(receipt, job) == Proof(None)


def test_the_proof_on_the_disk_is_the_hash_of_the_receipt(website: Website) -> None:
    driver, job = website.driver(), website.job()
    receipt = receipt_of(driver.perform(WRITE, job))
    assert driver.read_back(receipt, job) == Proof(receipt.details["sha256"])


def test_the_proof_through_the_web_server_is_the_hash_of_the_receipt(served: Website) -> None:
    driver, job = served.driver(), served.job()
    receipt = receipt_of(driver.perform(WRITE, job))
    assert driver.read_back(receipt, job) == Proof(receipt.details["sha256"])
    (served.root / receipt.remote_id).write_text("<article>被篡改</article>")
    assert driver.read_back(receipt, job) != Proof(receipt.details["sha256"])
    (served.root / receipt.remote_id).unlink()
    assert driver.read_back(receipt, job) == Proof(None)
    driver.close()


def test_a_page_that_is_gone_from_the_disk_has_no_hash(website: Website) -> None:
    driver, job = website.driver(), website.job()
    receipt = receipt_of(driver.perform(WRITE, job))
    (website.root / receipt.remote_id).unlink()
    assert driver.read_back(receipt, job) == Proof(None)


@pytest.mark.parametrize("status", [500, 302, 403])
def test_a_web_server_that_answers_otherwise_proves_nothing(website: Website, rogue: RogueServer, status: int) -> None:
    rogue.answer(status, b"<article>x</article>")
    website.settings["probe_base_url"] = rogue.address
    assert website.driver().read_back(Receipt("news/202611/7.html", "", NOON), website.job()) is None


def test_a_web_server_that_is_away_proves_nothing(website: Website) -> None:
    website.settings["probe_base_url"] = "http://127.0.0.1:9"
    assert website.driver().read_back(Receipt("news/202611/7.html", "", NOON), website.job()) is None


def test_a_receipt_that_leads_out_of_the_site_proves_nothing(website: Website) -> None:
    assert website.driver().read_back(Receipt("../../secret", "", NOON), website.job()) is None


def test_a_disk_that_takes_no_more_is_tried_later_and_nothing_is_settled(website: Website) -> None:
    with full_disk(100):
        result = website.driver().perform(WRITE, website.job())
    assert isinstance(result.outcome, TryLater)
    assert "请腾出磁盘空间" in result.outcome.why.action_zh
    assert website.ledger.entries("website") == []
    assert isinstance(website.driver().perform(WRITE, website.job()).outcome, Delivered)


def test_a_site_that_somebody_else_writes_is_tried_later(website: Website) -> None:
    job = website.job()
    impatient = replace(job, channel=replace(job.channel, ladder=replace(LADDER, timeout=timedelta(milliseconds=30))))
    with site_lock(website.root, timedelta(seconds=1)):
        result = website.driver().perform(WRITE, impatient)
    assert isinstance(result.outcome, TryLater)
    assert result.code == "site.busy"


def test_an_address_that_leads_out_of_the_site_needs_a_person(website: Website) -> None:
    job = replace(website.job(), rendition=website.rendition(7, address="../../../x.html"))
    assert isinstance(website.driver().perform(WRITE, job).outcome, NeedsPerson)
    assert not list(website.home.glob("*.html"))


def test_a_lost_file_needs_a_person(website: Website) -> None:
    lost = replace(website.rendition(7), files=(FileReference("0" * 64, "方案.pdf", "application/pdf", "attachment"),))
    assert isinstance(website.driver().perform(WRITE, replace(website.job(), rendition=lost)).outcome, NeedsPerson)


def test_a_folder_outside_of_the_office_needs_a_person(website: Website) -> None:
    website.settings["folder"] = "../elsewhere"
    assert isinstance(website.driver().perform(WRITE, website.job()).outcome, NeedsPerson)


def test_a_broken_template_needs_a_person_and_is_named_in_the_reply(website: Website) -> None:
    result = website.driver({"website/article.html": "{{ nothing }}"}).perform(WRITE, website.job())
    assert isinstance(result.outcome, NeedsPerson)
    assert "content/templates/website/article.html" in result.reply


def test_two_publications_at_once_lose_no_line_of_any_list(website: Website) -> None:
    driver = website.driver()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda item: driver.perform(WRITE, website.job(item)), range(1, 9)))
    assert all(isinstance(result.outcome, Delivered) for result in results)
    page = (website.root / "news/index.html").read_text("utf-8")
    assert all(f"样稿{item}<" in page for item in range(1, 9))
    assert verify(website.root).whole


def test_the_ledger_keeps_the_official_fields(website: Website) -> None:
    website.driver().perform(WRITE, website.job())
    (entry,) = website.ledger.entries("website")
    assert dict(entry.fields) == {"索引号": "示例1"}
