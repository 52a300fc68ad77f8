"""Overview with its figures, notices, their settings and tokens in a real Chromium, by axe in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from syndicate.flow import notices, personal_tokens
from syndicate.flow.require import require
from syndicate.model.source import SyncResult
from syndicate.model.token import Scope
from syndicate.records import sources
from tests.desk.conftest import Furnish
from tests.desk.office import PUBLISHER, Office
from tests.desk.test_browser import _serving, browser, log_in, violations, window  # noqa: F401 — a fixture

PAGES = ("/", "/figures?days=30", "/notices", "/notices/settings", "/tokens", "/reprints")


@dataclass
class Served:
    """A desk in its own process with an item of which somebody was told."""

    base: str
    item: int


@pytest.fixture(scope="module")
def served(furnished: Furnish) -> Iterator[Served]:
    home = furnished()
    office = Office(home, datetime.now(UTC))
    notices.collect(office.workspace)
    office.published("今天发布的稿件")
    office.reprint("寒潮防范通知", "<p>文</p>", 5)
    deadline = office.workspace.now() + timedelta(hours=3)
    demanded = f"标题,时限\n上级通知（样例）,{deadline:%Y-%m-%d %H:%M}\n".encode()
    require(office.workspace, PUBLISHER, demanded, "清单.csv")
    sources.begin_incident(next(iter(office.workspace.snapshot.sources)), SyncResult.WALL, None, office.now)
    item = office.submitted("等待审核的稿件")
    office.first_approval(item)
    personal_tokens.make(office.workspace, PUBLISHER, PUBLISHER.name, "统计接口", [Scope.READ], 9)
    notices.collect(office.workspace)
    with _serving(home) as base:
        yield Served(base, item)
    office.workspace.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_these_pages(browser: Browser, served: Served, scheme: str) -> None:  # noqa: F811
    with window(browser, color_scheme=scheme) as context:
        page = log_in(context, served.base, PUBLISHER)
        for address in PAGES:
            page.goto(served.base + address)
            expect(page.locator("#bell .count")).to_be_visible()
            if address in PAGES[:2]:
                expect(page.locator("svg").first).to_be_visible()
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert (address, violations(page)) == (address, [])


def test_a_notice_leads_to_its_item_and_the_bell_counts_down(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(served.base + "/notices")
        before = int(page.locator("#bell .count").inner_text().split("\n")[0].rstrip("条未读通知"))
        line = page.locator("li.unread", has_text="等待审核的稿件").first
        line.get_by_role("button").click()
        expect(page).to_have_url(f"{served.base}/items/{served.item}")
        expect(page.locator("#bell .count")).to_contain_text(str(before - 1))


def test_the_figures_change_their_span_without_a_reload(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(served.base + "/")
        page.get_by_role("link", name="30 天").click()
        expect(page.locator("figure.published small")).to_contain_text("30 天")
        expect(page).to_have_url(served.base + "/")
