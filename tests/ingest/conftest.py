"""A source of each kind, and documents as a server would have sent them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from syndicate.model.source import Document, ListRules, Row, Source, SourceKind

NOW = datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
PAGE = "https://www.example.gov.cn/xw/202611/t20261123_1.html"

FEED = Source("sample", "样例", SourceKind.FEED, "https://www.example.gov.cn/feed.xml", "news", "样例机关")
JSON = replace(FEED, kind=SourceKind.JSON, list_rules=ListRules("data.rows", "url", "title", "date"))
HTML = replace(FEED, kind=SourceKind.HTML, list_rules=ListRules("ul.list li", "a@href", "a", "span"))
ROW = Row("url:x", PAGE, "云川县开展样例活动")

Made = Callable[..., Document]


def document(body: str | bytes, url: str = PAGE, content_type: str = "") -> Document:
    """What was fetched at NOW."""
    data = body.encode() if isinstance(body, str) else body
    return Document(url, data, NOW, headers={"content-type": content_type} if content_type else {})


@pytest.fixture
def now() -> datetime:
    return NOW
