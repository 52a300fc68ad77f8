"""Push notices of an app."""

from __future__ import annotations

from enum import StrEnum


class PushRule(StrEnum):
    """For which items readers get a notice on their phones, besides the article."""

    URGENT = "urgent"
    EVERY = "every"
