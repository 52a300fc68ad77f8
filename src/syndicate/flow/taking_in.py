"""采集一篇: from a row of a list to an item in the queue, or to a new revision of one that is there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from syndicate.flow import items as item_flow
from syndicate.flow.articles import kept_article
from syndicate.flow.workspace import Workspace
from syndicate.ingest import likeness
from syndicate.ingest.addresses import address_key
from syndicate.ingest.dates import to_the_minute
from syndicate.ingest.following import first_look
from syndicate.model.item import Content, ItemState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.model.source import LOWEST_AUTHORITY, Row, Source
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit, items, originals
from syndicate.records.connection import one_at_a_time, one_transaction
from syndicate.records.values import ItemRecord

log = logging.getLogger("syndicate.sync")

SYNC = Actor(originals.READER, Role.SYSTEM, "system")


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


@dataclass(frozen=True)
class Reading:
    """An article as it was read now: whose row it is, what it says, and the ids of the ingest rules that fired."""

    source: Source
    row: Row
    content: Content
    warnings: tuple[str, ...]


def take_in(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row) -> TakenIn:
    """Fetch, read, check and store one new row. Raises FetchError or InputError: the row is tried again next time."""
    begun = items.with_key(source.name, row.key)
    if begun is not None:
        return _taken_up(workspace, fetcher, source, row, begun)
    address = address_key(row.url)
    known = items.at_address(address) if address else None
    if known is not None:
        with one_transaction():
            _join(workspace, source, row, known, "address")
        return TakenIn(Taken.JOINED, known)
    reading = Reading(source, row, *kept_article(workspace, fetcher, source, row))
    with one_transaction():
        # Another source may have brought the same document while this one was being read.
        one_at_a_time("documents")
        known, how = _known(workspace, reading)
        if known is not None:
            _join(workspace, source, row, known, how)
        item = known or _stored(workspace, reading)
    if known is not None:
        return TakenIn(_highest_wins(workspace, reading, known), known)
    log.info("taken in", extra={"about": {"item": item, "source": source.name, "document": row.url}})
    item_flow.submit(workspace, SYNC, item)
    return TakenIn(Taken.CREATED, item)


def _stored(workspace: Workspace, reading: Reading) -> int:
    """A new item within the caller's transaction, with all that is needed to know and to follow its original."""
    source, row, content = reading.source, reading.row, reading.content
    placement = item_flow.Placement(source.column, deadline_at=_deadline(workspace, source, content))
    item = item_flow.store(workspace, SYNC, placement, content, reading.warnings)
    items.add_source(item, source.name, row.key, address_key(row.url), workspace.now())
    _remember(workspace, reading, item)
    return item


def _remember(workspace: Workspace, reading: Reading, item: int) -> None:
    """Where an item's text now comes from, when it is read again, and by what it is known at other sources."""
    source, row, content, now = reading.source, reading.row, reading.content, workspace.now()
    next_look = None if source.full_text else first_look(now)
    originals.store_original(originals.Original(item, source.name, row.key, row.url, row.title, 0, next_look))
    number = likeness.document_number(content.fields)
    originals.remember_likeness(originals.Likeness(item, number, content.title, likeness.sketch(content)), now)


def _known(workspace: Workspace, reading: Reading) -> tuple[int | None, str]:
    """The item that another source brought already, and by what it was known: address, number or text."""
    content, address = reading.content, address_key(reading.row.url)
    at_address = items.at_address(address) if address else None
    if at_address is not None:
        return at_address, "address"
    limits = likeness.thresholds()
    number, mine = likeness.document_number(content.fields), likeness.sketch(content)
    for other in originals.likenesses(workspace.now() - likeness.window()):
        same_number = bool(number) and other.number == number
        alike = likeness.same_title(content.title, other.title, limits["title"]) and (
            likeness.resemblance(mine, other.sketch) >= limits["sketch"]
        )
        if (same_number or alike) and _is(reading, other.item):
            return other.item, "number" if same_number else "text"
    return None, ""


def _is(reading: Reading, item: int) -> bool:
    """Whether an item that looks alike is this document. A source's own keys tell its rows apart: there it never is."""
    if any(seen.source == reading.source.name for seen in items.sources(item)):
        return False
    return likeness.same_document(reading.content, items.latest_revision(item).content)


def _join(workspace: Workspace, source: Source, row: Row, item: int, how: str) -> None:
    """The item is seen at this source too from now on; within the caller's transaction."""
    items.add_source(item, source.name, row.key, address_key(row.url), workspace.now())
    audit.append(SYNC, "item.joined", f"item:{item}", {"source": source.name, "by": how}, workspace.now())


def _taken_up(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row, item_id: int) -> TakenIn:
    """What an earlier sync began with this row and was killed before it ended: submit it, or renew the text."""
    done = _finished(workspace, item_id, Taken.CREATED, Taken.JOINED)
    if done.taken is Taken.CREATED:
        return done
    original = originals.original(item_id)
    is_ours = original is not None and (original.source, original.key) == (source.name, row.key)
    if not is_ours and not _outranks(workspace, source, original):
        return done
    reading = Reading(source, row, *kept_article(workspace, fetcher, source, row))
    if is_ours:
        again = renewed(workspace, reading, item_id)
        return done if again.taken is Taken.SAME else again
    return TakenIn(_highest_wins(workspace, reading, item_id), item_id)


def _outranks(workspace: Workspace, source: Source, original: originals.Original | None) -> bool:
    """Whether a source is of higher authority than the one whose text an item carries."""
    present = workspace.snapshot.sources.get(original.source) if original else None
    return source.authority < (present.authority if present else LOWEST_AUTHORITY)


def _highest_wins(workspace: Workspace, reading: Reading, item_id: int) -> Taken:
    """A source of higher authority replaces the text of a lower one, unless the item is on its way out or closed."""
    if not _outranks(workspace, reading.source, originals.original(item_id)) or not _open(items.get(item_id)):
        return Taken.JOINED
    renew(workspace, reading, item_id, "采用更高层级来源的文本")
    return Taken.REVISED


def _open(item: ItemRecord) -> bool:
    return item.state not in (ItemState.APPROVED, ItemState.WITHDRAWN, ItemState.DISCARDED)


def _finished(workspace: Workspace, item: int, done: Taken, otherwise: Taken) -> TakenIn:
    """Submit what an earlier sync stored and was killed before it submitted; `otherwise` when there is nothing to do."""
    if items.get(item).state is not ItemState.DRAFT or items.latest_revision(item).created_by != SYNC.name:
        return TakenIn(otherwise, item)
    item_flow.submit(workspace, SYNC, item)
    return TakenIn(done, item)


def follow(workspace: Workspace, fetcher: Fetcher, source: Source, row: Row, item_id: int) -> TakenIn:
    """Read the original of an item again; a changed text is a new revision that goes through review again.

    A source whose text the item does not carry (another one of higher authority has it) changes nothing.
    """
    original = originals.original(item_id)
    if original is not None and (original.source, original.key) != (source.name, row.key):
        return TakenIn(Taken.SAME, item_id)
    return renewed(workspace, Reading(source, row, *kept_article(workspace, fetcher, source, row)), item_id)


def renewed(workspace: Workspace, reading: Reading, item_id: int) -> TakenIn:
    """What a look at an item's original changes: nothing where only blanks, navigation or addresses differ."""
    item = items.get(item_id)
    if likeness.same_text(items.latest_revision(item_id).content, reading.content):
        return _finished(workspace, item_id, Taken.REVISED, Taken.SAME)
    if not _open(item):
        return TakenIn(Taken.LATER if item.state is ItemState.APPROVED else Taken.SAME, item_id)
    renew(workspace, reading, item_id, "原文有更新")
    return TakenIn(Taken.REVISED, item_id)


def renew(workspace: Workspace, reading: Reading, item_id: int, reason: str) -> None:
    """A new revision of an item with the text that was read now, and back to review."""
    item = items.get(item_id)
    action = ItemAction.AMEND if item.state is ItemState.PUBLISHED else ItemAction.EDIT
    with one_transaction():
        # First: where this is all that happens before a crash, the next look at this original brings the text.
        _remember(workspace, reading, item_id)
    item_flow.add_revision(workspace, SYNC, item, reading.content, (action, reason), reading.warnings)
    item_flow.submit(workspace, SYNC, item_id)


def _deadline(workspace: Workspace, source: Source, content: Content) -> datetime:
    """The reprint limit counts from the source's own time where it has one to the minute, else from our first sight."""
    exact = to_the_minute(content.published_at, workspace.snapshot.office.timezone)
    return (exact or workspace.now()) + source.deadline
