"""Quota 额度: how many calls a platform allows an account in an hour, a day or a month; `quotas.tsv` holds the defaults."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Protocol

from syndicate.model.channel import Channel, ChannelKind

EVERY_CALL = "*"
RESET_HOUR = "quota_reset_hour"
"""Name of the limit that says at which hour of Beijing time a platform's day begins (unconfirmed: midnight)."""


class Window(StrEnum):
    """After which time counting begins anew."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class Quota:
    """At most `most` of these calls in one window; the last `kept` of them only to find out what became of a call."""

    name: str
    calls: tuple[str, ...]
    window: Window
    most: int
    kept: int
    reset_hour: int = 0

    def counts(self, call: str) -> bool:
        """Whether a call is one of those."""
        return EVERY_CALL in self.calls or call in self.calls

    def begins(self, now: datetime) -> datetime:
        """When the window that `now` lies in began."""
        if self.window is Window.HOUR:
            return now.replace(minute=0, second=0, microsecond=0)
        day = (now - timedelta(hours=self.reset_hour)).replace(hour=0, minute=0, second=0, microsecond=0)
        start = day.replace(day=1) if self.window is Window.MONTH else day
        return start + timedelta(hours=self.reset_hour)

    def ends(self, now: datetime) -> datetime:
        """When counting begins anew."""
        begins = self.begins(now)
        match self.window:
            case Window.HOUR:
                return begins + timedelta(hours=1)
            case Window.DAY:
                return begins + timedelta(days=1)
            case Window.MONTH:
                return (begins + timedelta(days=32)).replace(day=1)


@dataclass(frozen=True)
class QuotaUse:
    """A quota and how much of it was used in the window that ends at `ends`."""

    quota: Quota
    used: int
    ends: datetime

    @property
    def left(self) -> int:
        """Calls that are left, those kept for looking included."""
        return max(self.quota.most - self.used, 0)


class CallBudget(Protocol):
    """Our own count of an account's calls, shared by all processes."""

    def take(self, channel: Channel, call: str, now: datetime, *, looking: bool = False) -> datetime | None:
        """Count a call before it is made. None: it may be made. Otherwise nothing was counted: when it may be.

        `looking` calls find out what became of another one and may use what is kept for them.
        """
        ...


@dataclass(frozen=True)
class Remembered:
    """What a driver kept, and when."""

    value: str
    at: datetime


class ChannelMemory(Protocol):
    """What a channel's driver remembers beyond one delivery: addresses of uploaded pictures, the newest sweep."""

    def get(self, channel: str, key: str) -> Remembered | None:
        """What was kept under `key`."""
        ...

    def put(self, channel: str, key: str, value: str, now: datetime) -> None:
        """Keep a value; an empty one forgets."""
        ...

    def add(self, channel: str, key: str, value: str, now: datetime) -> bool:
        """Keep a value under a new key; False when the key is known already."""
        ...


@cache
def default_quotas() -> tuple[tuple[ChannelKind, Quota], ...]:
    """The defaults of every kind of channel. `most` 0: not limited unless the account's file says so."""
    text = files("syndicate.model").joinpath("quotas.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        (
            ChannelKind(row["kind"]),
            Quota(row["name"], tuple(row["calls"].split()), Window(row["window"]), int(row["most"]), int(row["kept"])),
        )
        for row in rows
    )


def quota_names(kind: ChannelKind) -> tuple[str, ...]:
    """The limits by which a channel's file may change its quotas."""
    names = [quota.name for of_kind, quota in default_quotas() if of_kind is kind]
    return (*names, RESET_HOUR) if names else ()


def quotas_of(channel: Channel) -> tuple[Quota, ...]:
    """The quotas of an account: the defaults of its kind with what its own file says in their place."""
    own = channel.limits
    quotas = (
        replace(quota, most=own.get(quota.name, quota.most), reset_hour=own.get(RESET_HOUR, 0) % 24)
        for kind, quota in default_quotas()
        if kind is channel.kind
    )
    return tuple(replace(quota, kept=min(quota.kept, quota.most // 2)) for quota in quotas if quota.most)
