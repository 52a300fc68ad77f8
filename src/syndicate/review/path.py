"""送审途径: how many levels of review an item needs, by its column and by what makes it risky. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from syndicate.model.item import Content
from syndicate.model.review import ReviewRules, Way

MOST = 3


@dataclass(frozen=True)
class Path:
    """The levels an item needs, and the ways that made it so; none where its column alone decides."""

    levels: int
    ways: tuple[Way, ...] = ()


def path_of(rules: ReviewRules, levels: int, content: Content, plain: str, white_list: Collection[str]) -> Path:
    """The path of a content in a column of so many `levels`; `plain` is its title and text without markup.

    What raises goes before what shortens: risk outweighs convenience (三审制).
    """
    ways = [way for way in rules.ways.values() if _fits(way, content, plain, white_list)]
    raising = [way for way in ways if way.at_least > levels]
    if raising:
        least = max(way.at_least for way in raising)
        return Path(min(MOST, least), tuple(raising))
    asked = max((way.at_least for way in ways), default=1)
    shortest = min((way.at_most for way in ways), default=MOST)
    needed = max(asked, min(levels, shortest))
    return Path(needed, tuple(way for way in ways if way.at_most < levels) if needed < levels else ())


def _fits(way: Way, content: Content, plain: str, white_list: Collection[str]) -> bool:
    return (
        (way.kind is None or way.kind is content.kind)
        and (not way.words or any(word in plain for word in way.words))
        and (not way.fields or any(content.fields.get(name, "").strip() for name in way.fields))
        and (not way.listed or content.source_name in white_list)
    )
