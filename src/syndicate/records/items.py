"""Items and revisions: creating, reading, and changing a state by compare-and-set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Max

from syndicate.errors import Conflict, NotFound
from syndicate.model.item import Attachment, Content, FileRole, ItemKind, ItemState
from syndicate.records import models
from syndicate.records.bulk import portions, update_rows
from syndicate.records.values import ItemRecord, ItemSourceRecord, RevisionRecord

TITLE = 255
"""Characters of a title that the queue searches and shows."""


@dataclass(frozen=True)
class NewItem:
    """What is known when an item is created."""

    column: str
    kind: ItemKind
    levels: int
    created_by: str
    deadline_at: datetime | None = None
    expires_at: datetime | None = None
    channels: tuple[str, ...] = ()
    old_address: str = ""
    """For an imported item that stays where it stood."""
    first_published_at: datetime | None = None
    """Given where it is created as published already: it was imported."""
    review_on: date | None = None
    """When a person shall read it again after it was published."""


def create(new: NewItem, content: Content, now: datetime) -> tuple[int, int]:
    """Store a draft, or what is published already, with its first revision; returns (item id, revision id)."""
    item = models.Item.objects.create(
        title=content.title[:TITLE],
        column=new.column,
        kind=new.kind,
        state=ItemState.PUBLISHED if new.first_published_at else ItemState.DRAFT,
        levels=new.levels,
        created_by=new.created_by,
        created_at=now,
        deadline_at=new.deadline_at,
        expires_at=new.expires_at,
        channels=list(new.channels),
        old_address=new.old_address,
        first_published_at=new.first_published_at,
        review_on=new.review_on,
    )
    return item.id, add_revision(item.id, content, new.created_by, now)


def add_revision(item: int, content: Content, created_by: str, now: datetime) -> int:
    """Store the next revision of an item; returns its id."""
    last = models.Revision.objects.filter(item_id=item).aggregate(last=Max("number"))["last"] or 0
    if last:
        models.Item.objects.filter(id=item).update(title=content.title[:TITLE])
    revision = models.Revision.objects.create(
        item_id=item,
        number=last + 1,
        title=content.title,
        body=content.body,
        kind=content.kind,
        source_name=content.source_name,
        source_url=content.source_url,
        published_at=content.published_at,
        author=content.author,
        summary=content.summary,
        fields=dict(content.fields),
        adaptations={channel: dict(words) for channel, words in content.adaptations.items() if words} or None,
        content_hash=content.hash,
        created_by=created_by,
        created_at=now,
    )
    models.Attachment.objects.bulk_create(
        models.Attachment(
            revision=revision,
            position=position,
            name=attachment.name,
            sha256=attachment.sha256,
            media_type=attachment.media_type,
            size=attachment.size,
            role=attachment.role,
            url=attachment.url,
        )
        for position, attachment in enumerate(content.attachments)
    )
    return revision.id


def get(item: int) -> ItemRecord:
    """One item. Raises NotFound."""
    row = models.Item.objects.filter(id=item).first()
    if row is None:
        raise NotFound("records.no_item", item=item)
    return item_record(row)


def lock(item: int) -> ItemRecord:
    """One item, kept from others until the transaction ends. Every settling locks the item first: no deadlocks."""
    return item_record(models.Item.objects.select_for_update().get(id=item))


def lock_all(items: Iterable[int]) -> Mapping[int, ItemRecord]:
    """Several items, kept from others until the transaction ends, always in the same order."""
    rows = models.Item.objects.select_for_update().filter(id__in=items).order_by("id")
    return {row.id: item_record(row) for row in rows}


def change(item: ItemRecord, changes: Mapping[str, object]) -> ItemRecord:
    """Set fields of an item if nobody changed it since it was read. Raises Conflict otherwise."""
    found = models.Item.objects.filter(id=item.id, version=item.version).update(**changes, version=F("version") + 1)
    if not found:
        raise Conflict("records.changed", item=item.id)
    return get(item.id)


def change_held(changes: Iterable[tuple[ItemRecord, Mapping[str, object]]]) -> None:
    """Set fields of several items that the present transaction has locked."""
    update_rows(models.Item, ((item.id, {**values, "version": item.version + 1}) for item, values in changes))


def latest_revision(item: int) -> RevisionRecord:
    """The newest revision of an item."""
    rows = models.Revision.objects.filter(item_id=item).prefetch_related("attachments")
    row = rows.order_by("-number").first()
    if row is None:
        raise NotFound("records.no_item", item=item)
    return _revision(row)


def several(items: Sequence[int]) -> dict[int, ItemRecord]:
    """Those of several items that exist, by id."""
    return {row.id: item_record(row) for row in models.Item.objects.filter(id__in=list(items))}


def latest_revisions(items: Collection[int], before: datetime | None = None) -> dict[int, RevisionRecord]:
    """The newest revision of each of several items, by item id; with `before`, the newest that was made by then."""
    found: dict[int, RevisionRecord] = {}
    for numbers in portions(items):
        rows = models.Revision.objects.filter(item_id__in=numbers)
        rows = rows.filter(created_at__lt=before) if before else rows
        newest = rows.order_by().values("item_id").annotate(newest=Max("id")).values("newest")
        told = models.Revision.objects.filter(id__in=newest).prefetch_related("attachments").order_by("item_id")
        found |= {row.item_id: _revision(row) for row in told}
    return found


def revisions_numbered(numbers: Collection[int]) -> dict[int, RevisionRecord]:
    """Several revisions by their row numbers."""
    rows = models.Revision.objects.filter(id__in=list(numbers)).prefetch_related("attachments")
    return {row.id: _revision(row) for row in rows}


def revision(revision_id: int) -> RevisionRecord:
    """One revision by its row number."""
    return _revision(models.Revision.objects.prefetch_related("attachments").get(id=revision_id))


def revisions(item: int) -> tuple[RevisionRecord, ...]:
    """All revisions of an item, oldest first."""
    rows = models.Revision.objects.filter(item_id=item).prefetch_related("attachments").order_by("number")
    return tuple(_revision(row) for row in rows)


def listed(states: Sequence[ItemState], limit: int, offset: int = 0) -> tuple[ItemRecord, ...]:
    """Items in any of the states, oldest first."""
    rows = models.Item.objects.filter(state__in=states).order_by("created_at", "id")[offset : offset + limit]
    return tuple(item_record(row) for row in rows)


def counted(states: Sequence[ItemState]) -> int:
    """How many items are in any of the states."""
    return models.Item.objects.filter(state__in=states).count()


def sources(item: int) -> tuple[ItemSourceRecord, ...]:
    """Where an item was seen, first sighting first."""
    rows = models.ItemSource.objects.filter(item_id=item).order_by("seen_at", "id")
    return tuple(ItemSourceRecord(row.source, row.key, row.url, row.seen_at) for row in rows)


def add_source(item: int, source: str, key: str, url: str, now: datetime) -> None:
    """Remember that an item was seen at a source; seeing it again changes nothing."""
    models.ItemSource.objects.get_or_create(
        source=source, key=key, defaults={"item_id": item, "url": url, "seen_at": now}
    )


def with_key(source: str, key: str) -> int | None:
    """The item that a row of a source became, if any."""
    row = models.ItemSource.objects.filter(source=source, key=key).first()
    return row.item_id if row else None


def at_address(url: str) -> int | None:
    """The item whose original stands at a canonical address, if any."""
    row = models.ItemSource.objects.filter(url=url).order_by("id").first()
    return row.item_id if row else None


def mark_checked(revision_id: int, snapshot: str, milliseconds: int | None = None) -> None:
    """Remember with which configuration a revision was checked last, and how long that took where it was measured."""
    took = {"checked_milliseconds": milliseconds} if milliseconds is not None else {}
    models.Revision.objects.filter(id=revision_id).update(checked_with=snapshot, **took)


def check_times(newest: int) -> tuple[int, ...]:
    """How many milliseconds the checks of the newest revisions took, of those that were measured."""
    rows = models.Revision.objects.order_by("-id").values_list("checked_milliseconds", flat=True)[:newest]
    return tuple(took for took in rows if took is not None)


def item_record(row: models.Item) -> ItemRecord:
    """One row as a value."""
    return ItemRecord(
        row.id,
        row.column,
        ItemKind(row.kind),
        ItemState(row.state),
        row.level,
        row.levels,
        row.submitter,
        row.created_by,
        row.created_at,
        row.deadline_at,
        row.submitted_at,
        row.approved_at,
        row.first_published_at,
        row.expires_at,
        tuple(row.channels),
        row.urgent,
        row.version,
        row.old_address,
        row.title,
        row.publish_at,
        row.embargo_until,
        row.review_on,
    )


def _revision(row: models.Revision) -> RevisionRecord:
    attachments = sorted(row.attachments.all(), key=lambda attachment: attachment.position)
    content = Content(
        title=row.title,
        body=row.body,
        kind=ItemKind(row.kind),
        source_name=row.source_name,
        source_url=row.source_url,
        published_at=row.published_at,
        author=row.author,
        summary=row.summary,
        fields=row.fields,
        attachments=tuple(
            Attachment(a.name, a.sha256, a.media_type, a.size, FileRole(a.role), a.url) for a in attachments
        ),
        adaptations=row.adaptations or {},
    )
    return RevisionRecord(row.id, row.item_id, row.number, content, row.created_by, row.created_at, row.checked_with)
