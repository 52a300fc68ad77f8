"""The pages of account and administration in a real Chromium: policy, axe, English, a phone, and a second factor."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import pytest
from django_otp.oath import hotp
from playwright.sync_api import Browser, Page, expect

from tests.desk.office import ADMIN, EDITOR, PASSWORD, PUBLISHER
from tests.desk.test_browser import Served, addresses, browser, log_in, served, violations, window  # noqa: F401 — fixtures

OWN = (
    "/account",
    "/sources",
    "/tables",
    "/tables/content/lexicon/typos.tsv",
    "/columns",
    "/configuration/content/office.yaml",
    "/silence",
)
LISTEN = """
window.broken = [];
document.addEventListener('securitypolicyviolation', (one) => window.broken.push(one.violatedDirective + ' ' + one.blockedURI));
"""


def broken(page: Page) -> list[str]:
    """What the policy has stopped on this page."""
    page.wait_for_load_state("load")
    found: list[str] = page.evaluate("window.broken")
    return found


@pytest.mark.parametrize("actor", [PUBLISHER, ADMIN], ids=lambda actor: actor.role)
def test_the_policy_stops_nothing_on_any_page(browser: Browser, served: Served, actor: object) -> None:  # noqa: F811
    with window(browser) as context:
        context.add_init_script(LISTEN)
        page = log_in(context, served.base, actor)  # type: ignore[arg-type]
        for address in (*addresses(served), *OWN, "/people"):
            page.goto(served.base + address)
            assert (address, broken(page)) == (address, [])


def test_the_policy_would_stop_an_inline_script(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        context.add_init_script(LISTEN)
        page = log_in(context, served.base, EDITOR)
        page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
        page.wait_for_function("window.broken.length > 0")
        assert page.evaluate("window.ran") is None


def test_a_browser_keeps_the_session_from_scripts_and_other_sites(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        kept = {cookie["name"]: (cookie["httpOnly"], cookie["sameSite"]) for cookie in context.cookies()}
        assert kept == {"desk-session": (True, "Lax"), "desk-csrf": (True, "Lax")}
        assert page.evaluate("document.cookie") == ""


def test_a_browser_gets_every_security_header(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        answer = page.goto(f"{served.base}/queue")
        assert answer is not None
        headers = answer.all_headers()
        assert "default-src 'none'" in headers["content-security-policy"]
        assert (headers["x-content-type-options"], headers["x-frame-options"]) == ("nosniff", "DENY")
        assert (headers["referrer-policy"], headers["cache-control"]) == ("same-origin", "no-store")
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "server" not in headers


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_account_and_administration(browser: Browser, served: Served, scheme: str) -> None:  # noqa: F811
    with window(browser, color_scheme=scheme) as context:
        page = log_in(context, served.base, ADMIN)
        for address in OWN:
            page.goto(served.base + address)
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            assert (address, violations(page)) == (address, [])


def test_a_table_fits_a_phone(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser, viewport={"width": 390, "height": 844}) as context:
        page = log_in(context, served.base, ADMIN)
        for address in OWN:
            page.goto(served.base + address)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (address, wide) == (address, 0)


def test_a_mistake_in_a_table_is_told_while_it_is_typed(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        context.add_init_script(LISTEN)
        page = log_in(context, served.base, ADMIN)
        page.goto(f"{served.base}/tables/content/lexicon/typos.tsv?q=攻府")
        page.get_by_label("判断方式 3", exact=True).fill("nonsense")
        page.get_by_label("判断方式 3", exact=True).blur()
        expect(page.locator("#verdict")).to_contain_text("content/lexicon/typos.tsv 第 3 行", timeout=30_000)
        assert broken(page) == []


def test_the_switch_leads_to_english_and_back(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, PUBLISHER)
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("link", name="Overview", exact=True)).to_be_visible()
        page.get_by_role("button", name="中文").click()
        expect(page.get_by_role("link", name="总览", exact=True)).to_be_visible()


def test_somebody_sets_up_a_second_factor_and_logs_in_with_it(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser) as context:
        page = log_in(context, served.base, EDITOR)
        page.goto(f"{served.base}/account")
        page.get_by_role("button", name="开始启用").click()
        expect(page.locator("svg.qr")).to_be_visible()
        key = re.sub(r"\s", "", page.locator(".steps-list code").inner_text())
        page.get_by_label("输入应用显示的 6 位验证码").fill(code(key))
        page.get_by_role("button", name="启用", exact=True).click()
        expect(page.locator(".codes code")).to_have_count(10)
        recovery = page.locator(".codes code").first.inner_text()
    with window(browser) as context:
        page = context.new_page()
        page.goto(f"{served.base}/login")
        page.get_by_label("用户名").fill(EDITOR.name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", name="输入验证码")).to_be_visible()
        assert violations(page) == []
        page.get_by_label("手机上的 6 位验证码").fill(recovery)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{served.base}/")


def code(key: str) -> str:
    return f"{hotp(base64.b32decode(key), int(datetime.now(UTC).timestamp()) // 30):06d}"
