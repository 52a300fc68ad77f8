"""Personal tokens: what a program may do in somebody's name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Scope(StrEnum):
    """What a token is good for, beside what its person's role allows anyway."""

    READ = "read"
    WRITE = "write"
    """New drafts, edits, submitting, corrections."""
    DECIDE = "decide"
    """Approve, return, withdraw, confirm a withdrawal."""
    DELIVER = "deliver"
    """Retry and resolve deliveries."""


@dataclass(frozen=True)
class TokenFacts:
    """A token as its person may see it; the token itself is known to nobody but its holder."""

    id: int
    person: str
    label: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    """None: tokens from before they ended."""
    last_used_at: datetime | None

    def ended(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now
