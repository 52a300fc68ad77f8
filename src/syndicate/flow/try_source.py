"""试读信源: every stage of one look at a source, shown and not stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.flow.articles import whole_article
from syndicate.flow.listing import Listed, first_page, read_pages
from syndicate.flow.robots import permit_fetch
from syndicate.flow.workspace import Workspace
from syndicate.ingest.documents import decoded
from syndicate.ingest.lists import read_list
from syndicate.ingest.paging import page_count
from syndicate.ingest.walls import wall
from syndicate.model.item import FileRole
from syndicate.model.source import Document, Row, Source
from syndicate.net.fetcher import Fetcher
from syndicate.text.plain import from_html


@dataclass
class Trial:
    """What each stage saw. `error` is why the last one failed."""

    stages: list[tuple[str, str]] = field(default_factory=list)
    rows: tuple[Row, ...] = ()
    error: Message | None = None


def try_source(workspace: Workspace, fetcher: Fetcher, name: str) -> Trial:
    """Request, decoding, rows, and one article with its fields. Raises NotFound for an unknown source."""
    source = workspace.snapshot.sources.get(name)
    if source is None:
        raise NotFound("sync.no_source", name=name)
    trial = Trial()
    try:
        _stages(workspace, fetcher, source, trial)
    except SyndicateError as error:
        trial.error = error.message
    return trial


def _stages(workspace: Workspace, fetcher: Fetcher, source: Source, trial: Trial) -> None:
    permit_fetch(workspace, fetcher, source, source.url)
    trial.stages.append(("robots.txt", "允许" if source.robots else "不遵守（robots: false）"))
    document = first_page(fetcher, source)
    asked = "POST" if source.asking else "GET"
    trial.stages.append(("请求", f"{asked}，HTTP {document.status}，{len(document.body)} 字节，{document.url}"))
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    trial.stages.append(("防护页", guard or "无"))
    read = decoded(document, source.encoding)
    trial.stages.append(("编码", f"{read.encoding}，{read.replaced} 处无法识别"))
    rows = read_list(source, document) or read_pages(workspace, fetcher, source, document, Listed((), thorough=False))
    trial.rows = rows[:5]
    undated = sum(row.published_at is None for row in rows)
    trial.stages.append(("列表", f"{len(rows)} 行，其中 {undated} 行没有日期{_pages(source, document)}"))
    if rows:
        _article(workspace, fetcher, source, rows[0], trial)


def _pages(source: Source, document: Document) -> str:
    if source.paging is None:
        return ""
    stated = page_count(document, source.encoding)
    return f"；{f'共 {stated} 页' if stated else '页数未写明'}，每次最多读 {source.paging.most} 页"


def _article(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row, trial: Trial) -> None:
    extracted = whole_article(workspace, fetcher, source, row)
    content = extracted.content
    listed = (source.organ, *source.white_list, *workspace.snapshot.office.white_list)
    files = [
        f"{wanted.name}（{'图片' if wanted.role is FileRole.IMAGE else '附件'}）{wanted.url}"
        for wanted in extracted.wanted
    ]
    trial.stages += [
        ("文章", content.source_url),
        ("文章标题", content.title),
        ("发布时间", content.published_at.isoformat() if content.published_at else "未知"),
        ("来源", content.source_name + ("" if content.source_name in listed else "（不在稿源名单内，会提示核对）")),
        ("作者", content.author or "无"),
        ("字段", "；".join(f"{label}：{value}" for label, value in content.fields.items()) or "无"),
        ("正文", f"{len(from_html(content.body).text)} 字"),
        ("附件与图片", "；".join(files) or "无"),
        ("警示", "；".join(f"{rule} {Message(rule).zh}" for rule in extracted.warnings) or "无"),
    ]
