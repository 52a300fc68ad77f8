"""`content/inspection/*.yaml` → indicators of the inspection index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Duration, Field, Number, Record, Text, YesNo, note
from syndicate.config.yaml_nodes import ListNode, MappingNode, Node, compose
from syndicate.model.inspection import Indicator, Level

_FIGURE = Number(-1e12, 1e12)
_INDICATOR = Record(
    Indicator,
    {
        "id": Field(
            Text(r"[A-Za-z][A-Za-z0-9_.-]{0,79}", "如 W2.reachability / such as W2.reachability"), required=True
        ),
        "title": Field(Text(longest=200), required=True),
        "scope": Field(Text("website|new_media|office", "website | new_media | office"), required=True),
        "level": Field(Choice(Level), required=True),
        "measure": Field(
            Text(r"[a-z][a-z0-9_.]{0,79}", "小写字母、数字、下划线和点 / small letters, digits, _ and ."), required=True
        ),
        "operator": Field(Text("[<>]=?", ">= > <= <"), required=True),
        "threshold": Field(_FIGURE, required=True),
        "window": Field(Duration(), required=True),
        "basis": Field(Text(longest=1_000), required=True),
        "confidence": Field(Text("[CPU]", "C | P | U"), required=True),
        "enforced": Field(YesNo(), required=True),
        "fix": Field(Text(longest=1_000), required=True),
        "warn": Field(_FIGURE),
    },
)


class _Indicators:
    """The list of indicators; every one remembers where it stands."""

    def read(self, node: Node, problems: Problems) -> tuple[Indicator, ...] | None:
        """The indicators that are right; wrong ones are noted."""
        if not isinstance(node, ListNode):
            note(problems, node, "list_expected")
            return None
        indicators: list[Indicator] = []
        for item in node.items:
            indicator = _INDICATOR.read(item, problems)
            if indicator is not None and isinstance(item, MappingNode):
                _check(item, indicator, problems)
                indicators.append(replace(indicator, where=f"{item.file.name}:{item.line}"))
        return tuple(indicators)


_SHAPE: Record[dict[str, tuple[Indicator, ...]]] = Record(dict, {"indicators": Field(_Indicators(), required=True)})


def _check(node: MappingNode, indicator: Indicator, problems: Problems) -> None:
    """What nobody has confirmed is never enforced, and a warning must come before the breach."""
    if indicator.enforced and indicator.confidence == "U":
        note(problems, node.at("enforced"), "unconfirmed_enforced")
    if indicator.warn is None or indicator.warn == indicator.threshold:
        return
    if (indicator.warn > indicator.threshold) is indicator.operator.startswith(">"):
        note(problems, node.at("warn"), "warning_too_late", warn=indicator.warn, threshold=indicator.threshold)


def read_indicators(files: Iterable[ConfigFile], problems: Problems) -> tuple[Indicator, ...]:
    """All indicators of all files in order; ids are unique over all files."""
    indicators: dict[str, Indicator] = {}
    for file in files:
        node = compose(file, problems)
        table = None if node is None else _SHAPE.read(node, problems)
        for indicator in table["indicators"] if table else ():
            if indicator.id in indicators:
                line = int(indicator.where.rpartition(":")[2])
                problems.add(file, line, "duplicate_id", id=indicator.id, first=indicators[indicator.id].where)
            indicators.setdefault(indicator.id, indicator)
    return tuple(indicators.values())
