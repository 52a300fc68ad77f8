"""The seen-set and the health of each source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Message
from syndicate.model.source import PageNumbers, SyncResult
from syndicate.records import models
from syndicate.records.deliveries import message_columns

LONGEST_VALIDATOR = 255
"""Characters of an ETag or a Last-Modified that are kept."""


@dataclass(frozen=True)
class Seen:
    """A key that was seen: its item (None: archive of the first run, or given up) and its row's hash."""

    item: int | None
    row_hash: str


@dataclass(frozen=True)
class Health:
    """How a source is. Every field is None or empty before the first look."""

    source: str
    result: SyncResult | None
    message: Message | None
    last_look_at: datetime | None
    last_success_at: datetime | None
    last_new_at: datetime | None
    failures: int
    next_look_at: datetime | None
    etag: str
    last_modified: str


@dataclass(frozen=True)
class Look:
    """One look at a source and what it brought."""

    source: str
    at: datetime
    result: SyncResult
    new: int
    changed: int
    failed: int
    message: Message | None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None
    next_look_at: datetime | None = None


def seen(source: str) -> Mapping[str, Seen]:
    """Every key of a source that was ever seen. There is no watermark: old dates arrive as well as new ones."""
    rows = models.SeenKey.objects.filter(source=source)
    return {row.key: Seen(row.item_id, row.row_hash) for row in rows}


def mark_seen(source: str, key: str, item: int | None, row_hash: str, now: datetime) -> None:
    """A row was dealt with: it has become (part of) an item, or belongs to the archive."""
    models.SeenKey.objects.update_or_create(
        source=source,
        key=key,
        defaults={"item_id": item, "row_hash": row_hash, "last_seen_at": now},
        create_defaults={"item_id": item, "row_hash": row_hash, "first_seen_at": now, "last_seen_at": now},
    )


def mark_archive(source: str, keys: Mapping[str, str], now: datetime) -> None:
    """First run: these keys (→ row hash) count as seen without becoming items."""
    models.SeenKey.objects.bulk_create(
        (
            models.SeenKey(source=source, key=key, row_hash=row_hash, first_seen_at=now, last_seen_at=now)
            for key, row_hash in keys.items()
        ),
        ignore_conflicts=True,
    )


def health(source: str) -> Health:
    """How one source is."""
    row = models.SourceHealth.objects.filter(source=source).first()
    return _health(row) if row else Health(source, None, None, None, None, None, 0, None, "", "")


def all_health() -> Mapping[str, Health]:
    """How every source is that was looked at, by its name."""
    return {row.source: _health(row) for row in models.SourceHealth.objects.all()}


def store_health(health: Health) -> None:
    """Replace what is known about a source."""
    models.SourceHealth.objects.update_or_create(
        source=health.source,
        defaults={
            "result": health.result or "",
            **message_columns(health.message),
            "last_look_at": health.last_look_at,
            "last_success_at": health.last_success_at,
            "last_new_at": health.last_new_at,
            "failures": health.failures,
            "next_look_at": health.next_look_at,
            "etag": health.etag,
            "last_modified": health.last_modified,
        },
    )


def add_look(look: Look) -> None:
    """Keep one look for the report."""
    models.SourceLook.objects.create(
        source=look.source,
        at=look.at,
        result=look.result,
        new=look.new,
        changed=look.changed,
        failed=look.failed,
        last_success_at=look.last_success_at,
        last_new_at=look.last_new_at,
        next_look_at=look.next_look_at,
        **message_columns(look.message),
    )


def looks_between(start: datetime, end: datetime) -> tuple[Look, ...]:
    """Looks from `start` (inclusive) to `end` (exclusive), oldest first."""
    return tuple(_look(row) for row in models.SourceLook.objects.filter(at__gte=start, at__lt=end).order_by("at", "id"))


def last_looks(names: Iterable[str], moment: datetime) -> Mapping[str, Look]:
    """The last look at the list of each of these sources before a moment, by source; those without one are left out.

    Looks of an older version do not say how the source stood afterwards. That an original is gone is no look at a list.
    """
    rows = models.SourceLook.objects.filter(at__lt=moment).exclude(message_key="sync.original_gone").order_by("-id")
    # One short question each: the newest of all at once would be looked for among the looks of years.
    newest = (rows.filter(source=source).first() for source in names)
    return {row.source: _look(row) for row in newest if row is not None}


def _look(row: models.SourceLook) -> Look:
    return Look(
        row.source,
        row.at,
        SyncResult(row.result),
        row.new,
        row.changed,
        row.failed,
        _message(row),
        row.last_success_at,
        row.last_new_at,
        row.next_look_at,
    )


def arrivals(source: str, count: int) -> tuple[datetime, ...]:
    """When the last rows that became items were first seen, newest first, each moment once."""
    rows = models.SeenKey.objects.filter(source=source, item__isnull=False).order_by("-first_seen_at")
    return tuple(dict.fromkeys(rows.values_list("first_seen_at", flat=True)[:count]))


@dataclass(frozen=True)
class Incident:
    """One trouble of a source: from the first bad look until the first good one. `closed_at` None: it goes on."""

    source: str
    result: SyncResult
    message: Message | None
    opened_at: datetime
    closed_at: datetime | None


def open_incident(source: str) -> Incident | None:
    """The incident of a source that goes on, if there is one."""
    row = models.SourceIncident.objects.filter(source=source, closed_at=None).order_by("opened_at").first()
    return _incident(row) if row else None


def open_incidents() -> tuple[Incident, ...]:
    """The incidents of all sources that go on, the oldest of each source, by name."""
    rows = models.SourceIncident.objects.filter(closed_at=None).order_by("source", "-opened_at")
    return tuple(_incident(row) for row in {row.source: row for row in rows}.values())


def begin_incident(source: str, result: SyncResult, message: Message | None, now: datetime) -> None:
    """A source that was well is no longer."""
    models.SourceIncident.objects.create(source=source, result=result, opened_at=now, **message_columns(message))


def end_incident(source: str, now: datetime) -> None:
    """A source is well again."""
    models.SourceIncident.objects.filter(source=source, closed_at=None).update(closed_at=now)


def page_numbers(site: str) -> PageNumbers | None:
    """How a site numbers the further pages of its lists, if it was asked before."""
    row = models.SitePaging.objects.filter(site=site).first()
    return PageNumbers(row.numbers) if row else None


def remember_page_numbers(site: str, numbers: PageNumbers, now: datetime) -> None:
    """Keep what a site answered."""
    models.SitePaging.objects.update_or_create(site=site, defaults={"numbers": numbers, "asked_at": now})


@dataclass(frozen=True)
class SwitchedOff:
    """Who switched a source off, when and why."""

    source: str
    reason: str
    actor: str
    at: datetime


def switched_off() -> Mapping[str, SwitchedOff]:
    """The sources that are not followed for now, by name."""
    rows = models.SourceSwitch.objects.order_by("source")
    return {row.source: SwitchedOff(row.source, row.reason, row.actor, row.at) for row in rows}


def switch_off(off: SwitchedOff) -> bool:
    """Follow a source no longer; False when it was off already."""
    values = {"reason": off.reason, "actor": off.actor, "at": off.at}
    return models.SourceSwitch.objects.get_or_create(source=off.source, defaults=values)[1]


def switch_on(source: str) -> bool:
    """Follow a source again; False when it was not off."""
    return bool(models.SourceSwitch.objects.filter(source=source).delete()[0])


def _incident(row: models.SourceIncident) -> Incident:
    return Incident(row.source, SyncResult(row.result), _message(row), row.opened_at, row.closed_at)


def _message(row: models.SourceHealth | models.SourceLook | models.SourceIncident) -> Message | None:
    return Message(row.message_key, row.message_values) if row.message_key else None


def _health(row: models.SourceHealth) -> Health:
    return Health(
        row.source,
        SyncResult(row.result) if row.result else None,
        _message(row),
        row.last_look_at,
        row.last_success_at,
        row.last_new_at,
        row.failures,
        row.next_look_at,
        row.etag,
        row.last_modified,
    )
