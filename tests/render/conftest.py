"""Invented sample content and channels with the templates of the root office."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from syndicate.model.channel import Channel, ChannelKind, Ladder, Rendered
from syndicate.model.item import Attachment, Content, FileRole, ItemKind
from syndicate.model.office import Office
from syndicate.model.site import Column
from syndicate.render.facts import RenderFacts
from syndicate.render.renditions import render

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEMPLATES = Path(__file__).parents[2] / "content" / "templates"
MINUTE = timedelta(minutes=1)
LADDER = Ladder((MINUTE,), MINUTE, (MINUTE,), (MINUTE,), MINUTE, MINUTE, MINUTE)


@pytest.fixture(scope="session")
def office() -> Office:
    return Office(
        name="示例省示例市云川县人民政府办公室",
        site_name="云川县人民政府",
        domain="www.yunchuan.example",
        site_url="https://www.yunchuan.example",
        site_code="9900000001",
        icp="示ICP备00000001号",
        police_record="示公网安备 99000000000001号",
        contact="云川县政务服务中心",
        telephone="0000-0000000",
        timezone=SHANGHAI,
        white_list=(),
        sample=True,
    )


@pytest.fixture(scope="session")
def facts(office: Office) -> RenderFacts:
    column = Column("news", "云川要闻", "云川县要闻", ("云川", "要闻"), "新闻发布", "办公室", timedelta(days=14), 2)
    return RenderFacts(
        item=42,
        column=column,
        office=office,
        page_url="https://www.yunchuan.example/news/202611/42.html",
        created_at=datetime(2026, 11, 25, 9, 30, tzinfo=SHANGHAI),
        notice_template=(TEMPLATES / "notice.j2").read_text("utf-8"),
    )


@pytest.fixture(scope="session")
def sample() -> Callable[..., Content]:
    """A sample revision with changes."""

    def make(**changes: object) -> Content:
        base = Content(
            title="云川县召开防汛工作会议",
            body="<p>演示样例：云川县召开防汛工作会议。</p><p>会议要求压实责任。</p>",
            kind=ItemKind.REPRINT,
            source_name="云川县水利局",
            source_url="http://water.yunchuan.example/1.html",
            published_at=datetime(2026, 11, 24, 16, 5, tzinfo=SHANGHAI),
        )
        return replace(base, **changes)  # type: ignore[arg-type]  # the changes are the test's own

    return make


@pytest.fixture(scope="session")
def account() -> Callable[..., Channel]:
    """An account of a kind with its root template."""

    def make(kind: str, **changes: object) -> Channel:
        file = TEMPLATES / f"{kind}.j2"
        template = file.read_text("utf-8") if file.exists() else ""
        channel = Channel(kind, ChannelKind(kind), f"示例{kind}", LADDER, template=template)
        return replace(channel, **changes)  # type: ignore[arg-type]  # the changes are the test's own

    return make


@pytest.fixture(scope="session")
def rendered(
    sample: Callable[..., Content], facts: RenderFacts, account: Callable[..., Channel]
) -> Callable[..., Rendered]:
    """The rendition of changed sample content on a kind of channel."""

    def make(kind: str, **changes: object) -> Rendered:
        return render(sample(**changes), facts, account(kind))

    return make


@pytest.fixture(scope="session")
def attached() -> Callable[..., Attachment]:
    """An attachment whose hash is one digit repeated."""

    def make(
        digit: str, media_type: str = "image/png", role: FileRole = FileRole.IMAGE, size: int = 1000, name: str = ""
    ) -> Attachment:
        return Attachment(name or f"文件{digit}", digit * 64, media_type, size, role)

    return make
