"""Account 账号: whether a channel's account can be used, and what a probe of it finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from syndicate.model.channel import Channel


class AccountState(StrEnum):
    """How an account stands; `review/account_transitions.tsv` lists every change."""

    OK = "ok"
    EXPIRING = "expiring"
    """Works, but its authorisation ends soon."""
    REFUSED = "refused"
    """The platform does not accept the credentials."""
    NO_PERMISSION = "no_permission"
    """Known to the platform, but not allowed to do what we do, or banned."""
    HELD = "held"
    """One of us has stopped it."""


class AccountEvent(StrEnum):
    """What changes an account's state."""

    WORKED = "worked"
    RENEWED = "renewed"
    ENDING = "ending"
    REFUSED = "refused"
    NO_PERMISSION = "no_permission"
    HELD = "held"
    RELEASED = "released"


@dataclass(frozen=True)
class AccountLook:
    """What a probe found: the platform's code (empty when the call worked), and when the authorisation ends if known.

    `reached` False: there was no usable answer, which says nothing about the account.
    """

    reached: bool
    code: str = ""
    ends_at: datetime | None = None


@runtime_checkable
class AccountProbe(Protocol):
    """A driver whose account can be looked at with one cheap call that changes nothing."""

    def probe(self, channel: Channel, now: datetime) -> AccountLook:
        """Make that call. Raises `NotFound` for a missing secret."""
        ...
