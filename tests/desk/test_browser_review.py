"""Reviewing in a real Chromium: ten items by the keyboard alone, a remark on selected words, the new pages by axe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from syndicate.flow import delegations
from syndicate.flow.decide import Vote, current_hash
from syndicate.flow.emergencies import publish
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict
from syndicate.records import items, reviews
from tests.desk.conftest import Furnish
from tests.desk.office import PUBLISHER, REVIEWER, Office
from tests.desk.test_browser import TAGS, _serving, log_in, window
from tests.desk.test_browser import browser as browser  # a fixture


@dataclass
class Reviewed:
    """A served desk with ten items to be reviewed, one that was published in an emergency, and a delegation."""

    office: Office
    base: str
    ten: tuple[int, ...]
    alone: int
    remarked: int


@pytest.fixture(scope="module")
def reviewed(furnished: Furnish) -> Iterator[Reviewed]:
    home = furnished()
    office = Office(home, datetime.now(UTC))
    alone = office.draft("样例：暴雨橙色预警信号")
    seen = current_hash(office.workspace, items.get(alone), items.latest_revision(alone))
    publish(office.workspace, PUBLISHER, alone, Vote(Verdict.APPROVE, 1, "样例：汛情紧急", seen=seen))
    now = office.workspace.now()
    delegations.delegate(
        office.workspace, PUBLISHER, PUBLISHER.name, REVIEWER.name, now, now + timedelta(days=2), "样例：出差"
    )
    ten = tuple(office.submitted(f"样例稿件第{number}篇") for number in range(10))
    remarked = office.submitted("样例：待批注的稿件", column="notices")
    with _serving(home) as base:
        yield Reviewed(office, base, ten, alone, remarked)
    office.workspace.close()


def _decide_by_keys(page: Page) -> None:
    for _ in range(5):
        page.keyboard.press("a")
        page.keyboard.press("Space")
    page.keyboard.press("a")
    page.keyboard.press("Enter")


def _number(page: Page) -> int:
    found = re.search(r"/items/(\d+)$", page.url)
    assert found, page.url
    return int(found[1])


def test_ten_items_are_reviewed_by_the_keyboard_alone(browser: Browser, reviewed: Reviewed) -> None:
    with window(browser) as context:
        page = log_in(context, reviewed.base, REVIEWER)
        page.keyboard.press("/")
        page.wait_for_url(re.compile("/queue"))
        page.keyboard.press("j")
        page.keyboard.press("o")
        page.wait_for_url(re.compile(r"/items/\d+$"))
        for turn in range(10):
            number = _number(page)
            if turn == 4:
                page.keyboard.press("r")
                page.keyboard.type("样例：请核实数字")
                page.keyboard.press("Tab")
                page.keyboard.press("Tab")
                page.keyboard.press("Enter")
            else:
                _decide_by_keys(page)
            page.wait_for_url(lambda url, before=number: not url.endswith(f"/items/{before}"))
    states = [items.get(number).state for number in reviewed.ten]
    assert (states.count(ItemState.RETURNED), [items.get(number).level for number in reviewed.ten].count(2)) == (1, 9)


def test_the_help_sheet_names_the_keys(browser: Browser, reviewed: Reviewed) -> None:
    with window(browser) as context:
        page = log_in(context, reviewed.base, REVIEWER)
        page.keyboard.press("?")
        expect(page.locator("#keys")).to_contain_text("修改稿件")


def test_selected_words_are_remarked_where_they_stand(browser: Browser, reviewed: Reviewed) -> None:
    with window(browser) as context:
        page = log_in(context, reviewed.base, PUBLISHER)
        page.goto(f"{reviewed.base}/items/{reviewed.remarked}")
        page.locator("#return-box > summary").click()
        page.locator("details.remarks > summary").click()
        text = page.frame_locator("#text").locator("p").first
        text.select_text()
        page.get_by_role("button", name="批注选中的文字").click()
        page.locator("input[name='remark:1']").fill("样例：请核实")
        page.locator("#return-reason").fill("样例：请核实")
        page.get_by_role("button", name="退回", exact=True).click()
        page.goto(f"{reviewed.base}/items/{reviewed.remarked}")
        expect(page.frame_locator("#text").locator("mark.mark-confirm")).to_be_visible()
    (comment,) = reviews.decisions(items.latest_revision(reviewed.remarked).id)[-1].comments
    assert comment.quote.startswith("云川县应急管理局")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_reviewing_have_no_accessibility_violations(
    browser: Browser, reviewed: Reviewed, scheme: str
) -> None:
    number = reviewed.alone
    with window(browser, color_scheme=scheme) as context:
        page = log_in(context, reviewed.base, REVIEWER)
        for path in ("/queue?tab=all&q=样例", "/delegations", f"/items/{number}", f"/items/{number}/sheet"):
            page.goto(f"{reviewed.base}{path}")
            found = Axe().run(page, options={"runOnly": TAGS}).response["violations"]
            assert found == [], (path, [(one["id"], one["nodes"][0]["html"]) for one in found])
