"""The desk in a real Chromium: a whole review, every page by axe in light and dark, keys, a phone, and no JavaScript."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from syndicate.errors import Message
from syndicate.flow.report import write_report
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import NeedsPerson
from syndicate.model.review import Actor, WithdrawalKind
from syndicate.records import deliveries, items
from tests.conftest import lack
from tests.desk.conftest import Furnish
from tests.desk.office import ADMIN, FAULTY, PASSWORD, PUBLISHER, REVIEWER, SYNC, Office

ROOT = Path(__file__).parents[2]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Served:
    """A desk that runs in its own process, and the numbers of its items."""

    office: Office
    base: str
    clean: int
    faulty: int
    reprint: int
    stopped: int
    withdrawn: int
    report: str


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        lack("Chromium is not installed: apt-get install chromium")
        return
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright keeps an event loop in this thread; the records are read here only while it stands still.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@contextmanager
def _serving(home: Path) -> Iterator[str]:
    known = {**os.environ, "SYNDICATE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    known.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.desk.serve", "--home", str(home), "--port", "0"]
    process = subprocess.Popen(command, env=known, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    try:
        yield re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=20)
        process.stdout.close()


@pytest.fixture(scope="module")
def served(furnished: Furnish) -> Iterator[Served]:
    home = furnished()
    office = Office(home, datetime.now(UTC))
    stopped = office.published("食品安全检查", weibo=NeedsPerson(Message("ledger.never_arrives")))
    withdrawn = office.published("旧的放假通知")
    withdraw(office.workspace, REVIEWER_AS_PUBLISHER, withdrawn, WithdrawalKind.SUPERSEDED, "已有新通知")
    report = write_report(office.workspace, SYNC, date(2026, 11, 25)).path.name
    numbers = (
        office.submitted("开展安全检查"),
        office.submitted("会议通知", FAULTY),
        office.reprint("转载通知", "<p>文</p>", 1),
    )
    with _serving(home) as base:
        yield Served(office, base, *numbers, stopped, withdrawn, report)
    office.workspace.close()


REVIEWER_AS_PUBLISHER = Actor("样例签发乙", PUBLISHER.role, "desk")


@contextmanager
def window(browser: Browser, **options: object) -> Iterator[BrowserContext]:
    """A browser window of the size most desks have."""
    settings = {"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", **options}
    context = browser.new_context(**settings)
    context.set_default_timeout(15_000)
    try:
        yield context
    finally:
        context.close()


def log_in(context: BrowserContext, base: str, actor: Actor) -> Page:
    page = context.new_page()
    page.goto(f"{base}/login")
    page.get_by_label("用户名").fill(actor.name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{base}/")
    return page


def approve(page: Page) -> None:
    for name in ("政治", "法律", "政策", "保密", "文字"):
        page.get_by_role("checkbox", name=name).check()
    page.locator("#approve button").click()


def test_a_whole_review_from_log_in_to_deliveries(browser: Browser, served: Served) -> None:
    complaints: list[str] = []
    with window(browser) as context:
        page = log_in(context, served.base, REVIEWER)
        page.on("console", lambda message: complaints.append(message.text))
        page.get_by_role("link", name=re.compile("^稿件")).first.click()
        page.get_by_role("link", name="开展安全检查").click()
        expect(page.frame_locator("#text").get_by_text("发现的问题已全部整改")).to_be_visible()
        approve(page)
        expect(page.locator(".notice")).to_contain_text("已通过第 1 级审核")
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/items/{served.clean}")
        approve(page)
        expect(page.locator(".notice")).to_contain_text("10 秒后开始投递")
        expect(page.get_by_role("button", name="撤销终审")).to_be_visible()
    assert len(deliveries.of_item(served.clean)) == 5
    assert items.get(served.clean).state == "approved"
    assert complaints == []


def addresses(served: Served) -> list[str]:
    """Every page that is no frame."""
    numbers = (served.faulty, served.reprint, served.stopped, served.withdrawn)
    return [
        "/", "/queue?tab=mine", "/queue?tab=all", "/queue?tab=published", "/queue?tab=returned&q=x", "/items/new",
        f"/items/{served.faulty}/edit", "/deliveries", "/deliveries?view=all", "/channels", "/rules", "/reports", f"/reports/{served.report}",
        "/nowhere", *(f"/items/{number}" for number in numbers),
    ]  # fmt: skip


def violations(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}, "iframes": False}
    response = Axe().run(page, options=options).response
    assert response["passes"], "axe looked at nothing"
    found = response["violations"]
    return [
        json.dumps([rule["id"], [node["target"] + [node["failureSummary"]] for node in rule["nodes"]]])
        for rule in found
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Browser, served: Served, scheme: str) -> None:
    with window(browser, color_scheme=scheme) as context:
        page = log_in(context, served.base, PUBLISHER)
        for address in addresses(served):
            page.goto(served.base + address)
            page.evaluate(
                "document.querySelectorAll('details').forEach((one) => { one.removeAttribute('name'); one.open = true; })"
            )
            assert (address, violations(page)) == (address, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_a_log_in_and_for_administrators(
    browser: Browser, served: Served, scheme: str
) -> None:
    with window(browser, color_scheme=scheme) as context:
        page = context.new_page()
        for address in ("/login", "/link/x"):
            page.goto(served.base + address)
            assert (address, violations(page)) == (address, [])
        page.close()
        page = log_in(context, served.base, ADMIN)
        page.goto(f"{served.base}/people")
        assert violations(page) == []
        page.get_by_label("姓名").fill(f"新人 {scheme}（样例）")
        page.get_by_role("button", name="添加并生成链接").click()
        assert violations(page) == []


def test_axe_finds_nothing_in_the_frames(browser: Browser, served: Served) -> None:
    def without_policy(route: Route) -> None:
        """The frames' policy stops axe as it stops every script."""
        response = route.fetch()
        kept = {name: value for name, value in response.headers.items() if name != "content-security-policy"}
        route.fulfill(response=response, headers=kept)

    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        context.route(re.compile("/(text|preview/.*)$"), without_policy)
        for address in ("text", "preview/website", "preview/app"):
            page.goto(f"{served.base}/items/{served.faulty}/{address}")
            assert (address, violations(page)) == (address, [])


def test_keys_walk_the_queue_and_open_an_item(browser: Browser, served: Served) -> None:
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/queue?tab=published")
        titles = page.locator("td.title a").all_inner_texts()
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(page.locator("td.title a").first).to_be_focused()
        page.keyboard.press("o")
        expect(page.get_by_role("heading", level=1)).to_have_text(titles[0])


def test_keys_lead_to_approval_return_and_help(browser: Browser, served: Served) -> None:
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/items/{served.faulty}")
        page.keyboard.press("a")
        expect(page.get_by_role("checkbox", name="政治")).to_be_focused()
        page.keyboard.press("r")
        expect(page.get_by_label("退回理由")).to_be_focused()
        page.keyboard.type("ja?")
        expect(page.get_by_label("退回理由")).to_have_value("ja?")
        page.locator("h1").click()
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()


def test_keys_pressed_in_the_text_reach_the_page(browser: Browser, served: Served) -> None:
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/items/{served.faulty}")
        page.frame_locator("#text").locator("p").first.click()
        page.keyboard.press("j")
        expect(page.locator("#listed-1")).to_be_focused()
        expect(page.frame_locator("#text").locator("mark.here")).to_have_count(1)


def test_the_text_is_shown_whole_without_a_second_scroll_bar(browser: Browser, served: Served) -> None:
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/items/{served.faulty}")
        page.wait_for_function("document.getElementById('text').style.height !== ''")
        assert page.evaluate(
            "(() => { const root = document.getElementById('text').contentDocument.documentElement;"
            " return root.scrollHeight <= document.getElementById('text').clientHeight; })()"
        )


def test_nothing_is_wider_than_a_phone(browser: Browser, served: Served) -> None:
    with window(browser, viewport={"width": 390, "height": 844}) as context:
        page = log_in(context, served.base, PUBLISHER)
        for address in addresses(served):
            page.goto(served.base + address)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (address, wide) == (address, 0)


def test_a_page_weighs_at_most_150_kilobytes(browser: Browser, served: Served) -> None:
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        weights: list[float] = []
        session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
        page.goto(f"{served.base}/items/{served.faulty}", wait_until="networkidle")
        assert sum(weights) <= 150_000


def test_a_review_works_without_javascript(browser: Browser, served: Served) -> None:
    number = served.office.submitted("不用脚本的稿件")
    with window(browser, java_script_enabled=False) as context:
        page = log_in(context, served.base, REVIEWER)
        page.goto(f"{served.base}/items/{number}")
        approve(page)
        expect(page.locator(".notice")).to_contain_text("已通过第 1 级审核")
    assert items.get(number).level == 2
