"""Measurements × index → judgements, and the one verdict of a day. Pure, total and monotone."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from syndicate.errors import UsageError
from syndicate.inspection.wording import say
from syndicate.model.inspection import Indicator, Judgement, Level, Measurement, Standing

OPERATORS: Mapping[str, Callable[[float, float], bool]] = MappingProxyType(
    {">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt}
)


def judge(measurements: Iterable[Measurement], indicators: Iterable[Indicator]) -> tuple[Judgement, ...]:
    """One judgement per indicator and subject, in the order of the index.

    A measurement fits where name and window agree. An indicator without one is NOT_MEASURED with the reason, one
    that is switched off or unconfirmed is NOT_ENFORCED whatever was measured. Raises `UsageError` for a comparison
    that does not exist.
    """
    taken: dict[str, list[Measurement]] = {}
    for measurement in measurements:
        taken.setdefault(measurement.measure, []).append(measurement)
    judgements: list[Judgement] = []
    for indicator in indicators:
        fitting = [m for m in taken.get(indicator.measure, ()) if m.window in (None, indicator.window)]
        for found in fitting or [Measurement(indicator.measure, None, "", why=say("no_measurement"))]:
            judgements.append(_judge_one(indicator, found))
    return tuple(judgements)


def _judge_one(indicator: Indicator, found: Measurement) -> Judgement:
    if found.value is not None and math.isnan(found.value):
        found = Measurement(found.measure, None, found.unit, found.evidence, say("not_a_number"), found.subject)
    return Judgement(indicator, found, _standing(indicator, found.value))


def _standing(indicator: Indicator, value: float | None) -> Standing:
    if indicator.operator not in OPERATORS:
        raise UsageError("inspection.operator", indicator=indicator.id, operator=indicator.operator)
    breaks = OPERATORS[indicator.operator]
    if not indicator.enforced or indicator.confidence == "U":
        return Standing.NOT_ENFORCED
    if value is None:
        return Standing.NOT_MEASURED
    if breaks(value, indicator.threshold):
        return Standing.BREACHED
    return Standing.WARNING if indicator.warn is not None and breaks(value, indicator.warn) else Standing.FULFILLED


def verdict(judgements: Iterable[Judgement]) -> Standing:
    """The day's standing: BREACHED by any veto; WARNING by a warning or any other breach; NOT_MEASURED where no veto was.

    A day without a single measured veto cannot be called free of risk.
    """
    every = [(j.indicator.level, j.standing) for j in judgements]
    if (Level.VETO, Standing.BREACHED) in every:
        return Standing.BREACHED
    if any(standing in (Standing.WARNING, Standing.BREACHED) for _level, standing in every):
        return Standing.WARNING
    return Standing.FULFILLED if (Level.VETO, Standing.FULFILLED) in every else Standing.NOT_MEASURED
