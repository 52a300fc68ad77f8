"""试读信源: every stage of one look at a source, shown and not stored."""

from __future__ import annotations

from dataclasses import dataclass, field

from syndicate.errors import Message, NotFound, SyndicateError
from syndicate.flow.taking_in import article_document
from syndicate.flow.workspace import Workspace
from syndicate.ingest.article import read_article
from syndicate.ingest.lists import read_list
from syndicate.ingest.walls import wall
from syndicate.model.source import Row, Source
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
    document = fetcher.get(source.url, allow=source.allow)
    trial.stages.append(("请求", f"HTTP {document.status}，{len(document.body)} 字节，{document.url}"))
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    trial.stages.append(("防护页", guard or "无"))
    rows = read_list(source, document)
    trial.rows = rows[:5]
    undated = sum(row.published_at is None for row in rows)
    trial.stages.append(("列表", f"{len(rows)} 行，其中 {undated} 行没有日期"))
    if rows:
        _article(workspace, fetcher, source, rows[0], trial)


def _article(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row, trial: Trial) -> None:
    extracted = read_article(source, row, article_document(workspace, fetcher, source, row))
    content = extracted.content
    trial.stages += [
        ("文章标题", content.title),
        ("发布时间", content.published_at.isoformat() if content.published_at else "未知"),
        ("来源", content.source_name),
        ("字段", "；".join(f"{label}：{value}" for label, value in content.fields.items()) or "无"),
        ("正文", f"{len(from_html(content.body).text)} 字"),
        ("附件与图片", "；".join(wanted.url for wanted in extracted.wanted) or "无"),
        ("警示", "、".join(extracted.warnings) or "无"),
    ]
