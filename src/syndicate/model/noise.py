"""What editors say about findings: exceptions 例外 with their scope, and verdicts that make a rule's precision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Scope(StrEnum):
    """Where a finding is no error: in this item, in this column, anywhere."""

    HERE = "here"
    COLUMN = "column"
    ANYWHERE = "anywhere"


@dataclass(frozen=True)
class FindingException:
    """例外: one rule on one text is no error. `item` and `column` say where, as the scope demands; `until` when it ends."""

    id: int
    rule: str
    text: str
    scope: Scope
    item: int | None
    column: str
    actor: str
    reason: str
    at: datetime
    until: date | None = None

    def holds(self, item: int, column: str, day: date) -> bool:
        """Whether it holds for an item of a column at that day."""
        if self.until is not None and day > self.until:
            return False
        if self.scope is Scope.HERE:
            return item == self.item
        return self.scope is Scope.ANYWHERE or column == self.column


@dataclass(frozen=True)
class Precision:
    """How often a rule was right in the last decisions on it."""

    rule: str
    decisions: int
    right: int

    @property
    def share(self) -> float:
        """Right ones of all, 1 when there was none."""
        return self.right / self.decisions if self.decisions else 1.0
