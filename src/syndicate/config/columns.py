"""`content/columns.yaml` → the columns by name, in the order in which the website shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from syndicate.config.patterns import IDENTIFIER, IDENTIFIER_FORM
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Duration, Field, Many, Record, Table, Text, Whole, YesNo
from syndicate.config.yaml_nodes import compose
from syndicate.model.site import Column

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
    },
    also={"name": ""},
)
_SHAPE: Record[dict[str, dict[str, Column]]] = Record(
    dict, {"columns": Field(Table(_COLUMN, IDENTIFIER, IDENTIFIER_FORM), required=True)}
)


def read_columns(file: ConfigFile, problems: Problems) -> Mapping[str, Column]:
    """The columns; what is wrong is noted and left out."""
    node = compose(file, problems)
    table = None if node is None else _SHAPE.read(node, problems)
    columns = table["columns"] if table else {}
    return {name: replace(column, name=name) for name, column in columns.items()}
