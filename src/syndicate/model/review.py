"""Review 审核: who may act, what a decision is, and the answer of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from syndicate.model.item import ItemKind


class Role(StrEnum):
    """An editor writes, a reviewer decides below the last level, a publisher decides at every level and withdraws."""

    EDITOR = "editor"
    REVIEWER = "reviewer"
    PUBLISHER = "publisher"
    ADMIN = "admin"
    """Keeps accounts and configuration; decides on no text."""
    SYSTEM = "system"
    """Not a person: sync, the gate and the runner."""


@dataclass(frozen=True)
class Actor:
    """Who acts, and through what: `via` is `desk`, `cli` or `system`; `os_user` only for the CLI."""

    name: str
    role: Role
    via: str
    os_user: str = ""
    behalf: str = ""
    """代办: the person in whose role somebody else acts, by a delegation; empty: in his own."""

    @property
    def people(self) -> frozenset[str]:
        """Everybody whose eyes this counts for: who acts and for whom. Neither of them counts as the other's second pair."""
        return frozenset(filter(None, (self.name, self.behalf)))


class Verdict(StrEnum):
    """One person's decision on one revision at one level."""

    APPROVE = "approve"
    RETURN = "return"


class ItemAction(StrEnum):
    """What can be done to an item; each has rows in `review/item_transitions.tsv`."""

    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    APPROVE_LAST = "approve_last"
    RETURN = "return"
    DISCARD = "discard"
    SEND_BACK = "send_back"
    UNDO = "undo"
    PUBLISHED = "published"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    URGENT = "urgent"
    NOT_URGENT = "not_urgent"
    EMERGENCY = "emergency"
    SCHEDULE = "schedule"


class WithdrawalKind(StrEnum):
    """Why something is taken down: 发布有误 · 已被取代 · 到期."""

    ERROR = "error"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


@dataclass(frozen=True)
class PassageComment:
    """A reviewer's remark on one passage. Offsets are code points of the part's source, as in a finding."""

    part: str
    """`title` or `body`."""
    start: int
    end: int
    quote: str
    text: str


@dataclass(frozen=True)
class Decision:
    """One person's verdict on one revision at one level, bound to the hash of all that was seen."""

    level: int
    verdict: Verdict
    actor: str
    reason: str
    approval_hash: str
    at: datetime
    overrides: Mapping[str, str] = field(default_factory=dict)
    """Rule id → reason for every `block` finding that was overridden."""
    checked: tuple[str, ...] = ()
    """Which of the five checks were ticked: 政治 法律 政策 保密 文字."""
    comments: tuple[PassageComment, ...] = ()
    behalf: str = ""


@dataclass(frozen=True)
class Way:
    """送审途径: items of one kind of risk, and how far their review differs from what their column asks.

    All conditions that are given must hold. `at_least` raises the number of levels, `at_most` shortens the way; where
    ways disagree, the longer one counts.
    """

    title: str
    basis: str
    kind: ItemKind | None = None
    words: tuple[str, ...] = ()
    """One of them stands in the title or the text."""
    fields: tuple[str, ...] = ()
    """One of these official fields is filled in."""
    listed: bool = False
    """Its source is one whose texts may be reprinted (稿源白名单)."""
    at_least: int = 1
    at_most: int = 3


@dataclass(frozen=True)
class ReviewRules:
    """`content/review.yaml`: what the office has laid down for its review beside the levels of the columns."""

    ways: Mapping[str, Way] = field(default_factory=dict)
    second_check_within: timedelta = timedelta(hours=24)
    """How long after an emergency publication a second person must have checked it."""
    bulk_most: int = 20
    """How many items one bulk approval may take."""
    delegation_longest: timedelta = timedelta(days=31)
