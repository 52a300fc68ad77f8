"""Where an item was seen, whose text it carries, and what a changed original changed: values for the item page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from syndicate.desk.comparing import Told, told_change
from syndicate.desk.wording import word
from syndicate.flow.overview import ItemPage, address_of
from syndicate.flow.pasting import MANUAL
from syndicate.flow.taking_in import SYNC
from syndicate.flow.workspace import Workspace
from syndicate.ingest.changes import MOST, changes
from syndicate.records.values import ItemSourceRecord, RevisionRecord


@dataclass(frozen=True)
class SeenAt:
    """One source at which the document was seen. `carried`: the item has this source's text."""

    title: str
    authority: str
    url: str
    at: datetime
    known_by: str
    carried: bool


@dataclass(frozen=True)
class Renewed:
    """The newest revision came from the original: why, which revision it is compared with, and what is different."""

    reason: str
    compared_with: int
    changes: tuple[Told, ...]
    more: int


@dataclass(frozen=True)
class Upstream:
    """Everything about the sources of an item. `next_look` None: its original is not read again."""

    sources: tuple[SeenAt, ...]
    next_look: datetime | None
    renewed: Renewed | None


def upstream(workspace: Workspace, page: ItemPage) -> Upstream:
    """What the page says of where an item comes from."""
    known_by = {
        str(one.data.get("source")): str(one.data.get("by")) for one in page.audit if one.action == "item.joined"
    }
    sources = tuple(_seen_at(workspace, page, one, known_by.get(one.source, "")) for one in page.sources)
    original = page.original
    return Upstream(sources, original.next_look_at if original else None, _renewed(workspace, page))


def _seen_at(workspace: Workspace, page: ItemPage, seen: ItemSourceRecord, known_by: str) -> SeenAt:
    source = workspace.snapshot.sources.get(seen.source)
    original = page.original
    title = word("seen", MANUAL) if seen.source == MANUAL else source.title if source else seen.source
    return SeenAt(
        title=title,
        authority=word("authority", str(source.authority)) if source else "",
        url=address_of(page, seen),
        at=seen.seen_at,
        known_by=word("known_by", known_by) if known_by else "",
        carried=original is not None and (original.source, original.key) == (seen.source, seen.key),
    )


def _renewed(workspace: Workspace, page: ItemPage) -> Renewed | None:
    latest = page.revision
    if latest.created_by != SYNC.name or latest.number == 1:
        return None
    before = _compared_with(page)
    found = changes(before.content, latest.content)
    told = (one.data for one in reversed(page.audit) if one.data.get("after") == latest.content.hash)
    reason = str(next(told, {}).get("reason", ""))
    return Renewed(
        reason, before.number, tuple(told_change(workspace, one) for one in found[:MOST]), max(len(found) - MOST, 0)
    )


def _compared_with(page: ItemPage) -> RevisionRecord:
    """The revision that people approved last, so that no change in between escapes them; else the one before."""
    earlier = page.revisions[:-1]
    sent = {delivery.revision for delivery in page.deliveries}
    return next((one for one in reversed(earlier) if one.id in sent), earlier[-1])
