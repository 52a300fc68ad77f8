"""Why a delivery that could start must not start yet: a silent period, or a channel's hours. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from syndicate.errors import Message
from syndicate.model.channel import Channel, Window
from syndicate.model.delivery import Action, WaitReason
from syndicate.records.values import DeliveryRecord, ItemRecord, SilenceRecord


@dataclass(frozen=True)
class Wait:
    """What a delivery waits for, until when (the moment itself where nobody knows), and what to tell a person."""

    reason: WaitReason
    until: datetime
    message: Message


@dataclass(frozen=True)
class Silent:
    """The silent period that is in force, and the items that go out in spite of it."""

    silence: SilenceRecord
    exempt: frozenset[int]


def must_wait(
    delivery: DeliveryRecord, item: ItemRecord, channel: Channel, silent: Silent | None, now: datetime
) -> Wait | None:
    """Silence goes before everything but exceptions and taking down; a channel's hours do not hold what is urgent.

    Its own time holds every item, urgent or not. `now` is in the office's time zone.
    """
    if delivery.action is Action.RETRACT:
        return None
    if silent and item.id not in silent.exempt:
        why = Message("silence.holds", {"reason": silent.silence.reason, "name": silent.silence.actor})
        return Wait(WaitReason.SILENCE, silent.silence.until or now, why)
    if item.not_before and item.not_before > now:
        why = Message("ledger.not_before", {"until": f"{item.not_before.astimezone(now.tzinfo):%Y-%m-%d %H:%M}"})
        return Wait(WaitReason.EMBARGO, item.not_before, why)
    if item.urgent or is_open(channel.windows, now):
        return None
    until = next_opening(channel.windows, now)
    return Wait(WaitReason.WINDOW, until, Message("silence.closed", {"until": f"{until:%m-%d %H:%M}"}))


def is_open(windows: Collection[Window], now: datetime) -> bool:
    """Whether a channel publishes at this time of the day. Without windows it always does."""
    return not windows or any(_holds(one, now) for one in windows)


def _holds(window: Window, now: datetime) -> bool:
    time = now.time()
    if window.start < window.end:
        return window.start <= time < window.end
    return time >= window.start or time < window.end  # across midnight


def next_opening(windows: Collection[Window], now: datetime) -> datetime:
    """When a channel that is closed publishes again."""
    days = (now.date(), now.date() + timedelta(days=1))
    openings = (datetime.combine(day, one.start, now.tzinfo) for day in days for one in windows)
    return min(opening for opening in openings if opening > now)
