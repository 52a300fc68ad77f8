"""Sources, changes and a vanished original in a real Chromium: read at a glance, and withdrawn with one click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, expect

from syndicate.flow.decide import Vote, decide
from syndicate.model.delivery import Delivered, Receipt
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict
from syndicate.records import deliveries, items, originals
from tests.desk.conftest import Furnish
from tests.desk.office import PUBLISHER, Office
from tests.desk.test_browser import _serving, browser, log_in, violations, window
from tests.desk.test_upstream import TEXT, Followed
from tests.flow.web import Web

__all__ = ["browser"]


@pytest.fixture
def vanished(furnished: Furnish) -> Iterator[tuple[str, int]]:
    """A served desk with a reprint of two sources that was published, changed upstream, published again, and is gone."""
    home = furnished()
    web = Web()
    followed = Followed(Office(home, datetime.now(UTC)), web)
    for name, text in (("county", TEXT), ("province", TEXT.replace("第六项：云川县", "第六项：全省"))):
        followed.put(name, text)
        followed.look(name)
    office = followed.office
    (number,) = [row.id for row in items.listed([ItemState.SUBMITTED], limit=1)]
    decide(office.workspace, PUBLISHER, number, Vote(Verdict.APPROVE, 1))
    for delivery in deliveries.of_item(number):
        office.answer(delivery.id, Delivered(Receipt("1", "https://a.example/1", office.now)))
    original = originals.original(number)
    assert original is not None
    originals.store_original(replace(original, gone_at=office.now))
    with _serving(home) as base:
        yield base, number
    web.close()
    office.workspace.close()


def test_a_vanished_original_is_withdrawn_with_one_click(browser: Browser, vanished: tuple[str, int]) -> None:
    base, number = vanished
    with window(browser) as context:
        page = log_in(context, base, PUBLISHER)
        expect(page.get_by_role("heading", name="原文已被来源撤下")).to_be_visible()
        page.goto(f"{base}/items/{number}")
        expect(page.get_by_text("采用更高层级来源的文本：与第 1 版相比")).to_be_visible()
        expect(page.locator(".renewed td del")).to_have_text("删云川县")
        expect(page.locator(".renewed td ins")).to_have_text("增全省")
        expect(page.get_by_role("row", name="样例省网站")).to_contain_text("采用这里的文本")
        expect(page.get_by_text("原文已不在")).to_be_visible()
        assert violations(page) == []
        page.get_by_role("button", name="立即撤稿").click()
        expect(page.get_by_text("正在从所有渠道撤回")).to_be_visible()
    assert items.get(number).state is ItemState.WITHDRAWN


def test_sources_and_changes_fit_a_phone(browser: Browser, vanished: tuple[str, int]) -> None:
    base, number = vanished
    with window(browser, viewport={"width": 390, "height": 844}) as context:
        page = log_in(context, base, PUBLISHER)
        page.goto(f"{base}/items/{number}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
