"""What the pages show on which the public reports errors, asks how a report stands, and has rated a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class ShownFeedback:
    """How one report stands, in words; nothing of its text or its sender, as a receipt may fall into other hands."""

    kind: str
    page: str
    state: str
    received_at: datetime
    answer_by: date | None
    """The last day for an answer, while there is none."""
    verdict: str = ""
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True)
class FeedbackPage:
    """One page. `state`: report (the form), received, ask (for a report), found, rated, told (nothing but `problem`)."""

    state: str
    problem: str = ""
    action: str = ""
    """What went wrong and what to do, for people."""
    form: str = ""
    kinds: tuple[tuple[str, str], ...] = ()
    """Value and word of each kind that can be chosen."""
    kind: str = ""
    about: str = ""
    """The page that it is about, as it was typed or as we know it."""
    text: str = ""
    contact: str = ""
    longest: int = 0
    longest_contact: int = 0
    days: int = 0
    """Working days until an answer."""
    kept_days: int = 0
    """Days after closing for which a contact is kept."""
    receipt: str = ""
    found: ShownFeedback | None = None
