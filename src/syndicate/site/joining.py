"""Articles of a former website join a site: numbered with what stands there by the time of first publication."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from syndicate.model.channel import Rendition
from syndicate.model.site import Listing, Place, SiteEntry
from syndicate.site.disclosure import listings_of

_OFFICIAL = "field:"


def entry_of(item: int, rendition: Rendition, published_at: datetime) -> SiteEntry:
    """The entry of an article as lists need it, without a number."""
    fields = rendition.fields
    official = {name.removeprefix(_OFFICIAL): text for name, text in fields.items() if name.startswith(_OFFICIAL)}
    entry = SiteEntry(
        item=item,
        column=fields["column"],
        address=fields["address"],
        title=fields["title"],
        summary=fields.get("summary", ""),
        source_name=fields.get("source_name", ""),
        published_at=published_at,
        fields=official,
    )
    return replace(entry, listings=listings_of(entry))


def joined(standing: Iterable[SiteEntry], new: Iterable[SiteEntry]) -> tuple[SiteEntry, ...]:
    """All entries with dense numbers in their columns and listings, the new ones before the first that is younger.

    What stands keeps its order. Numbers below the oldest new entry stay as they are, so that where everything new is
    younger nothing is renumbered and no page of the archive changes.
    """
    known = {entry.item: entry for entry in standing}
    added = {entry.item: entry for entry in sorted(new, key=_age)}
    merged = known | added
    for column in sorted({entry.column for entry in added.values()}):
        stand = sorted((one for one in known.values() if one.column == column), key=lambda one: one.sequence)
        order = _merged(stand, [one for one in added.values() if one.column == column])
        for number, entry in enumerate(order):
            merged[entry.item] = replace(entry, sequence=number)
    for listing in {one.name: one for entry in added.values() for one in entry.listings}.values():
        _number_listing(merged, known, added, listing)
    return tuple(merged.values())


def _number_listing(
    merged: dict[int, SiteEntry], known: dict[int, SiteEntry], added: dict[int, SiteEntry], listing: Listing
) -> None:
    def number(entry: SiteEntry) -> int:
        return next(place.sequence for place in entry.places if place.listing.name == listing.name)

    stand = [one for one in known.values() if any(place.listing.name == listing.name for place in one.places)]
    fresh = [one for one in added.values() if any(own.name == listing.name for own in one.listings)]
    for sequence, entry in enumerate(_merged(sorted(stand, key=number), fresh)):
        others = tuple(place for place in merged[entry.item].places if place.listing.name != listing.name)
        merged[entry.item] = replace(merged[entry.item], places=_by_name((*others, Place(listing, sequence))))


def _merged(stand: Sequence[SiteEntry], fresh: Sequence[SiteEntry]) -> list[SiteEntry]:
    """`fresh`, oldest first, put before the first of `stand` that is younger."""
    result: list[SiteEntry] = []
    waiting = list(reversed(fresh))
    for entry in stand:
        while waiting and _age(waiting[-1]) < _age(entry):
            result.append(waiting.pop())
        result.append(entry)
    return [*result, *reversed(waiting)]


def _age(entry: SiteEntry) -> tuple[datetime, int]:
    return (entry.published_at, entry.item)


def _by_name(places: Iterable[Place]) -> tuple[Place, ...]:
    return tuple(sorted(places, key=lambda place: place.listing.name))
