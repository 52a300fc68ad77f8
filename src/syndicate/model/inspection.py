"""Inspection 检查: indicators of the index, what was measured, how it was judged, and the report as a document."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Level(StrEnum):
    """What a breach costs: everything · points · nothing (a bonus that is missed) · the office's own goal."""

    VETO = "veto"
    DEDUCT = "deduct"
    BONUS = "bonus"
    TARGET = "target"
    """The office's own target or a stricter local rule: a breach is a warning and costs nothing in the national index."""


@dataclass(frozen=True)
class Indicator:
    """指标: one line of the inspection index as data (`content/inspection/*.yaml`)."""

    id: str
    title: str
    scope: str
    """`website`, `new_media` or `office`."""
    level: Level
    measure: str
    """Name of the measurement it judges: a row of `inspection/measures.tsv`."""
    operator: str
    """`>=`, `>`, `<=` or `<`: the comparison with `threshold` that is a breach."""
    threshold: float
    window: timedelta
    """How far back from `DayFacts.as_of` the measurement looks."""
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
    NOT_ENFORCED = "not_enforced"
    """未启用: the indicator is switched off or unconfirmed; shown, never judged."""


@dataclass(frozen=True)
class Evidence:
    """证据: what was seen, in words, and what proves it: the address, the time of the look, the hash of what came."""

    text: str
    url: str = ""
    at: datetime | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Measurement:
    """指标值: one measured figure with its evidence; `value` None says that it was not measured, and `why`."""

    measure: str
    value: float | None
    unit: str
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
    subject: str = ""
    """Which account it is about (title of the channel); empty where there is only one."""
    window: timedelta | None = None
    """How far back it looked; None fits indicators of every window."""


@dataclass(frozen=True)
class Judgement:
    """An indicator with its rule (`basis`) and remedy (`fix`), its measurement with the evidence, and how it stands."""

    indicator: Indicator
    measurement: Measurement
    standing: Standing


@dataclass(frozen=True)
class Row:
    """One row of a table: plain text per cell, how it stands (None: no judgement), and an http(s) link or nothing."""

    cells: tuple[str, ...]
    standing: Standing | None = None
    link: str = ""
    """Where the thing of this row is; shown at its first cell."""


@dataclass(frozen=True)
class Table:
    """A table of the report: a title, column heads and rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ChartBar:
    """One bar: what it is about, its size (None: no data, a gap), and its number as people read it."""

    label: str
    value: float | None
    text: str


@dataclass(frozen=True)
class Chart:
    """A bar chart: a title, a sentence that says what it shows, and its bars in their order. Its numbers stand in a table."""

    title: str
    sentence: str
    bars: tuple[ChartBar, ...]


@dataclass(frozen=True)
class Section:
    """One numbered section of the report: sentences first, then tables."""

    number: int
    title: str
    sentences: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    not_measured: tuple[str, ...] = field(default=())
    """What this section should say and could not, with the reason."""
    charts: tuple[Chart, ...] = ()


@dataclass(frozen=True)
class Figure:
    """One of the large figures at the head of the report, as text: `—` where it was not measured."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Todo:
    """今日待办: what to do today, what it is about, and where to do it."""

    text: str
    action: str
    standing: Standing
    link: str = ""


@dataclass(frozen=True)
class Report:
    """日报, or that of a week, month, quarter or year: a report as a document, independent of its file format."""

    title: str
    day: str
    """ISO date of the first day the report is about."""
    made_at: str
    """ISO time at which it was made."""
    office: str
    standing: Standing
    """FULFILLED 无风险, WARNING 预警, BREACHED 已触发, NOT_MEASURED 无法判断."""
    headline: str
    sections: tuple[Section, ...]
    as_of: str = ""
    """ISO time that the figures hold for."""
    day_text: str = ""
    """The period as people write it: `2026年3月5日（星期四）`."""
    span: str = "day"
    """`model.period.Span`."""
    site_name: str = ""
    site_url: str = ""
    figures: tuple[Figure, ...] = ()
    todos: tuple[Todo, ...] = ()
    sample: bool = False
