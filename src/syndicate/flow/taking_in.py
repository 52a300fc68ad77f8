"""采集一篇: from a row of a list to an item in the queue, or to a new revision of one that is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from syndicate.errors import FetchError, InputError
from syndicate.flow import items as item_flow
from syndicate.flow.workspace import Workspace
from syndicate.ingest.addresses import address_key
from syndicate.ingest.article import read_article
from syndicate.ingest.files import file_name, media_type, with_files
from syndicate.ingest.walls import wall
from syndicate.model.item import Attachment, Content, Extracted, ItemState, WantedFile
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.model.source import Document, Row, Source
from syndicate.net.fetcher import Fetcher
from syndicate.records import items
from syndicate.records.connection import one_at_a_time, one_transaction

SYNC = Actor("sync", Role.SYSTEM, "system")


class Taken(StrEnum):
    """What became of a row."""

    CREATED = "created"
    JOINED = "joined"
    """The same document is an item already, seen at another source."""
    REVISED = "revised"
    SAME = "same"
    LATER = "later"
    """It changed while its item is on its way out; it is read again at the next look."""


@dataclass(frozen=True)
class TakenIn:
    """What became of a row, and the item it belongs to."""

    taken: Taken
    item: int


def take_in(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row) -> TakenIn:
    """Fetch, read, check and store one new row. Raises FetchError or InputError: the row is tried again next time."""
    begun = items.with_key(source.name, row.key)
    if begun is not None:
        return _finished(workspace, begun, Taken.CREATED, Taken.JOINED)
    address = address_key(row.url)
    known = _joined(workspace, source, row, address)
    if known is not None:
        return TakenIn(Taken.JOINED, known)
    content, warnings = _read(workspace, fetcher, source, row)
    placement = item_flow.Placement(source.column, deadline_at=_deadline(workspace, source, content))
    with one_transaction():
        # Another source may have brought the same document while this one was being read.
        one_at_a_time(f"document\n{address or source.name + row.key}")
        known = _joined(workspace, source, row, address)
        if known is not None:
            return TakenIn(Taken.JOINED, known)
        item = item_flow.store(workspace, SYNC, placement, content, warnings)
        items.add_source(item, source.name, row.key, address, workspace.now())
    item_flow.submit(workspace, SYNC, item)
    return TakenIn(Taken.CREATED, item)


def _joined(workspace: Workspace, source: Source, row: Row, address: str) -> int | None:
    """The item that another source brought already; it is seen here too from now on."""
    known = items.at_address(address) if address else None
    if known is not None:
        with one_transaction():
            items.add_source(known, source.name, row.key, address, workspace.now())
    return known


def _finished(workspace: Workspace, item: int, done: Taken, otherwise: Taken) -> TakenIn:
    """Submit what an earlier sync stored and was killed before it submitted; `otherwise` when there is nothing to do."""
    if items.get(item).state is not ItemState.DRAFT or items.latest_revision(item).created_by != SYNC.name:
        return TakenIn(otherwise, item)
    item_flow.submit(workspace, SYNC, item)
    return TakenIn(done, item)


def follow(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row, item_id: int) -> TakenIn:
    """Read the original of an item again; a changed text is a new revision that goes through review again."""
    content, warnings = _read(workspace, fetcher, source, row)
    item = items.get(item_id)
    if items.latest_revision(item_id).content.hash == content.hash:
        return _finished(workspace, item_id, Taken.REVISED, Taken.SAME)
    if item.state in (ItemState.APPROVED, ItemState.WITHDRAWN, ItemState.DISCARDED):
        return TakenIn(Taken.LATER if item.state is ItemState.APPROVED else Taken.SAME, item_id)
    action = ItemAction.AMEND if item.state is ItemState.PUBLISHED else ItemAction.EDIT
    item_flow.add_revision(workspace, SYNC, item, content, (action, "原文有更新"), warnings)
    item_flow.submit(workspace, SYNC, item_id)
    return TakenIn(Taken.REVISED, item_id)


def _read(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row) -> tuple[Content, tuple[str, ...]]:
    """The article with its files stored, and the ids of the ingest rules that fired."""
    document = article_document(workspace, fetcher, source, row)
    extracted = read_article(source, row, document)
    kept: list[Attachment] = []
    missing = False
    for wanted in extracted.wanted:
        try:
            kept.append(_keep(workspace, fetcher, source, wanted))
        except (FetchError, InputError):
            missing = True  # one picture or attachment never stops an article; the finding says so
    body = with_files(extracted.content.body, {one.url: one.sha256 for one in kept})
    content = replace(extracted.content, body=body, attachments=tuple(kept))
    return content, _warnings(extracted, missing)


def _warnings(extracted: Extracted, missing: bool) -> tuple[str, ...]:
    return (*extracted.warnings, *(("ingest.file_missing",) if missing else ()))


def article_document(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row) -> Document:
    """The page of a row, or the text that the list itself carries. Raises InputError where a guard stands before it."""
    if source.full_text:
        return Document(
            row.url, row.html.encode(), workspace.now(), headers={"content-type": "text/html; charset=utf-8"}
        )
    document = fetcher.get(row.url, allow=source.allow)
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    if guard:
        raise InputError("sync.wall", url=row.url, guard=guard)
    return document


def _keep(workspace: Workspace, fetcher: Fetcher, source: Source, wanted: WantedFile) -> Attachment:
    with fetcher.download(wanted.url, allow=source.allow) as download:
        data = download.file.read()
    kind = media_type(data, wanted.name, wanted.role)
    sha256 = workspace.files.put(data)
    name = file_name(wanted.name, wanted.url)
    return Attachment(name, sha256, kind, len(data), wanted.role, wanted.url)


def _deadline(workspace: Workspace, source: Source, content: Content) -> datetime:
    """The reprint limit counts from the source's own time where it has one to the minute, else from our first sight."""
    published = content.published_at
    now = workspace.now()
    exact = published is not None and published.astimezone(workspace.snapshot.office.timezone).time() != time.min
    return (published if exact and published else now) + source.deadline
