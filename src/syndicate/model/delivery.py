"""Delivery 投递: the duty to bring one rendition to one channel, its attempts, its outcomes and its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from syndicate.errors import Message
from syndicate.model.channel import Channel, Rendition


class Action(StrEnum):
    """What a delivery does on its channel."""

    PUBLISH = "publish"
    AMEND = "amend"
    RETRACT = "retract"


class DeliveryState(StrEnum):
    """Where a delivery stands; `review/delivery_transitions.tsv` lists every allowed change."""

    WAITING = "waiting"
    DUE = "due"
    SENDING = "sending"
    ACCEPTED = "accepted"
    UNSURE = "unsure"
    DELIVERED = "delivered"
    REFUSED = "refused"
    NEEDS_PERSON = "needs_person"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class DeliveryEvent(StrEnum):
    """What happens to a delivery; each has rows in `review/delivery_transitions.tsv`."""

    RELEASED = "released"
    CANCELLED = "cancelled"
    WEBSITE_OVERDUE = "website_overdue"
    EXPIRED = "expired"
    CLAIMED = "claimed"
    UNSUPPORTED = "unsupported"
    NOTHING_HELD = "nothing_held"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    TRY_LATER = "try_later"
    PARKED = "parked"
    GAVE_UP = "gave_up"
    REFUSED = "refused"
    NEEDS_PERSON = "needs_person"
    UNSURE = "unsure"
    LEASE_LOST = "lease_lost"
    LEASE_LOST_REPEATABLE = "lease_lost_repeatable"
    LOOKING = "looking"
    BUNDLED = "bundled"
    FOUND = "found"
    FOUND_STEP = "found_step"
    ABSENT = "absent"
    CANNOT_TELL = "cannot_tell"
    LOOKED_ENOUGH = "looked_enough"
    RESCHEDULED = "rescheduled"
    RETRIED = "retried"
    RESOLVED_DELIVERED = "resolved_delivered"
    RESOLVED_ABSENT = "resolved_absent"
    TAKEN_OVER = "taken_over"


class WaitReason(StrEnum):
    """Why a delivery waits."""

    WEBSITE = "website"
    EMBARGO = "embargo"
    WINDOW = "window"
    QUOTA = "quota"
    SILENCE = "silence"
    HELD = "held"
    UNDO = "undo"


@dataclass(frozen=True)
class Receipt:
    """回执: proof of what the channel holds. `details` are the platform's further ids, as text."""

    remote_id: str
    url: str
    at: datetime
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Step:
    """The next call of a delivery. A repeatable one may simply be made again after a crash."""

    name: str
    repeatable: bool


@dataclass(frozen=True)
class Job:
    """Everything a driver needs to know about one delivery at one moment.

    `key` is the same on every attempt (idempotency key). `held` are the receipts the channel still holds for the
    item, newest first. `notes` belong to the driver and are committed after every step.
    """

    delivery: int
    key: str
    item: int
    revision: int
    action: Action
    channel: Channel
    rendition: Rendition
    held: tuple[Receipt, ...]
    notes: Mapping[str, str]
    attempt: int
    now: datetime


@dataclass(frozen=True)
class Delivered:
    """The channel holds it (or, for a retraction, no longer does)."""

    receipt: Receipt


@dataclass(frozen=True)
class Accepted:
    """This step is done; the next one (or the same question again) is due at `ask_again_at`."""

    ask_again_at: datetime


@dataclass(frozen=True)
class TryLater:
    """Surely nothing happened; the same step may be repeated, not before `not_before` (None: the ladder decides).

    With `wait` the account is what hinders (its quota, its credentials): the delivery waits without burning attempts.
    """

    why: Message
    not_before: datetime | None = None
    wait: WaitReason | None = None


@dataclass(frozen=True)
class Refused:
    """Surely nothing happened and repeating cannot help: the content must change."""

    why: Message


@dataclass(frozen=True)
class NeedsPerson:
    """The account, its rights or the platform need a person. `nothing_out`: surely nothing is public yet."""

    why: Message
    nothing_out: bool = False


@dataclass(frozen=True)
class Unsure:
    """It may have happened: look at the channel before sending again."""

    why: Message


Outcome = Delivered | Accepted | TryLater | Refused | NeedsPerson | Unsure


@dataclass(frozen=True)
class StepResult:
    """What a step brought, the notes to keep, and for the attempt's record the platform's code and reply (≤ 2 kB)."""

    outcome: Outcome
    notes: Mapping[str, str]
    code: str = ""
    reply: str = ""


@dataclass(frozen=True)
class Found:
    """The step's effect is there. `receipt` is None where the step was not the last one: go on with the next."""

    receipt: Receipt | None


@dataclass(frozen=True)
class Absent:
    """Absence is proof: the step did not happen and may be repeated."""


@dataclass(frozen=True)
class CannotTell:
    """The channel does not say. `ask_again` False: no look will ever tell, a person must."""

    why: Message
    ask_again: bool = True


@dataclass(frozen=True)
class FindResult:
    """The answer of a look at the channel, and the notes to keep."""

    answer: Found | Absent | CannotTell
    notes: Mapping[str, str]
    code: str = ""
    reply: str = ""


@dataclass(frozen=True)
class Proof:
    """What the public sees at a receipt's address: a hash of the meaningful part, or None when it is gone."""

    sha256: str | None


class Driver(Protocol):
    """Speaks to one channel. May be used from several threads. Raises nothing for what a platform does.

    `perform` makes at most one non-repeatable call. `find` is asked only about a non-repeatable step whose outcome
    is unknown. Anything a driver raises is a programming error: the ledger treats it as unsure and says so.
    """

    actions: frozenset[Action]
    """What the channel can do; any other action becomes a task for a person."""
    careful: bool
    """True where a look sees only what is newest: while one outcome is unknown, nothing else is sent there."""

    def next_step(self, job: Job) -> Step:
        """The step that follows from the job's notes. Pure."""
        ...

    def perform(self, step: Step, job: Job) -> StepResult:
        """Make the step's call."""
        ...

    def find(self, step: Step, job: Job) -> FindResult:
        """Look whether a step's effect is on the channel."""
        ...

    def read_back(self, receipt: Receipt, job: Job) -> Proof | None:
        """Fetch back what the public sees; None where the channel cannot be read."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...
