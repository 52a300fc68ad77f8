"""CSS selectors of sources: checked with the engine that will run them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, SelectolaxError

from syndicate.config.places import Problems
from syndicate.config.shapes import note
from syndicate.config.yaml_nodes import ListNode, MappingNode, Node, ScalarNode

_ATTRIBUTE = re.compile(r"@[A-Za-z][\w:-]*$")


def check_selectors(node: Node, problems: Problems) -> None:
    """Note every value below `node` that is no CSS selector, with or without `@attribute` at its end.

    Empty values are left out: they mean the row itself or the built-in reading.
    """
    page = LexborHTMLParser("")
    for scalar in _scalars(node):
        for part in () if scalar.empty else scalar.value.split("||"):
            selector = _ATTRIBUTE.sub("", part.strip()).strip()
            try:
                if selector:
                    page.css(selector)
            except SelectolaxError:
                note(problems, scalar, "bad_selector", value=part.strip()[:40])


def _scalars(node: Node) -> Iterator[ScalarNode]:
    """All single values below a node."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, ListNode):
        for item in node.items:
            yield from _scalars(item)
    elif isinstance(node, MappingNode):
        for _, child in node.entries.values():
            yield from _scalars(child)
