"""Pages as a government site would serve them, read as the sync reads them."""

from dataclasses import replace

import pytest

from syndicate.errors import InputError
from syndicate.ingest.article import read_article
from syndicate.model.item import Extracted
from syndicate.model.source import ArticleRules, Row, Source
from tests.ingest.conftest import HTML, ROW, document

META = (
    '<meta name="SiteName" content="样例网"><meta name="ArticleTitle" content="标签里的标题">'
    '<meta name="PubDate" content="2026-11-23 08:30"><meta name="ContentSource" content="样例来源">'
)
TEXT = "云川县今天召开样例会议，研究部署有关工作，要求各单位认真落实。"
LONG = "".join(f"<p>第{n}段：{TEXT}会议还听取了第{n}个单位的样例汇报，并提出了具体要求。</p>" for n in range(1, 7))


def page(body: str = f'<div id="zoom"><p>{TEXT}</p></div>', head: str = META) -> str:
    return f"<!DOCTYPE html><html><head><title>窗口标题_样例网</title>{head}</head><body>{body}</body></html>"


def read(html: str | bytes, source: Source = HTML, row: Row = ROW, **rules: object) -> Extracted:
    if rules:
        source = replace(source, article_rules=ArticleRules(**rules))  # type: ignore[arg-type]
    return read_article(source, row, document(html))


def refused(html: str | bytes, source: Source = HTML, row: Row = ROW) -> str:
    with pytest.raises(InputError) as caught:
        read(html, source, row)
    return caught.value.message.key


def published(extracted: Extracted) -> str:
    return f"{extracted.content.published_at:%Y-%m-%d %H:%M:%S}" if extracted.content.published_at else ""
