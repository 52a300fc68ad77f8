"""采集原文: one article whole, however many pages it has, with its pictures and attachments."""

from __future__ import annotations

from dataclasses import replace

from syndicate.errors import FetchError, FetchRefused, InputError
from syndicate.flow.robots import permit_fetch
from syndicate.flow.workspace import Workspace
from syndicate.ingest.article import read_article
from syndicate.ingest.continuations import MOST_PAGES, joined, next_page
from syndicate.ingest.files import file_name, media_type, with_files
from syndicate.ingest.walls import refuse_tombstone, refuse_wall
from syndicate.model.item import Attachment, Content, Extracted, WantedFile
from syndicate.model.source import Document, Row, Source
from syndicate.net.fetcher import Fetcher


def kept_article(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row) -> tuple[Content, tuple[str, ...]]:
    """The article with its files stored, and the ids of the ingest rules that fired. Raises FetchError, InputError."""
    return with_kept_files(workspace, fetcher, source, whole_article(workspace, fetcher, source, row))


def with_kept_files(
    workspace: Workspace, fetcher: Fetcher, source: Source, extracted: Extracted
) -> tuple[Content, tuple[str, ...]]:
    """An article with the files that it wants stored, and the ids of the ingest rules that fired."""
    kept: list[Attachment] = []
    missing = False
    for wanted in extracted.wanted:
        try:
            kept.append(_keep(workspace, fetcher, source, wanted))
        except (FetchError, InputError):
            missing = True  # one picture or attachment never stops an article; the finding says so
    body = with_files(extracted.content.body, {one.url: one.sha256 for one in kept})
    content = replace(extracted.content, body=body, attachments=tuple(kept))
    return content, (*extracted.warnings, *(("ingest.file_missing",) if missing else ()))


def whole_article(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row) -> Extracted:
    """The article of a row, its further pages joined, without its files. Raises FetchError, InputError."""
    if source.full_text:
        return read_article(source, row, _from_list(workspace, row))
    document = article_document(workspace, fetcher, source, row.url)
    parts = [read_article(source, row, document)]
    seen = {row.url, document.url}
    while len(parts) < MOST_PAGES and document.body.lstrip()[:1] == b"<":
        url = next_page(document, row.url, source.encoding)
        if not url or url in seen:
            break
        seen.add(url)
        try:
            document = article_document(workspace, fetcher, source, url)
            parts.append(read_article(source, row, document))
        except (FetchRefused, InputError):
            parts[0] = replace(parts[0], warnings=(*parts[0].warnings, "ingest.page_missing"))
            break
    return joined(parts) if len(parts) > 1 else parts[0]


def article_document(workspace: Workspace, fetcher: Fetcher, source: Source, url: str) -> Document:
    """One page of an article. Raises FetchError, and InputError for a guard's page or a tombstone."""
    permit_fetch(workspace, fetcher, source, url)
    document = fetcher.get(url, allow=source.allow)
    refuse_wall(document, url)
    refuse_tombstone(document, url)
    return document


def _from_list(workspace: Workspace, row: Row) -> Document:
    """The text that the list itself carries, as a document."""
    return Document(row.url, row.html.encode(), workspace.now(), headers={"content-type": "text/html; charset=utf-8"})


def _keep(workspace: Workspace, fetcher: Fetcher, source: Source, wanted: WantedFile) -> Attachment:
    permit_fetch(workspace, fetcher, source, wanted.url)
    with fetcher.download(wanted.url, allow=source.allow) as download:
        data = download.file.read()
    kind = media_type(data, wanted.name, wanted.role)
    sha256 = workspace.files.put(data)
    name = file_name(wanted.name, wanted.url)
    return Attachment(name, sha256, kind, len(data), wanted.role, wanted.url)
