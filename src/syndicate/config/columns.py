"""`content/columns.yaml` → the columns by name, in the order in which the website shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from syndicate.config.patterns import IDENTIFIER, IDENTIFIER_FORM
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Duration, Field, Many, Record, Table, Text, Whole, YesNo, note
from syndicate.config.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, compose
from syndicate.model.site import Column
from syndicate.site.paths import RESERVED

_COLUMN = Record(
    Column,
    {
        "title": Field(Text(longest=40), required=True),
        "description": Field(Text(longest=300), required=True),
        "keywords": Field(Many(Text(longest=40), least=1), required=True),
        "type": Field(Text(longest=60), required=True),
        "owner": Field(Text(longest=60), required=True),
        "update_within": Field(Duration(least=timedelta(days=1)), required=True),
        "levels": Field(Whole(1, 3), required=True),
        "home": Field(YesNo()),
        "superior": Field(YesNo()),
        "former": Field(Many(Text(IDENTIFIER, IDENTIFIER_FORM))),
    },
    also={"name": ""},
)
_SHAPE: Record[dict[str, dict[str, Column]]] = Record(
    dict, {"columns": Field(Table(_COLUMN, IDENTIFIER, IDENTIFIER_FORM), required=True)}
)


def read_columns(file: ConfigFile, problems: Problems) -> tuple[Mapping[str, Column], tuple[str, ...] | None]:
    """The columns, none after noting mistakes, and the names that the file gives even then.

    The names are None where the file does not even say these: then nothing can be said about columns named elsewhere.
    """
    node = compose(file, problems)
    if node is None:
        return {}, None
    listed = node.at("columns") if isinstance(node, MappingNode) else node
    names = tuple(listed.entries) if isinstance(listed, MappingNode) and listed is not node else None
    if isinstance(listed, MappingNode) and names is not None:
        _check_names(listed, problems)
    table = _SHAPE.read(node, problems)
    columns = table["columns"] if table else {}
    return {name: replace(column, name=name) for name, column in columns.items()}, names


def _check_names(listed: MappingNode, problems: Problems) -> None:
    """A column's name is a folder of the website: not one that is taken already, nor one that led somewhere before."""
    known: dict[str, Node] = {name: key for name, (key, _) in listed.entries.items()}
    for key, column in listed.entries.values():
        former = column.at("former") if isinstance(column, MappingNode) else column
        before = [one for one in former.items if isinstance(one, ScalarNode)] if isinstance(former, ListNode) else []
        for node in (key, *before):
            if node.value in RESERVED:
                note(problems, node, "reserved_column", name=node.value, known=", ".join(sorted(RESERVED)))
        for node in before:
            first = known.setdefault(node.value, node)
            if first is not node:
                note(problems, node, "duplicate_id", id=node.value, first=f"{first.file.name}:{first.line}")
