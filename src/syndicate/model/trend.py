"""趋势与工作量: figures per day, week or month, per department and per person, and those of the yearly statement."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.model.period import Period


@dataclass(frozen=True)
class TrendPoint:
    """The figures of one part of a trend. Open states hold at its end; None: nothing was measured or nothing was due."""

    period: Period
    published: int
    submitted: int
    returned: int
    probes: int
    probes_failed: int
    findings_open: int | None
    """Of block and confirm."""
    reprints_due: int
    """Reprints whose deadline lies within."""
    reprints_on_time: int
    oldest_waiting_hours: float | None
    """For how long the oldest item that waits for review had waited; None: none waited."""


@dataclass(frozen=True)
class WorkFact:
    """What one department or one person did within the trend's time."""

    name: str
    submitted: int
    approved: int
    """Last-level approvals of what they had submitted."""
    returned: int
    findings: int
    """Findings of block and confirm on what was submitted, as they stood when it was."""
    published: int
    median_hours: float | None
    """From the first submission to the first publication; None where nothing of theirs was published."""


@dataclass(frozen=True)
class YearlyFact:
    """One line of the 政府网站工作年度报表."""

    heading: str
    """One of its eight headings."""
    name: str
    value: str
    """The figure as text with its unit; empty where no record is kept."""
    note: str = ""
    """How it was counted, or why it is not known here."""
