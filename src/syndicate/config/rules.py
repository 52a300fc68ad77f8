"""`content/rules/*.yaml` → RuleSpec. Each file is a mapping `rules:` → list; keys unknown here are the kind's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Day, Field, Many, Raw, Record, Text, YesNo, note
from syndicate.config.yaml_nodes import ListNode, MappingNode, Node, compose
from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec

_ID = Text(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+", "如 date.impossible / such as date.impossible", 80)
_EXAMPLES = Many(Raw())


_BUILD: Callable[..., RuleSpec] = RuleSpec


def _make(message: tuple[str, str], **values: object) -> RuleSpec:
    return _BUILD(message=message[0], message_en=message[1], where="", **values)


_MESSAGE = Record(
    lambda zh, en: (zh, en),
    {"zh": Field(Text(longest=500), required=True), "en": Field(Text(longest=500), required=True)},
)
_RULE = Record(
    _make,
    {
        "id": Field(_ID, required=True),
        "kind": Field(
            Text(r"[a-z][a-z0-9_]*", "小写字母、数字和下划线 / small letters, digits, underscores", 40), required=True
        ),
        "severity": Field(Choice(Severity), required=True),
        "message": Field(_MESSAGE, required=True),
        "basis": Field(Text(longest=1_000), required=True),
        "enforced": Field(YesNo()),
        "valid_from": Field(Day()),
        "valid_to": Field(Day()),
        "good": Field(_EXAMPLES),
        "bad": Field(_EXAMPLES),
    },
    rest="parameters",
)


class _Rules:
    """The list of rules; every rule remembers where it stands."""

    def read(self, node: Node, problems: Problems) -> tuple[RuleSpec, ...] | None:
        """The rules that are right; wrong ones are noted."""
        if not isinstance(node, ListNode):
            note(problems, node, "list_expected")
            return None
        rules: list[RuleSpec] = []
        for item in node.items:
            rule = _RULE.read(item, problems)
            if rule is not None:
                assert isinstance(item, MappingNode)
                check_period(item, rule.valid_from, rule.valid_to, problems)
                rules.append(replace(rule, where=f"{item.file.name}:{item.line}"))
        return tuple(rules)


_SHAPE: Record[dict[str, tuple[RuleSpec, ...]]] = Record(dict, {"rules": Field(_Rules(), required=True)})


def read_rules(files: Iterable[ConfigFile], problems: Problems) -> tuple[RuleSpec, ...]:
    """All rules of all files in order; ids are unique over all files."""
    rules: dict[str, RuleSpec] = {}
    for file in files:
        node = compose(file, problems)
        table = None if node is None else _SHAPE.read(node, problems)
        for rule in table["rules"] if table else ():
            if rule.id in rules:
                line = int(rule.where.rpartition(":")[2])
                problems.add(file, line, "duplicate_id", id=rule.id, first=rules[rule.id].where)
            rules.setdefault(rule.id, rule)
    return tuple(rules.values())


def check_period(node: MappingNode, start: date | None, end: date | None, problems: Problems) -> None:
    """A period must not end before it begins."""
    if start and end and end < start:
        note(problems, node.at("valid_to"), "period_reversed", start=start, end=end)
