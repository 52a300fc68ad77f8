"""How a source is after a look, and when to look again. It slows down while it fails and never stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from syndicate.model.source import Source, SyncResult

LONGEST_BACK_OFF = timedelta(hours=6)
"""The decided ceiling (design §8); a source whose own interval is longer keeps that."""
_LEAST_ARRIVALS = 10
_LONGER = 2
_LEAST_PATIENCE = timedelta(days=1)
"""Weekends and nights are quiet everywhere; project decision 2026-11."""
_HEALTHY = frozenset({SyncResult.NEW, SyncResult.NOTHING_NEW, SyncResult.SILENT})


@dataclass(frozen=True)
class Condition:
    """What is known before a look: last good look, last new row, failures in a row since the last good look."""

    last_success_at: datetime | None
    last_new_at: datetime | None
    failures: int


@dataclass(frozen=True)
class AfterLook:
    """What is known after it. `result` is SILENT where nothing new came for longer than the source's file allows."""

    result: SyncResult
    last_success_at: datetime | None
    last_new_at: datetime | None
    failures: int
    next_look_at: datetime


def after_look(
    source: Source, before: Condition, result: SyncResult, now: datetime, arrivals: Sequence[datetime] = ()
) -> AfterLook:
    """Judge one look. The wait doubles with every failure in a row, up to `LONGEST_BACK_OFF`.

    `arrivals` are the moments at which new rows came before; see `patience`.
    """
    if result not in _HEALTHY:
        failures = before.failures + 1
        return AfterLook(result, before.last_success_at, before.last_new_at, failures, now + back_off(source, failures))
    last_new_at = now if result is SyncResult.NEW else before.last_new_at
    silent = last_new_at is not None and now - last_new_at > patience(source, arrivals)
    return AfterLook(SyncResult.SILENT if silent else result, now, last_new_at, 0, now + source.interval)


def patience(source: Source, arrivals: Sequence[datetime]) -> timedelta:
    """How long nothing new is no alarm: what the source's file allows, or less where the source is known to be busier.

    Learned is twice the longest pause between its last arrivals, never less than a day; before there are enough of
    them nothing is learned.
    """
    moments = sorted(set(arrivals))
    if len(moments) <= _LEAST_ARRIVALS:
        return source.silence
    longest = max(later - earlier for earlier, later in pairwise(moments))
    return min(source.silence, max(_LONGER * longest, _LEAST_PATIENCE))


def back_off(source: Source, failures: int) -> timedelta:
    """The wait after so many failures in a row."""
    ceiling = max(LONGEST_BACK_OFF, source.interval)
    doublings = min(failures, 20)  # further doublings change nothing and would overflow
    return min(source.interval * (1 << doublings), ceiling)


def is_due(last_look_at: datetime | None, next_look_at: datetime | None, now: datetime) -> bool:
    """Whether a source is to be looked at; one that never was, is, and so is one whose last look lies in the future.

    Otherwise a clock that was set back would leave it unread for as long.
    """
    return last_look_at is None or next_look_at is None or next_look_at <= now or last_look_at > now
