"""Which renditions a bundle lists: its content names its members' deliveries."""

from __future__ import annotations

from syndicate.model.channel import Rendition
from syndicate.model.item import Content, ItemKind
from syndicate.records import deliveries, reviews

MEMBERS = "群发投递"
"""Field of a bundle's content: the numbers of its members' deliveries, which name their renditions."""


def member_numbers(content: Content) -> tuple[int, ...]:
    """The numbers of the members' deliveries, in their order."""
    return tuple(int(number) for number in content.fields[MEMBERS].split("、"))


def members_of(content: Content) -> tuple[Rendition, ...]:
    """The renditions that a bundle lists, as they were approved; none for any other content."""
    if content.kind is not ItemKind.BUNDLE:
        return ()
    rows = [deliveries.get(number).rendition for number in member_numbers(content)]
    found = reviews.renditions_by_row(rows)
    return tuple(found[row] for row in rows)
