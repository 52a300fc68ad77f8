"""Foreign text as both databases can keep it: PostgreSQL knows no NUL, and neither knows half a character."""

from __future__ import annotations

import re
from collections.abc import Mapping

_IMPOSSIBLE = re.compile("[\x00\ud800-\udfff]")


def plain_text(text: str) -> str:
    """The text with U+FFFD in place of every NUL and lone surrogate."""
    return _IMPOSSIBLE.sub("\N{REPLACEMENT CHARACTER}", text)


def plain_values(values: Mapping[str, str]) -> dict[str, str]:
    """The same for every key and value of a driver's notes or a receipt's details."""
    return {plain_text(key): plain_text(value) for key, value in values.items()}
