"""Recorded pages through every channel and onto a website: nothing breaks, every limit holds, every page is whole."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import html5lib
import jsonschema
import pytest

from syndicate.errors import InputError
from syndicate.model.channel import Channel, ChannelKind, Ladder
from syndicate.model.finding import Severity
from syndicate.model.item import Content, ItemKind
from syndicate.model.office import Office
from syndicate.model.site import Column, SiteEntry
from syndicate.render.facts import RenderFacts
from syndicate.render.renditions import render
from syndicate.site.facts import SiteFacts
from syndicate.site.feeds import json_feed
from syndicate.site.pages import Pages
from syndicate.text.decode import decode
from syndicate.text.sanitise import sanitise
from syndicate.text.weibo_length import weibo_length

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="recorded pages: ../shared/data is not there")
TEMPLATES = ROOT / "content" / "templates"
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MINUTE = timedelta(minutes=1)
LADDER = Ladder((MINUTE,), MINUTE, (MINUTE,), (MINUTE,), MINUTE, MINUTE, MINUTE)
COLUMN = Column("policy", "政策文件", "政策文件", ("政策",), "政策文件", "办公室", timedelta(days=183), 3)
OFFICE = Office(
    name="云川县人民政府办公室",
    site_name="云川县人民政府",
    domain="www.yunchuan.example",
    site_url="https://www.yunchuan.example",
    site_code="9900000001",
    icp="",
    police_record="",
    contact="",
    telephone="",
    timezone=NOW.tzinfo,  # type: ignore[arg-type]  # it is the zone given above
    white_list=(),
    sample=True,
)
FACTS = RenderFacts(1, COLUMN, OFFICE, "https://www.yunchuan.example/policy/202611/1.html", NOW)


def _pages() -> list[Path]:
    return sorted(file for file in (DATA / "pages").rglob("*.htm*") if file.is_file())


def _channel(kind: ChannelKind) -> Channel:
    file = TEMPLATES / f"{kind.value}.j2"
    return Channel(kind.value, kind, kind.value, LADDER, template=file.read_text("utf-8") if file.exists() else "")


def _content(file: Path) -> Content:
    """The whole page as a body: harder than any article that ingest would cut out of it."""
    body = sanitise(decode(file.read_bytes()).text, "http://source.example/")
    return Content(f"演示 {file.stem} “标题”", body, ItemKind.REPRINT, "示例来源", "http://source.example/1.html", NOW)


def test_recorded_pages_fit_every_channel_or_say_why_not() -> None:
    pages = _pages()
    assert len(pages) >= 60
    site = Pages(SiteFacts(OFFICE, {"policy": COLUMN}, _templates()))
    for file in pages:
        try:
            content = _content(file)
        except InputError:
            continue
        rendered = {kind: render(content, FACTS, _channel(kind)) for kind in ChannelKind}
        for one in rendered.values():
            assert "<script" not in one.rendition.body.lower(), file
        wechat = rendered[ChannelKind.WECHAT]
        blocked = any(finding.severity is Severity.BLOCK for finding in wechat.findings)
        assert blocked or len(wechat.rendition.body) < 20_000, file
        assert weibo_length(rendered[ChannelKind.WEIBO].rendition.fields["text"]) <= 140, file
        website = rendered[ChannelKind.WEBSITE].rendition
        entry = SiteEntry(1, "policy", website.fields["address"], website.fields["title"], "", "示例来源", NOW, 0)
        page = html5lib.parse(site.article(entry, website).decode(), namespaceHTMLElements=False)
        assert page.find("body/footer") is not None, file
        assert page.find("body/main/article/h1") is not None, file


def _templates() -> dict[str, str]:
    files = (file for file in TEMPLATES.rglob("*") if file.is_file())
    return {file.relative_to(TEMPLATES).as_posix(): file.read_text("utf-8") for file in files}


def test_the_json_feed_obeys_the_published_schema() -> None:
    schema = json.loads((DATA / "jsonfeed" / "schema-v1.1.json").read_text("utf-8"))
    entries = [
        SiteEntry(1, "policy", "policy/202611/1.html", "标题", "概要", source, NOW, 0) for source in ("", "来源")
    ]
    home = "https://www.yunchuan.example/"
    jsonschema.validate(json.loads(json_feed(OFFICE, "标题", home, f"{home}feed.json", entries)), schema)
