"""Files that hold one list of records with ids: rules and indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Shape, note, note_unknown
from syndicate.config.yaml_nodes import ListNode, MappingNode, compose

T = TypeVar("T")


def read_listed(
    files: Iterable[ConfigFile], key: str, shape: Shape[T], problems: Problems
) -> tuple[tuple[MappingNode, T], ...]:
    """Every record of the lists below `key` with its node, in order; ids are unique over all files.

    Wrong records and repeated ones are noted and left out.
    """
    first_places: dict[str, str] = {}
    records: list[tuple[MappingNode, T]] = []
    for file in files:
        for node in _items(file, key, problems):
            identity, place = node.text("id"), place_of(node)
            first = first_places.setdefault(identity, place) if identity else place
            if first != place:
                note(problems, node.at("id"), "duplicate_id", id=identity, first=first)
            record = shape.read(node, problems)
            if record is not None and first == place:
                records.append((node, record))
    return tuple(records)


def place_of(node: MappingNode) -> str:
    """`file:line` of a record."""
    return f"{node.file.name}:{node.line}"


def _items(file: ConfigFile, key: str, problems: Problems) -> Iterator[MappingNode]:
    """The mappings of one file's list."""
    node = compose(file, problems)
    if node is None:
        return
    if not isinstance(node, MappingNode):
        note(problems, node, "mapping_expected")
        return
    for name, (key_node, child) in node.entries.items():
        if name != key:
            note_unknown(problems, key_node, name, (key,))
        elif not isinstance(child, ListNode):
            note(problems, child, "list_expected")
        else:
            for item in child.items:
                if isinstance(item, MappingNode):
                    yield item
                else:
                    note(problems, item, "mapping_expected")
    if key not in node.entries:
        note(problems, node, "missing_key", name=key)
