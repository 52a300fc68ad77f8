"""The administrative divisions as an index: which names follow each other in a text, and which may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from syndicate.model.reference import Division
from syndicate.monitor.view import View

_AUTONOMOUS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
_SHORTEST = 3


class Level(IntEnum):
    """The levels of the hierarchy, highest first."""

    PROVINCE = 1
    PREFECTURE = 2
    COUNTY = 3


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text with the levels it may mean, and its full form (广西 → 广西壮族自治区)."""

    start: int
    end: int
    name: str
    levels: tuple[Level, ...]


class Regions:
    """Names, levels and who lies in whom. Immutable once made. `generic` names (城区, 新城区) say too little to be judged."""

    def __init__(self, divisions: Iterable[Division], generic: Iterable[str]) -> None:
        self._generic = frozenset(generic)
        self._parents: dict[tuple[str, str], list[Division]] = {}
        self._within: dict[str, list[str]] = {}
        self._levels: dict[str, set[Level]] = {}
        self._full: dict[str, str] = {}
        for division in divisions:
            self._add(division)
        self.literals = self._full.keys()

    def _add(self, division: Division) -> None:
        province, prefecture, county = division.province, division.prefecture, division.county
        name = county or prefecture or province
        level = Level.COUNTY if county else Level.PREFECTURE if prefecture else Level.PROVINCE
        if len(name) < _SHORTEST - (level is Level.COUNTY) or name in self._generic:
            return
        self._levels.setdefault(name, set()).add(level)
        self._full[name] = name
        if level is Level.PROVINCE:
            short = _AUTONOMOUS.get(name) or name.removesuffix("省")
            if name != short and len(short) > 1:
                self._full[short] = name
        for parent in {province, prefecture} - {name, ""}:
            self._parents.setdefault((parent, name), []).append(division)
            self._within.setdefault(parent, []).append(name)

    def names(self, view: View) -> tuple[Named, ...]:
        """Every known name, the longest at each place."""
        found = ((start, end, self._full[written]) for written, start, end in view.longest(self._full))
        return tuple(Named(start, end, name, tuple(sorted(self._levels[name]))) for start, end, name in found)

    def chains(self, names: Iterable[Named]) -> Iterator[tuple[Named, ...]]:
        """Names that follow each other directly, two or more, with the level falling (or open) from each to the next."""
        chain: list[Named] = []
        for found in names:
            if chain and (chain[-1].end != found.start or chain[-1].levels[0] >= found.levels[-1]):
                if len(chain) > 1:
                    yield tuple(chain)
                chain = []
            chain.append(found)
        if len(chain) > 1:
            yield tuple(chain)

    def is_name(self, name: str) -> bool:
        """Whether a full name is known."""
        return name in self._levels or name in self._generic

    def has_divisions(self, name: str) -> bool:
        """Whether anything is known to lie in it: some prefectures have no counties."""
        return name in self._within

    def within(self, name: str) -> Sequence[str]:
        """The names that lie in it."""
        return self._within.get(name, ())

    def lies(self, name: str, parent: str, day: date | None) -> bool:
        """Whether one lies in the other at that day (without a day: ever did)."""
        return any(one.is_valid(day) for one in self._parents.get((parent, name), ()))

    def homes(self, name: str, day: date | None) -> tuple[tuple[str, str], ...]:
        """Province and prefecture (empty for a prefecture itself) of a name at that day, as far as they are known."""
        found = {
            (one.province, one.prefecture if one.county else "")
            for parent in {parent for parent, child in self._parents if child == name}
            for one in self._parents[parent, name]
            if one.is_valid(day)
        }
        return tuple(sorted(found))
