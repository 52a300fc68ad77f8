"""`content/rules/*.yaml` → RuleSpec. Each file is a mapping `rules:` → list; keys unknown here are the kind's parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from syndicate.config.listed import place_of, read_listed
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Day, Field, Many, Raw, Record, Text, YesNo, note
from syndicate.model.finding import Severity
from syndicate.model.rule import RuleSpec

_ID = Text(r"[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)+", "rule_id", 80)
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
        "kind": Field(Text(r"[a-z][a-z0-9_]*", "word", 40), required=True),
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


def read_rules(files: Iterable[ConfigFile], problems: Problems) -> tuple[RuleSpec, ...]:
    """All rules of all files in order; every rule remembers where it stands."""
    rules = []
    for node, rule in read_listed(files, "rules", _RULE, problems):
        if rule.valid_from and rule.valid_to and rule.valid_to < rule.valid_from:
            note(problems, node.at("valid_to"), "period_reversed", start=rule.valid_from, end=rule.valid_to)
        rules.append(replace(rule, where=place_of(node)))
    return tuple(rules)
