"""Finding 问题: one hit of a monitor rule."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """What a person must do: fix or override with a reason · look at it · nothing."""

    BLOCK = "block"
    CONFIRM = "confirm"
    HINT = "hint"

    @property
    def weight(self) -> int:
        """2 for block, 1 for confirm, 0 for hint, so that findings can be ordered and compared."""
        return _WEIGHTS[self]


_WEIGHTS = {Severity.BLOCK: 2, Severity.CONFIRM: 1, Severity.HINT: 0}


class Finding(NamedTuple):
    """One hit: which rule, where, what it says, what to write instead and on which basis.

    `start` and `end` are code points of the text that was handed in (of the HTML source for HTML), `end` exclusive.
    `text` is the text found there, masked where it is personal data. `part` names what was checked (`title`, `body`,
    `attachment:<name>`, `rendition:<channel>`); `place` is for people: line, page, cell.
    """

    rule: str
    severity: Severity
    start: int
    end: int
    text: str
    message: str
    suggestion: str | None = None
    basis: str = ""
    place: str = ""
    part: str = "body"
    message_en: str = ""
