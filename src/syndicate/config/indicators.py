"""`content/inspection/*.yaml` → indicators of the inspection index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syndicate.config.listed import place_of, read_listed
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Duration, Field, Number, Record, Text, YesNo, note
from syndicate.config.yaml_nodes import MappingNode
from syndicate.model.inspection import Indicator, Level

_FIGURE = Number(-1e12, 1e12)
_INDICATOR = Record(
    Indicator,
    {
        "id": Field(Text(r"[A-Za-z][A-Za-z0-9_.-]{0,79}", "indicator_id"), required=True),
        "title": Field(Text(longest=200), required=True),
        "scope": Field(Text("website|new_media|office", "scope"), required=True),
        "level": Field(Choice(Level), required=True),
        "measure": Field(Text(r"[a-z][a-z0-9_.]{0,79}", "word"), required=True),
        "operator": Field(Text("[<>]=?", "operator"), required=True),
        "threshold": Field(_FIGURE, required=True),
        "window": Field(Duration(), required=True),
        "basis": Field(Text(longest=1_000), required=True),
        "confidence": Field(Text("[CPU]", "confidence"), required=True),
        "enforced": Field(YesNo(), required=True),
        "fix": Field(Text(longest=1_000), required=True),
        "warn": Field(_FIGURE),
    },
)


def _check(node: MappingNode, indicator: Indicator, problems: Problems) -> None:
    """What nobody has confirmed is never enforced, and a warning must come before the breach."""
    if indicator.enforced and indicator.confidence == "U":
        note(problems, node.at("enforced"), "unconfirmed_enforced")
    if indicator.warn is None or indicator.warn == indicator.threshold:
        return
    if (indicator.warn > indicator.threshold) is indicator.operator.startswith(">"):
        note(
            problems,
            node.at("warn"),
            "warning_too_late",
            warn=f"{indicator.warn:g}",
            threshold=f"{indicator.threshold:g}",
        )


def read_indicators(files: Iterable[ConfigFile], problems: Problems) -> tuple[Indicator, ...]:
    """All indicators of all files in order; every one remembers where it stands."""
    indicators = []
    for node, indicator in read_listed(files, "indicators", _INDICATOR, problems):
        _check(node, indicator, problems)
        indicators.append(replace(indicator, where=place_of(node)))
    return tuple(indicators)
