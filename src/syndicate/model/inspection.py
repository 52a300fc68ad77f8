"""Inspection 检查: indicators of the index, what was measured, and how it was judged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class Level(StrEnum):
    """What a breach costs: everything · points · nothing (a bonus that is missed)."""

    VETO = "veto"
    DEDUCT = "deduct"
    BONUS = "bonus"


@dataclass(frozen=True)
class Indicator:
    """指标: one line of the inspection index as data (`content/inspection/*.yaml`)."""

    id: str
    title: str
    scope: str
    """`website` or `new_media`."""
    level: Level
    measure: str
    """Name of the measurement it judges."""
    operator: str
    """`>=`, `>`, `<=` or `<`: the comparison with `threshold` that is a breach."""
    threshold: float
    window: timedelta
    basis: str
    confidence: str
    """C confirmed, P partly, U unconfirmed; U is never enforced."""
    enforced: bool
    fix: str
    """What to do about a breach."""
    warn: float | None = None
    """Same comparison, earlier: a warning."""
    where: str = ""


class Standing(StrEnum):
    """How an indicator stands."""

    FULFILLED = "fulfilled"
    WARNING = "warning"
    BREACHED = "breached"
    NOT_MEASURED = "not_measured"


@dataclass(frozen=True)
class Measurement:
    """指标值: one measured figure with its evidence; `value` None says that it was not measured, and `why`."""

    measure: str
    value: float | None
    unit: str
    evidence: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Judgement:
    """An indicator, its measurement and how it stands."""

    indicator: Indicator
    measurement: Measurement
    standing: Standing


@dataclass(frozen=True)
class Table:
    """A table of the report: a title, column heads and rows of plain text."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """One numbered section of the report: sentences first, then tables."""

    number: int
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    not_measured: tuple[str, ...] = field(default=())
    """What this section should say and could not, with the reason."""


@dataclass(frozen=True)
class Report:
    """日报: the report of one day as a document, independent of its file format."""

    title: str
    day: str
    made_at: str
    office: str
    standing: Standing
    headline: str
    sections: tuple[Section, ...]
