"""A small declarative schema: what a value must look like. Every shape notes its mistakes and goes on.

`read` gives the value, or None after noting why there is none. Scalars are read by the shape that is wanted, not by
YAML's guessing: a text may be written `no`, `12` or `2026-01-01` without quotes and stays that text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Generic, Protocol, TypeVar

from syndicate.config.places import Problems
from syndicate.config.yaml_nodes import ListNode, MappingNode, Node, ScalarNode

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
E = TypeVar("E", bound=StrEnum)

_UNITS = {"s": timedelta(seconds=1), "m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd])", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,15}", re.ASCII)
_NUMBER = re.compile(r"[-+]?(?:\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})(?:[eE][-+]?\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Shape(Protocol[T_co]):
    """What a value must look like."""

    def read(self, node: Node, problems: Problems) -> T_co | None:
        """The value, or None after noting the mistake."""
        ...


def note(problems: Problems, node: Node, key: str, /, **values: object) -> None:
    """Note a mistake at a node."""
    problems.add(node.file, node.line, key, **values)


def _scalar(node: Node, problems: Problems, wanted: str) -> ScalarNode | None:
    if isinstance(node, ScalarNode):
        return node
    note(problems, node, f"{wanted}_expected")
    return None


def _brief(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"


@dataclass(frozen=True)
class Text:
    """Text of at most `longest` characters. `pattern` must match all of it, else message `form_<form>` tells how it looks."""

    pattern: str = ""
    form: str = ""
    longest: int = 10_000
    hidden: bool = False
    """True where a person may have written a secret by mistake: the value is not shown."""

    def read(self, node: Node, problems: Problems) -> str | None:
        """The text without blanks around it."""
        scalar = _scalar(node, problems, "text")
        if scalar is None:
            return None
        value = scalar.value.strip()
        if len(value) > self.longest:
            note(problems, node, "too_long", length=len(value), limit=self.longest)
        elif not value or scalar.empty:
            note(problems, node, "empty_text")
        elif self.pattern and not re.fullmatch(self.pattern, value):
            note(problems, node, f"form_{self.form}", value="…" if self.hidden else _brief(value))
        else:
            return value
        return None


@dataclass(frozen=True)
class Raw:
    """Text exactly as written, blanks and all; may be empty."""

    def read(self, node: Node, problems: Problems) -> str | None:
        """The text."""
        scalar = _scalar(node, problems, "text")
        return None if scalar is None else scalar.value


@dataclass(frozen=True)
class Whole:
    """A whole number within limits."""

    least: int = 0
    most: int = 10**9

    def read(self, node: Node, problems: Problems) -> int | None:
        """The number."""
        scalar = _scalar(node, problems, "number")
        if scalar is None:
            return None
        if not scalar.plain or not _WHOLE.fullmatch(scalar.value):
            note(problems, node, "not_whole", value=_brief(scalar.value))
        elif not self.least <= int(scalar.value) <= self.most:
            note(problems, node, "out_of_range", value=scalar.value, least=self.least, most=self.most)
        else:
            return int(scalar.value)
        return None


@dataclass(frozen=True)
class Number:
    """A number within limits, with or without decimals."""

    least: float = 0.0
    most: float = 1e12

    def read(self, node: Node, problems: Problems) -> float | None:
        """The number."""
        scalar = _scalar(node, problems, "number")
        if scalar is None:
            return None
        if not scalar.plain or not _NUMBER.fullmatch(scalar.value):
            note(problems, node, "not_number", value=_brief(scalar.value))
        elif not self.least <= float(scalar.value) <= self.most:
            note(problems, node, "out_of_range", value=scalar.value, least=f"{self.least:g}", most=f"{self.most:g}")
        else:
            return float(scalar.value)
        return None


@dataclass(frozen=True)
class YesNo:
    """`true` or `false`."""

    def read(self, node: Node, problems: Problems) -> bool | None:
        """The answer."""
        scalar = _scalar(node, problems, "text")
        if scalar is None:
            return None
        if scalar.plain and scalar.value in ("true", "false"):
            return scalar.value == "true"
        note(problems, node, "not_yes_no", value=_brief(scalar.value))
        return None


@dataclass(frozen=True)
class Choice(Generic[E]):
    """One value of an enumeration."""

    kind: type[E]

    def read(self, node: Node, problems: Problems) -> E | None:
        """The member."""
        scalar = _scalar(node, problems, "text")
        if scalar is None:
            return None
        choices = [member.value for member in self.kind]
        if scalar.value in choices:
            return self.kind(scalar.value)
        note(problems, node, "not_a_choice", value=_brief(scalar.value), choices=", ".join(choices))
        return None


@dataclass(frozen=True)
class Duration:
    """A time span such as `90s`, `30m`, `24h` or `7d`."""

    least: timedelta = timedelta(0)
    most: timedelta = timedelta(days=3660)

    def read(self, node: Node, problems: Problems) -> timedelta | None:
        """The time span."""
        scalar = _scalar(node, problems, "text")
        if scalar is None:
            return None
        match = _DURATION.fullmatch(scalar.value)
        if not match:
            note(problems, node, "not_duration", value=_brief(scalar.value))
            return None
        span = float(match[1]) * _UNITS[match[2]]
        if not self.least <= span <= self.most:
            least, most = span_text(self.least), span_text(self.most)
            note(problems, node, "out_of_range", value=scalar.value, least=least, most=most)
            return None
        return span


def span_text(span: timedelta) -> str:
    """A time span as people write it in these files."""
    for unit in ("d", "h", "m"):
        if span and not span % _UNITS[unit]:
            return f"{span // _UNITS[unit]}{unit}"
    return f"{span.total_seconds():g}s"


def day_of(value: str) -> date | None:
    """The date written as YYYY-MM-DD, or None."""
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


@dataclass(frozen=True)
class Day:
    """A date written as YYYY-MM-DD."""

    def read(self, node: Node, problems: Problems) -> date | None:
        """The date."""
        scalar = _scalar(node, problems, "text")
        if scalar is None:
            return None
        day = day_of(scalar.value)
        if day is None:
            note(problems, node, "not_day", value=_brief(scalar.value))
        return day


@dataclass(frozen=True)
class Many(Generic[T]):
    """A list of values of one shape, at least `least` of them."""

    shape: Shape[T]
    least: int = 0

    def read(self, node: Node, problems: Problems) -> tuple[T, ...] | None:
        """The values; None when any of them is wrong."""
        if not isinstance(node, ListNode):
            note(problems, node, "list_expected")
            return None
        if len(node.items) < self.least:
            note(problems, node, "list_too_short", least=self.least)
            return None
        values = [self.shape.read(item, problems) for item in node.items]
        good = tuple(value for value in values if value is not None)
        return good if len(good) == len(values) else None


@dataclass(frozen=True)
class Table(Generic[T]):
    """A mapping with free keys that match `pattern` and values of one shape."""

    shape: Shape[T]
    pattern: str = r"\S(.{0,98}\S)?"
    form: str = "label"

    def read(self, node: Node, problems: Problems) -> dict[str, T] | None:
        """The values by key; None when any of them is wrong."""
        if not isinstance(node, MappingNode):
            note(problems, node, "mapping_expected")
            return None
        table: dict[str, T] = {}
        for name, (key, child) in node.entries.items():
            value = self.shape.read(child, problems)
            if not re.fullmatch(self.pattern, name):
                note(problems, key, f"form_{self.form}", value=_brief(name))
            elif value is not None:
                table[name] = value
        return table if len(table) == len(node.entries) else None


@dataclass(frozen=True)
class Anything:
    """Whatever stands there: mappings as dict, lists as list, plain scalars by YAML 1.2's core rules."""

    def read(self, node: Node, problems: Problems) -> object:
        """The value; a value that is absent (`key:`) is None and noted."""
        if isinstance(node, MappingNode):
            return {name: self.read(child, problems) for name, (_, child) in node.entries.items()}
        if isinstance(node, ListNode):
            return [self.read(item, problems) for item in node.items]
        if node.empty:
            note(problems, node, "empty_text")
            return None
        if not node.plain:
            return node.value
        if node.value in ("true", "false"):
            return node.value == "true"
        if _WHOLE.fullmatch(node.value):
            return int(node.value)
        return float(node.value) if _NUMBER.fullmatch(node.value) else node.value


@dataclass(frozen=True)
class Field:
    """One key of a record. `into` names the argument where it differs from the key."""

    shape: Shape[object]
    required: bool = False
    into: str = ""


@dataclass(frozen=True)
class Record(Generic[T]):
    """A mapping with known keys. Absent and empty optional keys are left to `make`'s own defaults.

    Unknown keys are mistakes with a "did you mean", unless `rest` names the argument that takes them all.
    """

    make: Callable[..., T]
    fields: Mapping[str, Field]
    rest: str = ""
    also: Mapping[str, object] = field(default_factory=dict)
    """Further arguments for `make` that do not come from the file."""

    def read(self, node: Node, problems: Problems) -> T | None:
        """What `make` builds; None when any key is wrong or missing."""
        if not isinstance(node, MappingNode):
            note(problems, node, "mapping_expected")
            return None
        noted = len(problems.found)
        arguments: dict[str, object] = dict(self.also)
        others: dict[str, object] = {}
        for name, (key, child) in node.entries.items():
            known = self.fields.get(name)
            if known is not None:
                if not (isinstance(child, ScalarNode) and child.empty):
                    arguments[known.into or name] = known.shape.read(child, problems)
            elif self.rest:
                others[name] = Anything().read(child, problems)
            else:
                note_unknown(problems, key, name, tuple(self.fields))
        for name, known in self.fields.items():
            if known.required and (known.into or name) not in arguments:
                note(problems, node.at(name), "missing_key", name=name)
        if self.rest:
            arguments[self.rest] = others
        return self.make(**arguments) if len(problems.found) == noted else None


def note_unknown(problems: Problems, node: Node, name: str, known: tuple[str, ...]) -> None:
    """Note an unknown key, with the known one that was probably meant, else with all of them."""
    from difflib import get_close_matches  # only for mistakes

    close = get_close_matches(name, known, 1)
    if close:
        note(problems, node, "unknown_key_close", name=_brief(name), close=close[0])
    else:
        note(problems, node, "unknown_key", name=_brief(name), known=", ".join(known) or "—")
