"""采集: look at every source that is due, side by side. One failing source changes nothing for the others."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from syndicate.errors import FetchError, InputError, Message, NotFound, SyndicateError
from syndicate.flow.dead_links import DeadLinks, dead_links
from syndicate.flow.following import Followed, follow_originals
from syndicate.flow.listing import Listed, first_page, read_pages
from syndicate.flow.robots import permit_fetch
from syndicate.flow.room import check_room
from syndicate.flow.side_by_side import side_by_side
from syndicate.flow.taking_in import SYNC, Taken, follow, take_in
from syndicate.flow.workspace import Workspace
from syndicate.ingest.health import Condition, after_look, is_due
from syndicate.ingest.novelty import row_hash, sort_out
from syndicate.ingest.walls import wall
from syndicate.model.source import Document, Row, Source, SyncResult
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit
from syndicate.records import sources as source_records
from syndicate.records.connection import one_transaction

log = logging.getLogger("syndicate.sync")

WELL = frozenset({SyncResult.NEW, SyncResult.NOTHING_NEW})
_ARRIVALS = 30
"""Arrivals of a source from which its usual pauses are learned."""
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
    postponed: int = 0
    """Changed rows whose item is on its way out; they are read again at the next look."""
    dead: int = 0
    """Of the failed ones, how many became a task for a person at this look: they are tried seldom from now on."""
    followed: int = 0
    """Originals of earlier reprints that were read again because their time had come."""
    gone: int = 0
    """Of those, how many are now confirmed to be gone: an alarm each."""
    alarm: bool = False
    """This look is the first bad one: one alarm per incident."""
    recovered: bool = False
    """This look is the first good one after an incident: the all-clear."""


def sync(
    workspace: Workspace,
    fetcher: Fetcher,
    names: Sequence[str] = (),
    progress: Callable[[SourceResult], None] = lambda _: None,
) -> tuple[SourceResult, ...]:
    """Look at the named sources, or at all that are due and not switched off, and at the originals of earlier reprints.

    Results come in the order of the configuration; a source whose originals alone were read again comes after them.
    Raises StorageError before anything is fetched when the disk is nearly full.
    """
    check_room(workspace.home)
    chosen = [_source(workspace, name) for name in names] or _due(workspace)

    results = [SourceResult(source.name) for source in chosen]

    def look(order: tuple[Source, SourceResult]) -> None:
        source, result = order
        try:
            _look(workspace, fetcher, source, result)
        except SyndicateError as error:
            result.result, result.why = SyncResult.FAILED, error.message
        except Exception as error:  # noqa: BLE001 no mistake with one source may stop the others
            result.result, result.why = SyncResult.FAILED, _mistake(source, "", error)
        progress(result)

    side_by_side(look, list(zip(chosen, results, strict=True)), SIDE_BY_SIDE, "sync")
    if not names:
        _follow(workspace, fetcher, results)
    return tuple(results)


def _follow(workspace: Workspace, fetcher: Fetcher, results: list[SourceResult]) -> None:
    """Read originals again and count what came of it under their source."""
    by_name = {one.source: one for one in results}
    for followed in follow_originals(workspace, fetcher):
        if followed.source not in by_name:
            by_name[followed.source] = SourceResult(followed.source, SyncResult.NOTHING_NEW)
            results.append(by_name[followed.source])
        result = by_name[followed.source]
        result.followed += 1
        result.changed += followed.what is Followed.REVISED
        result.gone += followed.what is Followed.GONE
        if followed.what is Followed.REVISED:
            result.items.append(followed.item)


def _source(workspace: Workspace, name: str) -> Source:
    try:
        return workspace.snapshot.sources[name]
    except KeyError:
        raise NotFound("sync.no_source", name=name) from None


def _due(workspace: Workspace) -> list[Source]:
    now, known, off = workspace.now(), source_records.all_health(), source_records.switched_off()
    sources = [one for one in workspace.snapshot.sources.values() if one.name not in off]
    looks = {name: (health.last_look_at, health.next_look_at) for name, health in known.items()}
    return [one for one in sources if is_due(*looks.get(one.name, (None, None)), now)]


def _look(workspace: Workspace, fetcher: Fetcher, source: Source, result: SourceResult) -> None:
    """One look at one source; whatever happens is recorded. Raises StorageError when it cannot be."""
    health = source_records.health(source.name)
    failing = dead_links(source, workspace.now())
    # What failed before may be there now, though its list has not changed.
    validators = _Validators() if failing.any_due else _Validators(health.etag, health.last_modified)
    try:
        permit_fetch(workspace, fetcher, source, source.url)
        document = first_page(fetcher, source, **asdict(validators))
        _read(workspace, fetcher, document, result, _Reader(source, health, failing))
        if result.failed or result.postponed:
            validators = _Validators()  # the list must come again whole, so that these rows are tried again
        elif document.status != 304:
            validators = _validators(document)
    except FetchError as error:
        status = str(error.message.values.get("status", ""))
        result.result = SyncResult.WALL if status in ("403", "412", "521") else SyncResult.FAILED
        result.why = error.message
    except InputError as error:
        result.result, result.why = SyncResult.PARSER_BROKEN, error.message
    except Exception as error:  # noqa: BLE001 no mistake of a reader may leave a look without a record
        result.result, result.why = SyncResult.FAILED, _mistake(source, "", error)
    _record(workspace, source, result, health, validators)


@dataclass(frozen=True)
class _Validators:
    """What a server is asked with whether its list has changed."""

    etag: str = ""
    last_modified: str = ""


def _validators(document: Document) -> _Validators:
    """Those of a list that was read whole; one too long to be kept is left out."""
    etag, last_modified = (document.headers.get(name, "") for name in ("etag", "last-modified"))
    longest = source_records.LONGEST_VALIDATOR
    return _Validators(etag if len(etag) <= longest else "", last_modified if len(last_modified) <= longest else "")


def _mistake(source: Source, url: str, error: Exception) -> Message:
    """What people are told about an error that nobody foresaw; the log has its place, not its text."""
    where = "".join([*traceback.format_tb(error.__traceback__), type(error).__name__])
    log.error("%s %s cannot be read\n%s", source.name, url, where)
    return Message("sync.mistake", {"error": type(error).__name__, "url": url or source.url})


@dataclass(frozen=True)
class _Reader:
    """A source, how it was before this look, and what of its list could not be read so far."""

    source: Source
    health: source_records.Health
    failing: DeadLinks


def _read(workspace: Workspace, fetcher: Fetcher, document: Document, result: SourceResult, reader: _Reader) -> None:
    """Rows to items; while no look was good yet the archive is left out. Raises InputError for the list."""
    source, failing = reader.source, reader.failing
    if document.status == 304:
        result.result = SyncResult.NOTHING_NEW
        return
    guard = wall(document.status, document.body, document.headers.get("content-type", ""))
    if guard:
        result.result, result.why = SyncResult.WALL, Message("sync.wall", {"url": source.url, "guard": guard})
        return
    seen = source_records.seen(source.name)
    first = reader.health.last_success_at is None
    # What failed before may stand on a later page, behind rows that are known.
    thorough = first or failing.any_due
    rows = read_pages(workspace, fetcher, source, document, Listed(seen, thorough))
    if not rows:
        result.result, result.why = SyncResult.EMPTY_LIST, Message("sync.empty_list")
        return
    if thorough:
        failing.listed(rows)
    known = {key: row.row_hash for key, row in seen.items()}
    novelty = sort_out(rows, known, source.first_run if first else len(rows))
    now = workspace.now()
    with one_transaction():
        source_records.mark_archive(source.name, {row.key: row_hash(row) for row in novelty.archive}, now)
    for row in novelty.new:
        if not failing.waits(row):
            _take(workspace, fetcher, reader, row, None, result)
    for row in novelty.changed:
        item = seen[row.key].item
        if item is not None and not failing.waits(row):  # what belongs to the archive stays there
            _take(workspace, fetcher, reader, row, item, result)
    result.result = SyncResult.NEW if result.new or result.changed else SyncResult.NOTHING_NEW
    if result.failed and result.why:
        first_why = {"why_zh": result.why.zh, "why_en": result.why.en}
        result.why = Message("sync.articles_failed", {"count": result.failed, **first_why})


def _take(
    workspace: Workspace, fetcher: Fetcher, reader: _Reader, row: Row, item: int | None, result: SourceResult
) -> None:
    """One row; one bad article never stops its list. What failed is not marked as seen and so is tried again."""
    source = reader.source
    try:
        taken = follow(workspace, fetcher, source, row, item) if item else take_in(workspace, fetcher, source, row)
        if taken.taken is not Taken.LATER:
            with one_transaction():
                source_records.mark_seen(source.name, row.key, taken.item, row_hash(row), workspace.now())
                reader.failing.read(row)
    except SyndicateError as error:
        log.warning("%s: %s: %s", source.name, row.url, error.message.zh)
        _failed(reader, row, error.message, result)
        return
    except Exception as error:  # noqa: BLE001 no mistake with one article may stop the others
        _failed(reader, row, _mistake(source, row.url, error), result)
        return
    result.new += taken.taken is Taken.CREATED
    result.changed += taken.taken is Taken.REVISED
    result.postponed += taken.taken is Taken.LATER
    result.items.append(taken.item)


def _failed(reader: _Reader, row: Row, why: Message, result: SourceResult) -> None:
    """Count a row that could not be taken in; one that is a task already does not make this look a failed one."""
    result.dead += reader.failing.failed(row, why)
    if not reader.failing.is_task(row):
        result.failed += 1
        result.why = result.why or why


def _quiet_until(why: Message | None) -> datetime | None:
    """Until when the other side asked us to stay away: then, not earlier and not later, the source is looked at again."""
    if why is None or why.key != "net.quiet":
        return None
    return datetime.fromisoformat(str(why.values["until"]))


def _record(
    workspace: Workspace,
    source: Source,
    result: SourceResult,
    before: source_records.Health,
    validators: _Validators,
) -> None:
    now = workspace.now()
    condition = Condition(before.last_success_at, before.last_new_at, before.failures)
    news = result.result is not SyncResult.NOTHING_NEW
    arrivals = () if news else source_records.arrivals(source.name, _ARRIVALS)
    after = after_look(source, condition, result.result, now, arrivals)
    result.result = after.result
    quiet_until = _quiet_until(result.why)
    if after.result is SyncResult.SILENT and result.why is None:
        result.why = Message("sync.silent", {"since": f"{after.last_new_at:%Y-%m-%d %H:%M}"})
    health = source_records.Health(
        source=source.name,
        result=after.result,
        message=result.why,
        last_look_at=now,
        last_success_at=after.last_success_at,
        last_new_at=after.last_new_at or after.last_success_at,  # silence counts from the first good look
        failures=after.failures,
        next_look_at=quiet_until if quiet_until and quiet_until > now else after.next_look_at,
        **asdict(validators),
    )
    with one_transaction():
        source_records.store_health(health)
        source_records.add_look(source_records.Look(source.name, now, after.result, *_counts(result), *_stands(health)))
        _tell_incident(source, result, now)


def _counts(result: SourceResult) -> tuple[int, int, int, Message | None]:
    return result.new, result.changed, result.failed, result.why


def _stands(health: source_records.Health) -> tuple[datetime | None, datetime | None, datetime | None]:
    return health.last_success_at, health.last_new_at, health.next_look_at


def _tell_incident(source: Source, result: SourceResult, now: datetime) -> None:
    """One alarm when a source stops being well and one all-clear when it is again; within the caller's transaction."""
    well = result.result in WELL
    known = source_records.open_incident(source.name)
    if not well and known is None:
        result.alarm = True
        source_records.begin_incident(source.name, result.result, result.why, now)
        data: dict[str, object] = {"result": result.result, "why": result.why.key if result.why else ""}
        audit.append(SYNC, "source.alarm", f"source:{source.name}", data, now)
    elif well and known is not None:
        result.recovered = True
        source_records.end_incident(source.name, now)
        data = {"since": known.opened_at.isoformat()}
        audit.append(SYNC, "source.recovered", f"source:{source.name}", data, now)
