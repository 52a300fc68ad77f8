"""Titles as they may leave the house in a notice: personal data that was found in one stays masked."""

from __future__ import annotations

from collections.abc import Sequence

from syndicate.model.finding import Finding
from syndicate.records import findings, items

LONGEST = 60


def told_titles(numbers: Sequence[int]) -> dict[int, str]:
    """The newest title of several items, masked and short, on one line."""
    latest = items.latest_revisions(list(numbers))
    found = findings.of_revisions([revision.id for revision in latest.values()])
    return {
        number: _short(masked(revision.content.title, found.get(revision.id, ())))
        for number, revision in latest.items()
    }


def masked(title: str, found: Sequence[Finding], part: str = "title") -> str:
    """The title (or other `part`) with every passage that a finding keeps masked written as that finding keeps it."""
    hits = sorted((one for one in found if one.part == part and one.end > one.start), key=lambda one: -one.start)
    limit = len(title)
    for hit in hits:
        if hit.end <= limit and title[hit.start : hit.end] != hit.text:
            title = title[: hit.start] + hit.text + title[hit.end :]
            limit = hit.start
    return title


def _short(title: str) -> str:
    line = " ".join(title.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
