"""What a page of search results shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Marked = tuple[tuple[str, bool], ...]
"""A text in parts; those that were looked for are marked."""


@dataclass(frozen=True)
class Shown:
    """One article that was found."""

    address: str
    column: str
    title: Marked
    snippet: Marked
    published_at: datetime


@dataclass(frozen=True)
class SearchPage:
    """One page of results. `state`: results, busy (asked too often), unavailable, absent (no such page here)."""

    state: str
    query: str
    column: str
    year: int
    years: tuple[int, ...]
    total: str
    """How many there are, for people."""
    hits: tuple[Shown, ...]
    earlier: str
    later: str
