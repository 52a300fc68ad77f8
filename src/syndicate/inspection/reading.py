"""A reading 读数: what one measuring function found, before name, unit and window are written on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from syndicate.inspection.wording import limits, say
from syndicate.model.facts import DayFacts
from syndicate.model.inspection import Evidence


@dataclass(frozen=True)
class Reading:
    """A figure and its evidence, or None and why; `subject` where there is one reading per account."""

    value: float | None
    evidence: tuple[Evidence, ...] = ()
    why: str = ""
    subject: str = ""


Instrument = Callable[[DayFacts, timedelta], Sequence[Reading]]
"""Takes the readings of one measure from the facts, looking back by the given time."""


def reason(facts: DayFacts, field: str) -> str:
    """Why a field was not measured: its own reason, that of the part it belongs to, or that nobody gave one."""
    part = field.partition(".")[0]
    return facts.reasons.get(field) or facts.reasons.get(part) or say("no_reason")


def absent(facts: DayFacts, field: str, subject: str = "") -> Reading:
    """The reading of something that was not measured."""
    return Reading(None, why=reason(facts, field), subject=subject)


def shown(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The first pieces of evidence and how many more there are."""
    limit = int(limits()["evidence_shown"])
    rest = len(evidence) - limit
    return (*evidence[:limit], *([Evidence(say("evidence_more", count=rest))] if rest > 0 else []))


def counted(evidence: Sequence[Evidence], subject: str = "") -> Reading:
    """How many there are, with the first of them as evidence."""
    return Reading(float(len(evidence)), shown(evidence), subject=subject)


def flag(facts: DayFacts, field: str, fine: bool | None, subject: str = "") -> Reading:
    """1 where something is not as it must be, 0 where it is, None where nobody looked."""
    if fine is None:
        return absent(facts, field, subject)
    return Reading(0.0 if fine else 1.0, subject=subject)


def share(part: int, whole: int) -> float:
    """`part` of `whole` in percent; multiplied first, so that 7 of 140 is exactly 5."""
    return 100 * part / whole
