"""What the monitor is told: rules and lexicon rows as they stand in `content/`, each with where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from syndicate.model.finding import Severity


@dataclass(frozen=True)
class RuleSpec:
    """One rule of `content/rules/*.yaml`. `kind` names a check kind in code; `parameters` are that kind's own.

    `good` and `bad` are the rule's own tests: every bad text must give a finding, no good text may.
    """

    id: str
    kind: str
    severity: Severity
    message: str
    message_en: str
    basis: str
    where: str
    """file:line, so that a compile error can name it."""
    parameters: Mapping[str, object] = field(default_factory=dict)
    good: tuple[str, ...] = ()
    bad: tuple[str, ...] = ()
    enforced: bool = True
    """False for unconfirmed rules: they ship switched off."""
    valid_from: date | None = None
    valid_to: date | None = None


class LexiconMode(StrEnum):
    """How a lexicon row is matched and how sure it is."""

    SUBSTRING = "substring"
    """Wrong wherever it stands."""
    BOUNDARY = "boundary"
    """Wrong only where the exceptions before and after do not hold; matched like substring otherwise."""
    REVIEW = "review"
    """A person decides: severity confirm."""
    DATED = "dated"
    """Wrong only within valid_from … valid_to, judged at the item's date."""
    HINT = "hint"
    """Counted and shown, never an error."""


class LexiconEntry(NamedTuple):
    """One row of `content/lexicon/*.tsv`."""

    wrong: str
    right: str
    category: str
    mode: LexiconMode
    basis: str
    where: str
    not_after: tuple[str, ...] = ()
    """No finding where one of these stands directly before the word."""
    not_before: tuple[str, ...] = ()
    """No finding where one of these stands directly after the word."""
    valid_from: date | None = None
    valid_to: date | None = None
