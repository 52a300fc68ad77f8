"""Templates with `{name}` slots in rules: plain names only, so that a rule file reaches nothing but what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter


def slots(template: str) -> frozenset[str]:
    """The names of the slots. Raises `ValueError` for a brace left open and for anything but plain names."""
    names: set[str] = set()
    for _, name, form, conversion in Formatter().parse(template):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name)
        names.add(name)
    return frozenset(names)


def fill(template: str, values: Mapping[str, str]) -> str:
    """The template with its slots filled; every slot must have a value."""
    return template.format_map(values)
