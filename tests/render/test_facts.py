from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from syndicate.errors import NotFound
from syndicate.model.office import Office, Snapshot
from syndicate.render.facts import RenderFacts, render_facts

WHEN = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Shanghai"))


def snapshot(office: Office, facts: RenderFacts) -> Snapshot:
    return Snapshot("0", office, {"news": facts.column}, {}, {}, (), {"notice.j2": "标题"})


def test_the_page_address_is_known_before_publication(office: Office, facts: RenderFacts) -> None:
    made = render_facts(snapshot(office, facts), 7, "news", WHEN)
    assert made.page_url == "https://www.yunchuan.example/news/202611/7.html"
    assert made.notice_template == "标题"


def test_an_office_without_a_website_has_no_page_address(office: Office, facts: RenderFacts) -> None:
    assert render_facts(snapshot(replace(office, site_url=""), facts), 7, "news", WHEN).page_url == ""


def test_an_unknown_column_is_named(office: Office, facts: RenderFacts) -> None:
    with pytest.raises(NotFound):
        render_facts(snapshot(office, facts), 7, "nothing", WHEN)
