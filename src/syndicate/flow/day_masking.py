"""Personal data in the facts of a day: whatever people typed or others published, long numbers in it are masked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from syndicate.monitor.identity import without_numbers

Facts = TypeVar("Facts")
ADDRESSES = frozenset(
    {"url", "link", "source_url", "site_url", "page", "target", "id", "name", "rule", "snapshot", "sha256"}
)
"""Fields that hold addresses and names of things; numbers in them are no person's."""

_MASKED = re.compile(r"(?<![0-9])([0-9]{0,3}\*{4,}[0-9Xx]{0,4})(?![0-9Xx])")
"""What was masked before, and stays as it is."""


def masked(facts: Facts) -> Facts:
    """The same facts with every number of eleven digits or more masked, wherever a text may hold one."""
    found: Facts = _masked(facts)
    return found


def _without_numbers(text: str) -> str:
    parts = _MASKED.split(text)
    return "".join(part if number % 2 else without_numbers(part) for number, part in enumerate(parts))


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return _without_numbers(value) if type(value) is str else value
    if isinstance(value, tuple):
        return tuple(_masked(one) for one in value)
    if isinstance(value, Mapping):
        return {key: _masked(one) for key, one in value.items()}
    if not is_dataclass(value) or isinstance(value, type):
        return value
    parts = {one.name: getattr(value, one.name) for one in fields(value) if one.name not in ADDRESSES}
    changed = {name: new for name, old in parts.items() if (new := _masked(old)) != old}
    return replace(value, **changed) if changed else value
