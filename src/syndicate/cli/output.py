"""Printing: one JSON document for programs, tables in Chinese for people."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from syndicate.errors import Message

WIDTH = 140
"""Columns of a table that goes into a file or a pipe."""


def plain(value: object) -> object:
    """A value of the house as JSON: dataclasses and named tuples as objects, times as ISO, messages as their Chinese text."""
    if isinstance(value, Message):
        return {"zh": value.zh, "en": value.en, "action_zh": value.action_zh, "action_en": value.action_en}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict())
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if isinstance(value, Iterable):
        return [plain(entry) for entry in value]
    return str(value)


def printable(text: str) -> str:
    """Text as a terminal may get it: no control characters, which could drive it, and no halves of characters."""
    return "".join(one if one.isprintable() or one in "\n\u3000" else " " for one in text)


def print_json(value: object) -> None:
    """One JSON document on stdout."""
    json.dump(plain(value), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def print_table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table for people; an empty one says so."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for name in head:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(escape("" if cell is None else printable(str(cell))) for cell in row))
    console = Console() if sys.stdout.isatty() else Console(width=WIDTH)
    console.print(table if rows else f"{title}：没有。None.")


def print_line(text: str) -> None:
    """One line for people, as it stands."""
    sys.stdout.write(printable(text) + "\n")


def moment(value: datetime | None) -> str:
    """A time as people here write it."""
    return value.strftime("%Y-%m-%d %H:%M") if value else "—"
