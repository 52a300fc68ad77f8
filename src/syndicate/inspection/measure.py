"""Facts → measurements: takes every reading that the indicators ask for, each with its own window."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType

from syndicate.inspection.measure_channels import CHANNELS
from syndicate.inspection.measure_site import SITE
from syndicate.inspection.measure_work import WORK
from syndicate.inspection.reading import Instrument
from syndicate.inspection.wording import measures
from syndicate.model.facts import DayFacts
from syndicate.model.inspection import Indicator, Measurement

INSTRUMENTS: Mapping[str, Instrument] = MappingProxyType({**SITE, **CHANNELS, **WORK})
"""Every measure that software takes, by the name that `content/inspection/*.yaml` uses."""


def measure(facts: DayFacts, indicators: Iterable[Indicator]) -> tuple[Measurement, ...]:
    """Take each measure once for every window that some indicator asks for.

    A measure that does not exist gives nothing here; `judge` then says that it was not measured.
    """
    wanted = dict.fromkeys((indicator.measure, indicator.window) for indicator in indicators)
    known = [(name, window) for name, window in wanted if name in INSTRUMENTS]
    return tuple(taken for name, window in known for taken in _take(facts, name, window))


def _take(facts: DayFacts, name: str, window: timedelta) -> list[Measurement]:
    unit = measures()[name].unit
    readings = INSTRUMENTS[name](facts, window)
    return [Measurement(name, r.value, unit, r.evidence, r.why, r.subject, window) for r in readings]
