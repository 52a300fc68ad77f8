"""Reports of the public at the desk in a real Chromium, by axe in light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from syndicate.flow import handling_feedback as handling
from syndicate.flow.handling_feedback import Answer
from tests.desk.conftest import Furnish
from tests.desk.feedback_letters import letter, on_site
from tests.desk.office import EDITOR, REVIEWER, Office
from tests.desk.test_browser import _serving, browser, log_in, violations, window  # noqa: F401 — a fixture


@dataclass
class Served:
    """A desk in its own process: a fresh letter, one with a draft that the rules ask about, one answered."""

    base: str
    fresh: int
    drafted: int
    answered: int


@pytest.fixture(scope="module")
def served(furnished: Furnish) -> Iterator[Served]:
    home = furnished()
    office = Office(home, datetime.now(UTC) - timedelta(days=9))
    _, address = on_site(office)
    drafted = letter(office, "首页“通知公告”里的附件下载后打不开，请尽快处理（样例来信）。", kind="link")
    office.wait(days=8, hours=20)
    fresh = letter(office, page=address, contact="000-87654321")
    handling.draft(office.workspace, EDITOR, drafted, Answer("partly", "今年（2025年）的附件已更换。"))
    answered = letter(office, "办事指南的电话已经停用（样例来信）", kind="content")
    handling.answer(office.workspace, REVIEWER, answered, Answer("true", "感谢指出，已经更正。"))
    with _serving(home) as base:
        yield Served(base, fresh, drafted, answered)
    office.workspace.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_these_pages(browser: Browser, served: Served, scheme: str) -> None:  # noqa: F811
    with window(browser, color_scheme=scheme) as context:
        page = log_in(context, served.base, REVIEWER)
        numbers = (served.fresh, served.drafted, served.answered)
        for address in ("", "?view=answered", *(f"/{number}" for number in numbers)):
            page.goto(f"{served.base}/feedback{address}")
            assert (address, violations(page)) == (address, [])


def test_a_letter_is_answered_without_scripts(browser: Browser, served: Served) -> None:  # noqa: F811
    with window(browser, java_script_enabled=False) as context:
        page = log_in(context, served.base, REVIEWER)
        page.goto(f"{served.base}/feedback")
        page.get_by_role("link", name="截止").click()
        page.get_by_label("核实结果").select_option("属实")
        page.get_by_label("答复（来信人凭查询码看到）").fill("感谢指出，已经更正。")
        page.get_by_role("button", name="答复并办结").click()
        expect(page.get_by_role("status").filter(has_text="已答复并办结")).to_be_visible()
