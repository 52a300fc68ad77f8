"""An administrator authorises Weibo again in a real Chromium, against the sandbox's own page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from syndicate.flow.channel_accounts import hold, renewed
from syndicate.model.channel import Token
from syndicate.records import accounts, audit
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.drill import Sandbox
from syndicate.sandbox.faults import FaultPlan
from tests.desk.conftest import Furnish
from tests.desk.office import ADMIN, PUBLISHER, Office
from tests.desk.test_browser import _serving, browser, log_in, violations, window  # noqa: F401 — a fixture

OLD = "2.00old"


@dataclass
class Served:
    """A desk in its own process whose Weibo is a drill server."""

    office: Office
    base: str
    sandbox: Sandbox


@pytest.fixture(scope="module")
def served(furnished: Furnish) -> Iterator[Served]:
    home = furnished()
    sandbox = Sandbox(FaultPlan(), Clock(lambda: datetime.now(UTC)))
    with sandbox as addresses:
        path = home / "channels" / "weibo.yaml"
        path.write_text(re.sub("base_url: .*", f"base_url: {addresses.weibo}", path.read_text("utf-8")), "utf-8")
        office = Office(home, datetime.now(UTC))
        renewed(office.workspace, ADMIN, "weibo", Token(OLD, datetime.now(UTC) + timedelta(days=2)))
        with _serving(home) as base:
            yield Served(office, base, sandbox)
        office.workspace.close()


def test_an_administrator_authorises_weibo_again(browser: Browser, served: Served) -> None:  # noqa: F811
    complaints: list[str] = []
    with window(browser) as context:
        page = log_in(context, served.base, ADMIN)
        page.on("console", lambda message: complaints.append(message.text))
        page.get_by_role("link", name="渠道", exact=True).click()
        page.locator("#channel-weibo").get_by_role("button", name="重新授权").click()
        assert violations(page) == []
        page.get_by_role("button", name="到微博授权").click()
        expect(page.get_by_role("status")).to_contain_text("已重新授权，有效期至")
        assert page.url == f"{served.base}/channels"
    kept = served.office.workspace.tokens.get("weibo")
    assert kept
    assert kept.value.startswith("2.00")
    assert kept.value != OLD
    assert complaints == []


def test_a_publisher_stops_and_starts_a_channel(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/channels")
        card = page.locator("#channel-weibo")
        card.get_by_label(re.compile("^暂停")).fill("账号疑似被盗")
        card.get_by_role("button", name="暂停", exact=True).click()
        expect(page.locator("#channel-weibo")).to_contain_text("待第二人确认")
        assert violations(page) == []
        card.get_by_label(re.compile("^恢复")).fill("已修改密码")
        card.get_by_role("button", name="恢复").click()
        expect(page.locator("#channel-weibo .account")).to_have_text("正常")
    assert "account.clear" in [row.action for row in audit.of_subject("channel:weibo")]


def test_a_stopped_channel_has_room_on_a_phone(browser: Browser, served: Served) -> None:  # noqa: F811
    hold(served.office.workspace, PUBLISHER, "wechat", "样例理由" * 20)
    with window(browser, viewport={"width": 390, "height": 844}) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.goto(f"{served.base}/channels")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide == 0
    assert accounts.get("wechat").actor == PUBLISHER.name
