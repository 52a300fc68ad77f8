"""`content/review.yaml` → what the office has laid down for its review beside the levels of the columns."""

from __future__ import annotations

from datetime import timedelta

from syndicate.config.patterns import IDENTIFIER, IDENTIFIER_FORM
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Duration, Field, Many, Record, Table, Text, Whole, YesNo, note
from syndicate.config.yaml_nodes import MappingNode, compose
from syndicate.model.item import ItemKind
from syndicate.model.review import ReviewRules, Way

WAY = Record(
    Way,
    {
        "title": Field(Text(longest=40), required=True),
        "basis": Field(Text(longest=300), required=True),
        "kind": Field(Choice(ItemKind)),
        "words": Field(Many(Text(longest=40), least=1)),
        "fields": Field(Many(Text(longest=40), least=1)),
        "listed": Field(YesNo()),
        "at_least": Field(Whole(1, 3)),
        "at_most": Field(Whole(1, 3)),
    },
)
SHAPE = Record(
    ReviewRules,
    {
        "ways": Field(Table(WAY, IDENTIFIER, IDENTIFIER_FORM)),
        "second_check_within": Field(Duration(least=timedelta(hours=1), most=timedelta(days=7))),
        "bulk_most": Field(Whole(1, 50)),
        "delegation_longest": Field(Duration(least=timedelta(days=1), most=timedelta(days=366))),
    },
)


def read_review(file: ConfigFile, problems: Problems) -> ReviewRules:
    """The rules; the built-in limits without any way after noting mistakes."""
    node = compose(file, problems)
    found = None if node is None else SHAPE.read(node, problems)
    for name, way in found.ways.items() if found else ():
        if way.at_least > way.at_most:
            ways = node.at("ways") if isinstance(node, MappingNode) else None
            assert isinstance(ways, MappingNode)
            note(problems, ways.at(name), "way_upside_down", least=way.at_least, most=way.at_most)
    return found or ReviewRules()
