"""What came from the office's former website, and how it joins the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, Min, OuterRef, QuerySet

from syndicate.errors import Message
from syndicate.model.channel import FileReference
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, Receipt
from syndicate.model.site import SiteEntry
from syndicate.records import models
from syndicate.records.connection import one_at_a_time
from syndicate.records.plain import plain_text, plain_values
from syndicate.records.site_ledger import changing_columns

IMPORT = "import"
"""What the attempt of an imported item, and its step, are called."""
_AT_ONCE = 500


@dataclass(frozen=True)
class OldPage:
    """An article of the former site: the one spelling of its old address, that address, where it goes and its title."""

    key: str
    url: str
    column: str
    title: str


@dataclass(frozen=True)
class Unplaced:
    """An imported item that does not stand on the site yet, the rendition that shall, and its old date."""

    item: int
    rendition: int
    published_at: datetime


@dataclass(frozen=True)
class Held:
    """What a website holds of an imported item; the receipt's details say who imported it, when and from where."""

    item: int
    revision: int
    rendition: int
    rendition_hash: str
    channel: str
    receipt: Receipt


def known(key: str) -> tuple[int, str] | None:
    """The item and the column of an old address that was imported before."""
    row = models.ImportedPage.objects.filter(key=key, item__isnull=False).first()
    return (row.item_id, row.column) if row and row.item_id else None


def begin(key: str) -> bool:
    """Whether this transaction may import the article at `key`: nobody has, and nobody else will before it ends."""
    one_at_a_time("import")
    return known(key) is None


def imported(page: OldPage, item: int, sha256: str, now: datetime) -> None:
    """The article at an old address is that item. `sha256` is of the bytes of its original."""
    values = {"item_id": item, "sha256": sha256, "message_key": "", "message_values": {}}
    models.ImportedPage.objects.update_or_create(key=page.key, defaults={**_columns(page), **values, "at": now})


def failed(page: OldPage, why: Message, now: datetime) -> None:
    """An article could not be read; the next import tries it again. One that another import has stays as it is."""
    if not begin(page.key):
        return
    values = {name: plain_text(str(value))[:500] for name, value in why.values.items()}
    defaults = {**_columns(page), "message_key": why.key, "message_values": values, "at": now}
    models.ImportedPage.objects.update_or_create(key=page.key, defaults=defaults)


def _columns(page: OldPage) -> dict[str, object]:
    return {"url": page.url, "column": page.column, "title": plain_text(page.title)}


def first_item_at() -> datetime | None:
    """When the office's first item was created; None before."""
    first: datetime | None = models.Item.objects.aggregate(first=Min("created_at"))["first"]
    return first


def hold(new: Held, now: datetime) -> None:
    """A website holds an item: a delivery that was made long ago, its one attempt, and its receipt."""
    delivery = models.Delivery.objects.create(
        item_id=new.item,
        revision_id=new.revision,
        rendition_id=new.rendition,
        channel=new.channel,
        action=Action.PUBLISH,
        state=DeliveryState.DELIVERED,
        due_at=new.receipt.at,
        created_at=now,
        first_attempt_at=now,
        finished_at=now,
        step=IMPORT,
        attempts_made=1,
        outcome=DeliveryEvent.DELIVERED,
    )
    models.Attempt.objects.create(
        delivery=delivery,
        number=1,
        kind=IMPORT,
        step=IMPORT,
        worker=new.receipt.details["imported_by"][:64],
        started_at=now,
        ended_at=now,
        outcome=DeliveryEvent.DELIVERED,
    )
    models.Receipt.objects.create(
        delivery=delivery,
        item_id=new.item,
        channel=new.channel,
        remote_id=new.receipt.remote_id,
        url=new.receipt.url,
        at=new.receipt.at,
        details=plain_values(new.receipt.details),
        rendition_hash=new.rendition_hash,
    )


def is_taken(address: str) -> bool:
    """Whether another item stands, or stood, at an address below the site."""
    return (
        models.Item.objects.filter(old_address=address).exists()
        or models.SiteEntry.objects.filter(address=address).exists()
    )


def remember_list(url: str, column: str) -> None:
    """An old list leads to a column from now on."""
    models.OldList.objects.update_or_create(url=url, defaults={"column": column})


def lists() -> Mapping[str, str]:
    """Old lists and the columns they lead to."""
    return dict(models.OldList.objects.order_by("url").values_list("url", "column"))


def moved() -> Iterator[tuple[str, int]]:
    """Old addresses that could not stay, and the items they lead to."""
    rows = models.ImportedPage.objects.filter(item__isnull=False, item__old_address="").order_by("id")
    for url, item in rows.values_list("url", "item_id").iterator():
        assert item is not None
        yield url, item


def files() -> Iterator[tuple[str, str, int, FileReference]]:
    """Files of imported articles: the article's old address, the file's, the item, the file."""
    rows = models.Attachment.objects.filter(revision__item__imported__isnull=False).exclude(url="").order_by("id")
    names = ("revision__item__imported__url", "url", "revision__item_id", "sha256", "name", "media_type", "role")
    for page, url, item, sha256, name, media_type, role in rows.values_list(*names).iterator():
        yield page, url, item, FileReference(sha256, name, media_type, role)


def unplaced(channel: str) -> tuple[Unplaced, ...]:
    """Imported items that a website holds by their receipt and that have no place there yet."""
    placed = models.SiteEntry.objects.filter(channel=channel, item=OuterRef("item"))
    rows = models.Receipt.objects.filter(~Exists(placed), channel=channel, item__imported__isnull=False)
    names = ("item_id", "delivery__rendition_id", "item__first_published_at")
    found = rows.filter(removed_at=None).order_by("id").values_list(*names)
    return tuple(Unplaced(item, rendition, at) for item, rendition, at in found if at is not None)


def put_in(channel: str, joined: Sequence[SiteEntry], new: frozenset[int]) -> None:
    """The files are written: the `new` entries stand from now on, and all have their numbers of `joined`."""
    with transaction.atomic():
        one_at_a_time(f"{channel}\njoining")
        rows = {
            row.item_id: row
            for row in models.SiteEntry.objects.filter(channel=channel).only("id", "item_id", "sequence")
        }
        known = (one for one in joined if one.item in rows)
        shifted = {rows[one.item].id: one.sequence for one in known if rows[one.item].sequence != one.sequence}
        _renumber(models.SiteEntry.objects.filter(channel=channel), shifted, len(joined))
        models.SiteEntry.objects.bulk_create(
            (
                models.SiteEntry(
                    channel=channel,
                    item_id=one.item,
                    column=one.column,
                    sequence=one.sequence,
                    address=one.address,
                    published_at=one.published_at,
                    settled=True,
                    **changing_columns(one),
                )
                for one in joined
                if one.item in new
            ),
            batch_size=_AT_ONCE,
        )
        _put_places(channel, joined)


def _put_places(channel: str, joined: Iterable[SiteEntry]) -> None:
    rows = {(row.item_id, row.listing): row for row in models.SitePlace.objects.filter(channel=channel)}
    wanted = [(one.item, place) for one in joined for place in one.places]
    changed = {
        rows[item, place.listing.name].id: place.sequence
        for item, place in wanted
        if (item, place.listing.name) in rows and rows[item, place.listing.name].sequence != place.sequence
    }
    _renumber(models.SitePlace.objects.filter(channel=channel), changed, len(wanted))
    models.SitePlace.objects.bulk_create(
        (
            models.SitePlace(
                channel=channel,
                item_id=item,
                listing=place.listing.name,
                title=place.listing.title[:255],
                sequence=place.sequence,
            )
            for item, place in wanted
            if (item, place.listing.name) not in rows
        ),
        batch_size=_AT_ONCE,
    )


def _renumber(rows: QuerySet[Any], numbers: Mapping[int, int], free: int) -> None:
    """New numbers by row, through a range above `free` in which none is given."""
    for base in (free, 0):
        changed = [row for row in rows.only("id", "sequence") if row.id in numbers] if numbers else []
        for row in changed:
            row.sequence = base + numbers[row.id]
        rows.bulk_update(changed, ["sequence"], batch_size=_AT_ONCE)
