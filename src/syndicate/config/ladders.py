"""`content/ladders.yaml` → the waiting times of each kind of channel: one default and what a kind does differently."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Duration, Field, Many, Number, Record, note, span_text
from syndicate.config.yaml_nodes import Node, compose
from syndicate.model.channel import ChannelKind, Ladder

_SPAN = Duration(least=timedelta(milliseconds=1))
_STEPS = Many(_SPAN, least=1)
_FIELDS = {
    "retry": Field(_STEPS, required=True),
    "give_up": Field(_SPAN, required=True),
    "read_back": Field(_STEPS, required=True),
    "poll": Field(_STEPS, required=True),
    "lease": Field(_SPAN, required=True),
    "website_wait": Field(_SPAN, required=True),
    "timeout": Field(Duration(least=timedelta(milliseconds=1), most=timedelta(minutes=5)), required=True),
    "jitter": Field(Number(0.0, 0.5)),
}
_WHOLE = Record(Ladder, _FIELDS)
OVERRIDES: Record[dict[str, object]] = Record(dict, {name: Field(f.shape) for name, f in _FIELDS.items()})
"""Single values of a ladder, as a channel file may carry them."""

_SHAPE: Record[dict[str, object]] = Record(
    dict, {"default": Field(_WHOLE, required=True), **{kind.value: Field(OVERRIDES) for kind in ChannelKind}}
)
_LADDER: Callable[..., Ladder] = Ladder


def read_ladders(file: ConfigFile, problems: Problems) -> Mapping[ChannelKind, Ladder]:
    """The ladder of every kind; empty after noting mistakes."""
    node = compose(file, problems)
    table = None if node is None else _SHAPE.read(node, problems)
    if node is None or table is None:
        return {}
    default = table["default"]
    assert isinstance(default, Ladder)
    ladders: dict[ChannelKind, Ladder] = {}
    for kind in ChannelKind:
        overrides = table.get(kind.value, {})
        assert isinstance(overrides, dict)
        ladders[kind] = with_overrides(default, overrides)
    check_lease(default, node, problems)
    return ladders


def with_overrides(ladder: Ladder, overrides: Mapping[str, object]) -> Ladder:
    """The ladder with single values replaced."""
    return _LADDER(**{name: overrides.get(name, getattr(ladder, name)) for name in _FIELDS})


def check_lease(ladder: Ladder, node: Node, problems: Problems) -> None:
    """A lease must outlast the longest call, or a second worker takes over while the first still sends."""
    if ladder.lease <= ladder.timeout:
        note(problems, node, "lease_too_short", lease=span_text(ladder.lease), timeout=span_text(ladder.timeout))
