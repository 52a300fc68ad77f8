"""跟踪原文: the originals of our reprints are read again on a schedule that thins out; what is gone is an alarm."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from syndicate.errors import FetchRefused, InputError, Message, SyndicateError
from syndicate.flow.articles import kept_article
from syndicate.flow.side_by_side import side_by_side
from syndicate.flow.taking_in import SYNC, Reading, Taken, renewed
from syndicate.flow.workspace import Workspace
from syndicate.ingest import following
from syndicate.ingest.following import Following
from syndicate.ingest.walls import GONE
from syndicate.model.item import ItemState
from syndicate.model.source import Row, Source, SyncResult
from syndicate.net.fetcher import Fetcher
from syndicate.records import audit, items, originals
from syndicate.records import sources as source_records
from syndicate.records.connection import one_transaction
from syndicate.records.originals import Original

log = logging.getLogger("syndicate.following")

AT_ONCE = 8
MOST = 500
"""Originals of one round; the rest comes with the next one."""
_CLOSED = (ItemState.WITHDRAWN, ItemState.DISCARDED)
_GONE_STATUSES = ("404", "410")


class Followed(StrEnum):
    """What one look at an original brought."""

    SAME = "same"
    REVISED = "revised"
    ABSENT = "absent"
    GONE = "gone"
    """Confirmed: an alarm."""
    UNANSWERED = "unanswered"
    ENDED = "ended"
    """Nobody follows it any more: the item is closed, or its source is no longer configured."""


@dataclass(frozen=True)
class FollowedOriginal:
    """One look at one original."""

    item: int
    source: str
    what: Followed


def follow_originals(workspace: Workspace, fetcher: Fetcher) -> tuple[FollowedOriginal, ...]:
    """Read every original again whose time has come. One that fails changes nothing for the others."""
    due = originals.due_originals(workspace.now(), MOST)

    seen: dict[int, FollowedOriginal] = {}

    def look(original: Original) -> None:
        try:
            what = _look(workspace, fetcher, original)
        except SyndicateError as error:
            log.warning("%s: %s", original.url, error.message.zh)
            what = Followed.UNANSWERED
        seen[original.item] = FollowedOriginal(original.item, original.source, what)

    if due:
        side_by_side(look, due, AT_ONCE, "following")
    return tuple(seen[original.item] for original in due)


def open_alarms() -> Sequence[Original]:
    """Originals that are gone while we still show or prepare their text."""
    return originals.gone_originals([state for state in ItemState if state not in _CLOSED])


def _look(workspace: Workspace, fetcher: Fetcher, original: Original) -> Followed:
    source = workspace.snapshot.sources.get(original.source)
    item = items.get(original.item)
    if source is None or item.state in _CLOSED:
        _store(original, replace(_following(original), next_look_at=None))
        return Followed.ENDED
    now = workspace.now()
    # A look that is killed half-way comes again soon, not at once and not never.
    _store(original, following.unanswered(_following(original), now))
    try:
        reading = _read(workspace, fetcher, source, original)
    except (FetchRefused, InputError) as error:
        if not _says_gone(error):
            raise
        return _absent(workspace, original)
    return _found(workspace, original, reading)


def _read(workspace: Workspace, fetcher: Fetcher, source: Source, original: Original) -> Reading:
    row = Row(original.key, original.url, original.title)
    return Reading(source, row, *kept_article(workspace, fetcher, source, row))


def _says_gone(error: SyndicateError) -> bool:
    return error.message.key == GONE or str(error.message.values.get("status", "")) in _GONE_STATUSES


def _found(workspace: Workspace, original: Original, reading: Reading) -> Followed:
    """The page is there: the same, or a new text, which starts its own schedule."""
    now = workspace.now()
    before = items.latest_revision(original.item).content
    if "ingest.file_missing" in reading.warnings and len(reading.content.attachments) < len(before.attachments):
        return Followed.UNANSWERED  # a file that could not be fetched now is no change of the text
    taken = renewed(workspace, reading, original.item).taken
    if taken is Taken.LATER:
        return Followed.UNANSWERED
    if taken is not Taken.REVISED:
        _store(original, following.found(_following(original), now))
    if original.gone_at is not None:
        with one_transaction():
            audit.append(SYNC, "item.original_back", f"item:{original.item}", {"url": original.url}, now)
    return Followed.REVISED if taken is Taken.REVISED else Followed.SAME


def _absent(workspace: Workspace, original: Original) -> Followed:
    """The page is not there; the third look over a day raises the alarm, once."""
    now = workspace.now()
    after = following.absent(_following(original), now)
    alarm = after.gone_at is not None and original.gone_at is None
    with one_transaction():
        _store(original, after)
        if alarm:
            why = Message("sync.original_gone", {"item": original.item, "title": original.title, "url": original.url})
            audit.append(SYNC, "item.original_gone", f"item:{original.item}", {"url": original.url}, now)
            source_records.add_look(source_records.Look(original.source, now, SyncResult.NOTHING_NEW, 0, 0, 1, why))
    return Followed.GONE if alarm else Followed.ABSENT


def _following(original: Original) -> Following:
    return Following(original.step, original.next_look_at, original.absences, original.absent_since, original.gone_at)


def _store(original: Original, after: Following) -> None:
    changed = replace(
        original,
        step=after.step,
        next_look_at=after.next_look_at,
        absences=after.absences,
        absent_since=after.absent_since,
        gone_at=after.gone_at,
    )
    with one_transaction():
        originals.store_original(changed)
