"""Review 审核: who may act, what a decision is, and the answer of the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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


class WithdrawalKind(StrEnum):
    """Why something is taken down: 发布有误 · 已被取代 · 到期."""

    ERROR = "error"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


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
