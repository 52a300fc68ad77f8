"""`windows` of a channel: the parts of the day in which it publishes."""

from __future__ import annotations

from datetime import time

from syndicate.config.places import Problems
from syndicate.config.shapes import Text, note
from syndicate.config.yaml_nodes import Node
from syndicate.model.channel import Window


class TimeWindow:
    """Such as 07:00-22:00; across midnight where the end is earlier."""

    _text = Text(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", "time_window")

    def read(self, node: Node, problems: Problems) -> Window | None:
        """The window. One that ends when it begins would say nothing, or everything."""
        value = self._text.read(node, problems)
        if value is None:
            return None
        start, _, end = value.partition("-")
        if start == end:
            note(problems, node, "form_time_window", value=value)
            return None
        return Window(time.fromisoformat(start), time.fromisoformat(end))
