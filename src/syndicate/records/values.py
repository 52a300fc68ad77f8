"""What the queries return: frozen values, one per table that others read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from syndicate.errors import Message
from syndicate.model.channel import Rendition
from syndicate.model.delivery import Action, DeliveryState, Receipt, WaitReason
from syndicate.model.item import Content, ItemKind, ItemState
from syndicate.model.review import PassageComment, Role, Verdict, WithdrawalKind


@dataclass(frozen=True)
class ItemRecord:
    """稿件. `channels` empty means: all that take its column."""

    id: int
    column: str
    kind: ItemKind
    state: ItemState
    level: int
    levels: int
    submitter: str
    created_by: str
    created_at: datetime
    deadline_at: datetime | None
    submitted_at: datetime | None
    approved_at: datetime | None
    first_published_at: datetime | None
    expires_at: datetime | None
    channels: tuple[str, ...]
    urgent: bool
    """紧急: goes first, and does not wait for a channel's hours."""
    version: int
    old_address: str = ""
    """Where it stood on the former website, or before its column was renamed, and stands still; else empty."""
    title: str = ""
    """Of its newest revision, at most 255 characters."""
    publish_at: datetime | None = None
    """定时发布: when it shall go out; None: as soon as it is approved."""
    embargo_until: datetime | None = None
    """禁发期: it must not be out before."""
    review_on: date | None = None
    """复核日期: when a person shall read it again after it was published."""

    @property
    def not_before(self) -> datetime | None:
        """The moment before which nothing is sent: the later one of schedule and embargo."""
        return max(filter(None, (self.publish_at, self.embargo_until)), default=None)


@dataclass(frozen=True)
class ItemSourceRecord:
    """Where an item was seen."""

    source: str
    key: str
    url: str
    seen_at: datetime


@dataclass(frozen=True)
class RevisionRecord:
    """版本."""

    id: int
    item: int
    number: int
    content: Content
    created_by: str
    created_at: datetime
    checked_with: str
    """Hash of the snapshot it was last checked with; empty when it never was."""


@dataclass(frozen=True)
class DecisionRecord:
    """审核意见."""

    level: int
    verdict: Verdict
    actor: str
    reason: str
    overrides: Mapping[str, str]
    approval_hash: str
    at: datetime
    void: bool
    checked: tuple[str, ...] = ()
    comments: tuple[PassageComment, ...] = ()
    behalf: str = ""
    """For whom its actor acted; empty: for himself."""


@dataclass(frozen=True)
class RenditionRecord:
    """渠道稿 with its row number; `purpose` is `publish` or `retract`."""

    id: int
    purpose: str
    rendition: Rendition


@dataclass(frozen=True)
class DeliveryRecord:
    """投递."""

    id: int
    item: int
    revision: int
    rendition: int
    channel: str
    action: Action
    state: DeliveryState
    wait_reason: WaitReason | None
    due_at: datetime
    created_at: datetime
    first_attempt_at: datetime | None
    finished_at: datetime | None
    step: str
    step_repeatable: bool
    notes: Mapping[str, str]
    attempts_made: int
    failures: int
    looks: int
    polls: int
    maybe_sent: bool
    lease_owner: str
    lease_until: datetime | None
    outcome: str
    message: Message | None
    code: str
    version: int


@dataclass(frozen=True)
class AttemptRecord:
    """尝试."""

    number: int
    kind: str
    step: str
    worker: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str
    message: Message | None
    code: str
    reply: str
    applied: bool


@dataclass(frozen=True)
class ReceiptRecord:
    """回执."""

    id: int
    delivery: int
    item: int
    channel: str
    receipt: Receipt
    rendition_hash: str
    proof_sha256: str
    proof_at: datetime | None
    removed_at: datetime | None


@dataclass(frozen=True)
class WithdrawalRecord:
    """撤稿, listed until a second person has confirmed it."""

    id: int
    item: int
    kind: WithdrawalKind
    reason: str
    actor: str
    at: datetime
    confirmed_by: str
    confirmed_at: datetime | None
    behalf: str = ""

    @property
    def people(self) -> frozenset[str]:
        """Who made it, and for whom: neither of them is the second person."""
        return frozenset(filter(None, (self.actor, self.behalf)))


@dataclass(frozen=True)
class EmergencyRecord:
    """应急发布, listed until a second person has checked it by `check_by`."""

    id: int
    item: int
    revision: int
    reason: str
    actor: str
    behalf: str
    at: datetime
    check_by: datetime
    checked_by: str
    checked_at: datetime | None
    remark: str

    @property
    def people(self) -> frozenset[str]:
        """Who made it, and for whom: neither of them is the second person."""
        return frozenset(filter(None, (self.actor, self.behalf)))


@dataclass(frozen=True)
class DelegationRecord:
    """代办: until `ends_at`, or until somebody ends it, `taker` may act in the role of `giver`."""

    id: int
    giver: str
    role: Role
    taker: str
    starts_at: datetime
    ends_at: datetime
    reason: str
    created_by: str
    created_at: datetime
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class SilenceRecord:
    """静默期. `until` None: until somebody ends it."""

    id: int
    started_at: datetime
    until: datetime | None
    actor: str
    reason: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class SilenceExceptionRecord:
    """An item that goes out in spite of a silent period."""

    silence: int
    item: int
    actor: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class AuditRecord:
    """One link of the audit chain."""

    number: int
    at: datetime
    actor: str
    via: str
    os_user: str
    action: str
    subject: str
    data: Mapping[str, object]
    previous_hash: str
    hash: str
