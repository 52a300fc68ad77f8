"""Times of the day in configuration files."""

from __future__ import annotations

from datetime import time

from syndicate.config.places import Problems
from syndicate.config.shapes import Text
from syndicate.config.yaml_nodes import Node


class TimeOfDay:
    """A time of the day, `08:00`."""

    def read(self, node: Node, problems: Problems) -> time | None:
        """The time."""
        text = Text(r"([01]\d|2[0-3]):[0-5]\d", "time_of_day").read(node, problems)
        return time.fromisoformat(text) if text else None
