"""采集: look at every source that is due, side by side. One failing source changes nothing for the others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from syndicate.errors import FetchError, InputError, Message, NotFound, SyndicateError
from syndicate.flow.taking_in import Taken, follow, take_in
from syndicate.flow.workspace import Workspace
from syndicate.ingest.health import Condition, after_look, is_due
from syndicate.ingest.lists import read_list
from syndicate.ingest.novelty import row_hash, sort_out
from syndicate.ingest.walls import wall
from syndicate.model.source import Document, Row, Source, SyncResult
from syndicate.net.fetcher import Fetcher
from syndicate.records import sources as source_records
from syndicate.records.connection import close_connections, one_transaction

log = logging.getLogger("syndicate.sync")

SIDE_BY_SIDE = 8
"""Sources fetched at once; one host never gets two requests at once (syndicate.net)."""


@dataclass
class SourceResult:
    """What one look at a source brought."""

    source: str
    result: SyncResult = SyncResult.FAILED
    new: int = 0
    changed: int = 0
    failed: int = 0
    why: Message | None = None
    items: list[int] = field(default_factory=list)


def sync(
    workspace: Workspace,
    fetcher: Fetcher,
    names: Sequence[str] = (),
    progress: Callable[[SourceResult], None] = lambda _: None,
) -> tuple[SourceResult, ...]:
    """Look at the named sources, or at all that are due. Results come in the order of the configuration."""
    chosen = [_source(workspace, name) for name in names] or _due(workspace)

    def look(source: Source) -> SourceResult:
        try:
            result = _look(workspace, fetcher, source)
        finally:
            close_connections()
        progress(result)
        return result

    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="sync") as pool:
        return tuple(pool.map(look, chosen))


def _source(workspace: Workspace, name: str) -> Source:
    try:
        return workspace.snapshot.sources[name]
    except KeyError:
        raise NotFound("sync.no_source", name=name) from None


def _due(workspace: Workspace) -> list[Source]:
    now = workspace.now()
    sources = workspace.snapshot.sources.values()
    return [source for source in sources if is_due(source_records.health(source.name).next_look_at, now)]


def _look(workspace: Workspace, fetcher: Fetcher, source: Source) -> SourceResult:
    """One look at one source; whatever happens is recorded."""
    result = SourceResult(source.name)
    health = source_records.health(source.name)
    etag, last_modified = health.etag, health.last_modified
    try:
        document = fetcher.get(source.url, allow=source.allow, etag=etag, last_modified=last_modified)
        _read(workspace, fetcher, source, document, result)
        if not result.failed and document.status != 304:
            # With failed articles the list must come again whole, so that they are tried again.
            etag = document.headers.get("etag", "")
            last_modified = document.headers.get("last-modified", "")
        elif result.failed:
            etag = last_modified = ""
    except FetchError as error:
        status = str(error.message.values.get("status", ""))
        result.result = SyncResult.WALL if status in ("403", "412", "521") else SyncResult.FAILED
        result.why = error.message
    except InputError as error:
        result.result, result.why = SyncResult.PARSER_BROKEN, error.message
    _record(workspace, source, result, health, etag, last_modified)
    return result


def _read(workspace: Workspace, fetcher: Fetcher, source: Source, document: Document, result: SourceResult) -> None:
    """Rows to items. Raises InputError when the list itself cannot be read."""
    if document.status == 304:
        result.result = SyncResult.NOTHING_NEW
        return
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    if guard:
        result.result, result.why = SyncResult.WALL, Message("sync.wall", {"url": source.url, "guard": guard})
        return
    rows = read_list(source, document)
    if not rows:
        result.result, result.why = SyncResult.EMPTY_LIST, Message("sync.empty_list")
        return
    seen = source_records.seen(source.name)
    novelty = sort_out(rows, {key: known.row_hash for key, known in seen.items()}, source.first_run)
    now = workspace.now()
    with one_transaction():
        source_records.mark_archive(source.name, {row.key: row_hash(row) for row in novelty.archive}, now)
    for row in novelty.new:
        _take(workspace, fetcher, source, row, None, result)
    for row in novelty.changed:
        _take(workspace, fetcher, source, row, seen[row.key].item, result)
    result.result = SyncResult.NEW if result.new or result.changed else SyncResult.NOTHING_NEW


def _take(
    workspace: Workspace, fetcher: Fetcher, source: Source, row: Row, item: int | None, result: SourceResult
) -> None:
    """One row; one bad article never stops its list. What failed is not marked as seen and so is tried again."""
    try:
        archived = item is None and row.key in source_records.seen(source.name)
        if archived:
            source_records.mark_seen(source.name, row.key, None, row_hash(row), workspace.now())
            return
        taken = follow(workspace, fetcher, source, row, item) if item else take_in(workspace, fetcher, source, row)
    except SyndicateError as error:
        result.failed += 1
        result.why = result.why or Message("sync.articles_failed", {"count": result.failed, "why": error.message.zh})
        log.warning("%s: %s: %s", source.name, row.url, error.message.zh)
        return
    if taken.taken is not Taken.LATER:
        source_records.mark_seen(source.name, row.key, taken.item, row_hash(row), workspace.now())
    result.new += taken.taken is Taken.CREATED
    result.changed += taken.taken is Taken.REVISED
    result.items.append(taken.item)


def _record(
    workspace: Workspace,
    source: Source,
    result: SourceResult,
    before: source_records.Health,
    etag: str,
    last_modified: str,
) -> None:
    now = workspace.now()
    after = after_look(
        source, Condition(before.last_success_at, before.last_new_at, before.failures), result.result, now
    )
    result.result = after.result
    if after.result is SyncResult.SILENT and result.why is None:
        result.why = Message("sync.silent", {"days": source.silence.days})
    with one_transaction():
        source_records.store_health(
            source_records.Health(
                source=source.name,
                result=after.result,
                message=result.why,
                last_look_at=now,
                last_success_at=after.last_success_at,
                last_new_at=after.last_new_at,
                failures=after.failures,
                next_look_at=after.next_look_at,
                etag=etag,
                last_modified=last_modified,
            )
        )
        source_records.add_look(
            source_records.Look(source.name, now, after.result, result.new, result.changed, result.failed, result.why)
        )
