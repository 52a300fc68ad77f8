"""What stands on each website: implements `model.site.SiteLedger`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db import transaction
from django.db.models import Max

from syndicate.errors import NotFound
from syndicate.model.channel import Rendition
from syndicate.model.delivery import DeliveryState
from syndicate.model.site import DOCUMENT_NUMBER, INDEX_NUMBER, Listing, SiteEntry
from syndicate.records import models, reviews, search
from syndicate.records.connection import one_at_a_time
from syndicate.records.site_view import View, all_entries, entry_of, places_of

_LONGEST_NUMBER = 255


class SiteEntries:
    """Gives out dense sequence numbers per channel and column, and remembers what is settled."""

    def view(self, channel: str, entry: SiteEntry) -> View:
        """The site with `entry` in it. The first call for an item fixes sequence number and publication time."""
        with transaction.atomic():
            row = models.SiteEntry.objects.select_for_update().filter(channel=channel, item_id=entry.item).first()
            if row is None:
                one_at_a_time(f"{channel}\n{entry.column}")  # nobody else numbers in this column
                row = models.SiteEntry.objects.create(
                    channel=channel,
                    item_id=entry.item,
                    column=entry.column,
                    sequence=_next_sequence(channel, entry.column),
                    address=entry.address,
                    published_at=entry.published_at,
                    **changing_columns(entry),
                )
            for listing in entry.listings:
                _give_place(channel, entry.item, listing)
        fixed = replace(
            entry,
            column=row.column,
            address=row.address,
            sequence=row.sequence,
            published_at=row.published_at,
            places=places_of(channel, [entry.item]).get(entry.item, ()),
        )
        return View(channel, fixed, entry_of(row) if row.settled else None)

    def settle(self, channel: str, entry: SiteEntry, text: str = "") -> None:
        """The files are written: from now on every view sees the entry, or its tombstone, and search finds its text."""
        with transaction.atomic():
            rows = models.SiteEntry.objects.filter(channel=channel, item_id=entry.item)
            rows.update(**changing_columns(entry), withdrawn=entry.withdrawn, settled=True)
            if entry.withdrawn:
                search.remove(channel, entry.item)
            else:
                search.put(channel, entry, text)

    def standing(self, channel: str, item: int) -> Rendition:
        """What the channel received last for an item, else what was tried last: its page may stand all the same.

        Raises `NotFound` where there is nothing.
        """
        tried = models.Delivery.objects.filter(channel=channel, item_id=item, attempts_made__gt=0)
        received = tried.filter(state=DeliveryState.DELIVERED)
        newest = [rows.order_by("-id").values_list("rendition_id", flat=True).first() for rows in (received, tried)]
        last = next((row for row in newest if row is not None), None)
        if last is None:
            raise NotFound("site.nothing_stands", item=item)
        return reviews.rendition(last)

    def entries(self, channel: str) -> Sequence[SiteEntry]:
        """Everything settled on a channel, by column and sequence."""
        return tuple(entry for entry, settled in all_entries(channel) if settled)


def changing_columns(entry: SiteEntry) -> Mapping[str, object]:
    """What a new revision may change, as columns of the table."""
    return {
        "title": entry.title,
        "summary": entry.summary,
        "source_name": entry.source_name,
        "fields": dict(entry.fields),
        "listings": [[one.name, one.title] for one in entry.listings],
        "document_number": entry.fields.get(DOCUMENT_NUMBER, "")[:_LONGEST_NUMBER],
        "index_number": entry.fields.get(INDEX_NUMBER, "")[:_LONGEST_NUMBER],
        "explains": entry.explains[:_LONGEST_NUMBER],
    }


def _next_sequence(channel: str, column: str) -> int:
    rows = models.SiteEntry.objects.filter(channel=channel, column=column)
    last = rows.aggregate(last=Max("sequence"))["last"]
    return 0 if last is None else int(last) + 1


def _give_place(channel: str, item: int, listing: Listing) -> None:
    """Number an entry in a listing, once for ever."""
    rows = models.SitePlace.objects.filter(channel=channel, listing=listing.name)
    if rows.filter(item_id=item).exists():
        return
    one_at_a_time(f"{channel}\n{listing.name}")
    last = rows.aggregate(last=Max("sequence"))["last"]
    models.SitePlace.objects.create(
        channel=channel,
        item_id=item,
        listing=listing.name,
        title=listing.title[:_LONGEST_NUMBER],
        sequence=0 if last is None else int(last) + 1,
    )
