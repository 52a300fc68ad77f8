"""A visitor with a real Chromium and no scripts: from a page of the site to the form, the receipt and the answer."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from syndicate.config.secrets import OFFICE_KEY
from syndicate.flow import handling_feedback
from syndicate.flow.handling_feedback import Answer
from syndicate.public.serving import make_server
from syndicate.records import feedback
from syndicate.site.facts import site_facts
from syndicate.site.pages import Pages
from tests.conftest import lack
from tests.databases import on_one
from tests.flow.office import PUBLISHER
from tests.public.feedback_office import PublicOffice, public_snapshot
from tests.site.test_browser import TAGS

pytestmark = on_one


class Front:
    """What nginx does: files of the site, and the public application behind them."""

    def __init__(self) -> None:
        self.files: dict[str, tuple[str, bytes]] = {}
        self.behind: WSGIApplication | None = None

    def __call__(self, environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        found = self.files.get(environment["PATH_INFO"].lstrip("/"))
        if found is None:
            assert self.behind is not None
            return self.behind(environment, start)
        start("200 OK", [("Content-Type", found[0]), ("Content-Length", str(len(found[1])))])
        return [found[1]]


@dataclass
class Town:
    """The office, where its site is served, and a browser without scripts."""

    office: PublicOffice
    address: str
    page: Page
    front: Front


def site_files(pages: Pages) -> dict[str, tuple[str, bytes]]:
    """A page of the site with what it loads."""
    return {
        "map.html": ("text/html; charset=utf-8", pages.map),
        pages.style_path: ("text/css", pages.style),
        "assets/mood.css": ("text/css", pages.mood()),
        "assets/leaving.js": ("text/javascript", pages.file("leaving.js")),
        "favicon.svg": ("image/svg+xml", pages.file("favicon.svg")),
        "assets/find-error.svg": ("image/svg+xml", pages.file("find-error.svg")),
        "assets/organ-mark.svg": ("image/svg+xml", pages.file("organ-mark.svg")),
    }


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        lack("Chromium is not installed: apt-get install chromium")
        return
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright's loop is not ours: Django need not fear it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def town(records: Path, now: datetime, browser: Browser, tmp_path: Path) -> Iterator[Town]:
    key = records / "var" / "secrets" / OFFICE_KEY
    key.parent.mkdir(mode=0o700)
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    front = Front()
    server = make_server(front, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.effective_port}"
    office = PublicOffice(records, now, public_snapshot(tmp_path / "office", address))
    front.behind = office.visitor().served
    front.files = site_files(Pages(site_facts(office.snapshot, office.snapshot.channels["website"])))

    def serve() -> None:
        with suppress(OSError):  # closed from outside while it waits for the next request
            server.run()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    yield Town(office, address, context.new_page(), front)
    context.close()
    server.close()
    thread.join(10)


def test_a_visitor_reports_an_error_and_reads_the_answer(town: Town) -> None:
    page = town.page
    page.goto(f"{town.address}/map.html")
    page.get_by_role("button", name="反馈本页问题").click()
    expect(page.get_by_label("有问题的网页")).to_have_value("/map.html")
    page.get_by_label("文字差错").check()
    page.get_by_label("问题描述").fill("栏目名称有错别字（样例）")
    page.get_by_role("button", name="提交").click()
    receipt = page.locator(".receipt").inner_text()
    kept = feedback.listed(feedback.OPEN, 1)[0]
    handling_feedback.answer(town.office.workspace, PUBLISHER, kept.id, Answer("true", "感谢指出，已经更正。"))
    page.get_by_role("link", name="查询办理情况和答复").click()
    page.get_by_label("查询码").fill(receipt)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_text("感谢指出，已经更正。")).to_be_visible()


def test_a_visitor_rates_a_page_with_one_click(town: Town) -> None:
    town.page.goto(f"{town.address}/map.html")
    town.page.get_by_role("button", name="满意", exact=True).click()
    expect(town.page.get_by_text("感谢您的评价")).to_be_visible()
    today = town.office.workspace.now().date()
    assert feedback.ratings_by_day(today, today) == {today: feedback.Ratings(1, 0, 0)}


def test_axe_finds_nothing_on_the_publics_pages(town: Town, browser: Browser) -> None:
    visitor = town.office.visitor()
    receipt = visitor.report().receipt
    pages = [
        visitor.get("/feedback/report"),
        visitor.report(text=""),
        visitor.report(),
        visitor.get("/feedback/state"),
        visitor.post("/feedback/state", receipt=receipt),
        visitor.post("/feedback/rate", page="map.html", choice="fair"),
        visitor.get("/feedback/rate"),
    ]
    with closing(browser.new_context(bypass_csp=True)) as context:
        page = context.new_page()
        for reply in pages:
            town.front.files["shown"] = ("text/html; charset=utf-8", reply.text.encode())
            page.goto(f"{town.address}/shown")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.response["violations"] == []
