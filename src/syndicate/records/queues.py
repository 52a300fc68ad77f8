"""The queue's questions: which items somebody is looking for, a page of them, and how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value

from syndicate.model.delivery import DeliveryState
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import Verdict
from syndicate.records import models
from syndicate.records.items import item_record
from syndicate.records.values import ItemRecord

STOPPED = (DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED)
"""Deliveries that go no further without a person."""


@dataclass(frozen=True)
class Decider:
    """Somebody who looks for what he may decide: not his own, not what he approved at an earlier level."""

    names: frozenset[str]
    """He, and whom he acts for."""
    earlier_levels: bool
    last_level: bool


@dataclass(frozen=True)
class Wanted:
    """What is looked for; an empty field asks for nothing. `text` stands in the title or is the item's number."""

    states: tuple[ItemState, ...] = ()
    owners: frozenset[str] = frozenset()
    """Whose it is: one of these wrote or submitted it."""
    editor: str = ""
    """Who wrote or submitted it, as a filter beside it."""
    decider: Decider | None = None
    stopped: bool = False
    """Some delivery goes no further without a person."""
    kind: ItemKind | None = None
    source: str = ""
    column: str = ""
    text: str = ""


def listed(wanted: Wanted, limit: int, offset: int = 0, *, newest_first: bool = False) -> tuple[ItemRecord, ...]:
    """A page of what is looked for: newest first, or the nearest deadline, then the longest waiting."""
    rows = _matching(wanted)
    if newest_first:
        rows = rows.order_by("-id")
    else:
        rows = rows.order_by(F("deadline_at").asc(nulls_last=True), F("submitted_at").asc(nulls_last=True), "id")
    # The numbers first: deep pages then step over an index and not over whole rows.
    numbers = list(rows.values_list("id", flat=True)[offset : offset + limit])
    found = models.Item.objects.in_bulk(numbers)
    return tuple(item_record(found[number]) for number in numbers if number in found)


def counted(wanted: Mapping[str, Wanted]) -> dict[str, int]:
    """How many there are of each of several things that are looked for, by the name given, in one query."""
    first, *others = (_counted(name, one) for name, one in wanted.items())
    return dict.fromkeys(wanted, 0) | dict(first.union(*others, all=True))


def _counted(name: str, wanted: Wanted) -> QuerySet[Any, tuple[str, int]]:
    named = _matching(wanted).annotate(of=Value(name, output_field=CharField())).values("of").order_by()
    rows: QuerySet[Any, tuple[str, int]] = named.annotate(count=Count("pk")).values_list("of", "count")
    return rows


def by_state() -> dict[ItemState, int]:
    """How many items are in each state."""
    rows = models.Item.objects.values_list("state").annotate(count=Count("id")).order_by()
    return {ItemState(state): count for state, count in rows}


def by_owner(states: tuple[ItemState, ...]) -> Counter[str]:
    """How many items in these states each person wrote or submitted."""
    rows = models.Item.objects.filter(state__in=states).values_list("submitter", "created_by")
    found: Counter[str] = Counter()
    for submitter, author, count in rows.annotate(count=Count("id")).order_by():
        for name in {submitter, author} - {""}:
            found[name] += count
    return found


def _matching(wanted: Wanted) -> QuerySet[models.Item]:
    rows = models.Item.objects.all()
    if wanted.states:
        rows = rows.filter(state__in=wanted.states)
    for names in filter(None, (wanted.owners, {wanted.editor} - {""})):
        rows = rows.filter(Q(submitter__in=names) | Q(created_by__in=names))
    if wanted.decider:
        rows = _decidable(rows, wanted.decider)
    if wanted.stopped:
        rows = rows.filter(id__in=models.Delivery.objects.filter(state__in=STOPPED).values("item_id"))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.source:
        rows = rows.filter(Exists(models.ItemSource.objects.filter(item=OuterRef("pk"), source=wanted.source)))
    if wanted.column:
        rows = rows.filter(column=wanted.column)
    return _with_text(rows, wanted.text) if wanted.text else rows


def _decidable(rows: QuerySet[models.Item], decider: Decider) -> QuerySet[models.Item]:
    levels = Q(pk__in=())
    if decider.earlier_levels:
        levels |= Q(level__lt=F("levels"))
    if decider.last_level:
        levels |= Q(level__gte=F("levels"))
    mine = models.Decision.objects.filter(
        Q(actor__in=decider.names) | Q(behalf__in=decider.names),
        revision__item=OuterRef("pk"),
        verdict=Verdict.APPROVE,
        void=False,
    )
    others = rows.filter(levels, state=ItemState.SUBMITTED).exclude(submitter__in=decider.names)
    return others.filter(~Exists(mine))


def _with_text(rows: QuerySet[models.Item], text: str) -> QuerySet[models.Item]:
    # Asked for by itself, so that the index of titles is read instead of the rows.
    found = Q(id__in=models.Item.objects.filter(title__icontains=text).values("id"))
    if text.isascii() and text.isdecimal() and len(text) < 18:
        found |= Q(pk=int(text))
    return rows.filter(found)


def titles(items: Sequence[int]) -> dict[int, str]:
    """The title of the newest revision of several items, by item id."""
    return dict(models.Item.objects.filter(id__in=items).values_list("id", "title"))


@dataclass(frozen=True)
class Head:
    """What the queue shows of an item's newest revision."""

    revision: int
    source_name: str


def heads(items: Sequence[int]) -> dict[int, Head]:
    """The newest revision of several items, by item id, without its text."""
    rows = models.Revision.objects.filter(item_id__in=items).order_by("number")
    return {item: Head(number, name) for item, number, name in rows.values_list("item_id", "id", "source_name")}


@dataclass(frozen=True)
class Kept:
    """A filter that somebody keeps: its name, and the part of the address behind the `?`."""

    id: int
    name: str
    query: str


def kept_filters(person: str) -> tuple[Kept, ...]:
    """The filters of one person by name."""
    rows = models.SavedFilter.objects.filter(user__username=person).order_by("name")
    return tuple(Kept(row.id, row.name, row.query) for row in rows)


def keep_filter(person: str, name: str, query: str) -> None:
    """Keep a filter under a name; an older one of that name is replaced."""
    user = models.User.objects.get(username=person)
    models.SavedFilter.objects.update_or_create(user=user, name=name, defaults={"query": query})


def drop_filter(person: str, number: int) -> None:
    """Forget one of a person's filters; nothing happens where it is not his."""
    models.SavedFilter.objects.filter(id=number, user__username=person).delete()
