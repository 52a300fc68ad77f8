"""`display_hours` of a screen: one record per season."""

from __future__ import annotations

from datetime import time

from syndicate.config.places import Problems
from syndicate.config.shapes import Field, Many, Record, Text, Whole
from syndicate.config.yaml_nodes import Node
from syndicate.model.screen import DisplayHours


class _MonthDay:
    """A day of every year."""

    _text = Text(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "month_day")

    def read(self, node: Node, problems: Problems) -> tuple[int, int] | None:
        """Month and day."""
        value = self._text.read(node, problems)
        return (int(value[:2]), int(value[3:])) if value else None


class _Clock:
    """A time of the day."""

    _text = Text(r"([01]\d|2[0-3]):[0-5]\d", "clock")

    def read(self, node: Node, problems: Problems) -> time | None:
        """The time."""
        value = self._text.read(node, problems)
        return time.fromisoformat(value) if value else None


DISPLAY_HOURS = Many(
    Record(
        DisplayHours,
        {
            "first": Field(_MonthDay(), required=True),
            "last": Field(_MonthDay(), required=True),
            "start": Field(_Clock(), required=True),
            "end": Field(_Clock(), required=True),
            "weekdays": Field(Many(Whole(1, 7), least=1)),
        },
    ),
    least=1,
)
