"""链接: what the patrol finds behind the addresses in published texts becomes findings on them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from syndicate.flow.patrol import Round, patrol
from syndicate.net.fetcher import Fetcher
from syndicate.records import findings, items
from tests.flow.office import CONTENT
from tests.flow.web import SHORT, Beat, Page

pytestmark = pytest.mark.parametrize("records", ["sqlite"], indirect=True)
RULES = """\
rules:
  - {id: link.dead, kind: link, check: dead, severity: confirm, message: {zh: "{text}", en: "{text}"}, basis: 样例}
  - {id: link.advertising, kind: link, check: advertising, severity: block, words: [博彩], message: {zh: "{text}", en: "{text}"}, basis: 样例}
"""


def _published(beat: Beat, path: str, beyond: str = "") -> int:
    """An article on the website with a link to a page of the web beside it, which the patrol may ask."""
    rules = beat.desk.home / "content" / "rules"
    if not any("link.dead" in file.read_text("utf-8") for file in rules.glob("*.yaml")):
        (rules / "link.yaml").write_text(RULES, "utf-8")
    channel = beat.desk.home / "channels" / "website.yaml"
    document = yaml.safe_load(channel.read_text("utf-8"))
    document["settings"]["probe_base_url"] = beat.web.base
    channel.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    beat.desk.reload()
    body = f'<p>办事指南见<a href="{beyond or beat.web.base}{path}">此处</a>。</p>'
    item = beat.desk.approved("website", content=replace(CONTENT, body=body))
    beat.desk.settle()
    return item


def _go(beat: Beat) -> Round:
    return patrol(beat.desk.workspace, Fetcher(clock=beat.desk.workspace.now, gap=timedelta(0), limits=SHORT))


def _links(item: int) -> Counter[str]:
    rules = (one.rule for one in findings.of_revision(items.latest_revision(item).id))
    return Counter(rule for rule in rules if rule.startswith("link."))


def test_a_link_to_what_is_gone_becomes_a_finding_with_its_place(beat: Beat) -> None:
    item = _published(beat, "/gone")
    assert _links(item) == Counter()
    _go(beat)
    [finding] = [one for one in findings.of_revision(items.latest_revision(item).id) if one.rule == "link.dead"]
    body = items.latest_revision(item).content.body
    assert body[finding.start : finding.end] == f"{beat.web.base}/gone"


def test_a_link_that_comes_back_is_no_finding_any_more(beat: Beat) -> None:
    item = _published(beat, "/back")
    _go(beat)
    beat.web.pages["/back"] = Page("<title>办事指南</title>".encode())
    beat.desk.time[0] += timedelta(days=8)
    _go(beat)
    assert _links(item)["link.dead"] == 0


@pytest.mark.parametrize("status", [403, 412, 503])
def test_a_wall_is_no_dead_link(beat: Beat, status: int) -> None:
    item = _published(beat, "/wall")
    beat.web.pages["/wall"] = Page(b"", status)
    assert [probe.ok for probe in _go(beat).probes if probe.kind == "link"] == [True]
    assert _links(item) == Counter()


def test_a_link_to_an_address_that_we_must_not_ask_is_no_finding(beat: Beat) -> None:
    item = _published(beat, "/x", beyond="http://10.0.0.1")
    _go(beat)
    assert _links(item) == Counter()


def test_the_title_of_the_page_there_tells_advertising_whatever_its_encoding(beat: Beat) -> None:
    item = _published(beat, "/taken")
    page = '<meta charset="gb2312"><TITLE>\n 某博彩\n网站</title>'.encode("gb18030")
    beat.web.pages["/taken"] = Page(page, type="text/html")
    _go(beat)
    assert _links(item)["link.advertising"] == 1


def test_a_link_is_not_asked_again_within_a_week(beat: Beat) -> None:
    _published(beat, "/gone")
    _go(beat)
    _go(beat)
    assert beat.web.count("/gone") == 1


def test_a_new_text_with_a_link_that_is_known_as_gone_has_the_finding_at_once(beat: Beat) -> None:
    item = _published(beat, "/gone")
    _go(beat)
    other = beat.desk.submitted("website", content=items.latest_revision(item).content)
    assert _links(other)["link.dead"] == 1


def test_links_to_our_own_site_are_left_to_the_look_at_its_files(beat: Beat) -> None:
    own = beat.desk.workspace.snapshot.office.site_url
    _published(beat, "/news/", beyond=own)
    assert [probe for probe in _go(beat).probes if probe.kind == "link"] == []
