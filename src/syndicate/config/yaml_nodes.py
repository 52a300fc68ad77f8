"""YAML text → nodes that know their file and line. Hostile files become mistakes, never crashes.

Built from the parser's events, not by the library's composer: that one recurses and resolves aliases, so that a short
file could exhaust memory. Anchors, aliases, tags and second documents are refused; nothing in our files needs them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from syndicate.config.places import ConfigFile, Problems

# libyaml is about 20 times faster; the pure parser gives the same events.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 24


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """One value as written. `plain` is False where it was quoted or a block: then it can only be text."""

    file: ConfigFile
    line: int
    value: str
    plain: bool

    @property
    def empty(self) -> bool:
        """True for `key:` without a value, `~` and `null`."""
        return self.plain and self.value in ("", "~", "null")


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    file: ConfigFile
    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class MappingNode:
    """A mapping; every entry with the node of its key, because that knows the line."""

    file: ConfigFile
    line: int
    entries: dict[str, tuple[ScalarNode, Node]]

    def at(self, *path: str) -> Node:
        """The node below `path`, or the deepest one that exists: where a mistake about it is shown."""
        node: Node = self
        for key in path:
            if not isinstance(node, MappingNode) or key not in node.entries:
                break
            node = node.entries[key][1]
        return node

    def text(self, *path: str) -> str:
        """The single value below `path`, empty where there is none."""
        node = self.at(*path)
        return node.value.strip() if isinstance(node, ScalarNode) and not node.empty else ""


Node = ScalarNode | ListNode | MappingNode


def compose(file: ConfigFile, problems: Problems, loader: Any = _LOADER) -> Node | None:
    """The file's single document as nodes; None after noting why there is none. `loader` is a class of PyYAML."""
    noted = len(problems.found)
    try:
        node = _Composer(file, problems, loader).document()
    except yaml.MarkedYAMLError as error:
        problems.add(file, _line_of_mark(error, file), "syntax", reason=error.problem or "YAML")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        problems.add(file, _line_of(error, file), "syntax", reason=getattr(error, "reason", "YAML"))
    else:
        if node is None and len(problems.found) == noted:
            problems.add(file, 1, "empty_file")
        return node
    return None


def _line_of_mark(error: yaml.MarkedYAMLError, file: ConfigFile) -> int:
    """Where the parser stumbled; at the end of the file the beginning of what is unfinished says more."""
    for mark in (error.problem_mark, error.context_mark):
        if mark is not None and file.shown(mark.line + 1).strip():
            return mark.line + 1
    return 1


def _line_of(error: Exception, file: ConfigFile) -> int:
    """The line of a reader error, which knows only a position."""
    position = getattr(error, "position", None)
    return len(ConfigFile("", file.text[:position]).lines) if isinstance(position, int) else 1


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None, "the parser marks every event"
    return event.start_mark.line + 1


class _Composer:
    """Builds nodes from one event stream."""

    def __init__(self, file: ConfigFile, problems: Problems, loader: Any) -> None:
        self._file = file
        self._problems = problems
        self._events: Iterator[yaml.Event] = yaml.parse(file.text, Loader=loader)

    def document(self) -> Node | None:
        """The first document; a second one is a mistake."""
        node: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note(event, "second_document")
                    break
                node = self._node(next(self._events), 0)
                if node is None:
                    break
        return None if isinstance(node, ScalarNode) and node.empty else node

    def _node(self, event: yaml.Event, depth: int, key_line: int = 0) -> Node | None:
        """The node that begins with `event`; None after noting a mistake that ends the reading of this file.

        A list or mapping below a key stands for people on the key's line, not on its first entry's.
        """
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._note(event, "alias")
            return None
        if getattr(event, "tag", None) not in (None, "!"):
            self._note(event, "tag")
            return None
        if depth > _DEEPEST:
            self._note(event, "too_deep", limit=_DEEPEST)
            return None
        line = _line(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(key_line or line, depth)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(key_line or line, depth)
        assert isinstance(event, yaml.ScalarEvent), "the parser gives nothing else here"
        if any("\ud800" <= c <= "\udfff" for c in event.value):
            self._note(event, "syntax", reason="surrogate")
            return None
        return ScalarNode(self._file, line, event.value, event.style in (None, ""))

    def _list(self, line: int, depth: int) -> ListNode | None:
        items: list[Node] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            item = self._node(event, depth + 1)
            if item is None:
                return None
            items.append(item)
        return ListNode(self._file, line, tuple(items))

    def _mapping(self, line: int, depth: int) -> MappingNode | None:
        entries: dict[str, tuple[ScalarNode, Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            key = self._node(event, depth + 1)
            if key is None:
                return None
            value = self._node(next(self._events), depth + 1, key.line)
            if value is None:
                return None
            if not isinstance(key, ScalarNode):
                self._problems.add(self._file, key.line, "key_not_text")
            elif key.value in entries:
                first = entries[key.value][0].line
                self._problems.add(self._file, key.line, "duplicate_key", name=key.value, first=first)
            else:
                entries[key.value] = (key, value)
        return MappingNode(self._file, line, entries)

    def _note(self, event: yaml.Event, key: str, **values: object) -> None:
        self._problems.add(self._file, _line(event), key, **values)
