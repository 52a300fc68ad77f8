"""Kind `region`: administrative divisions named one after the other that do not lie in each other, and misspelt ones.

Parameters: `check` (required): `hierarchy` (a county under the wrong prefecture or province, a prefecture under the wrong
province) or `spelling` (behind a prefecture or province a name that differs from one of its divisions in one character);
`generic` (list: names that are no proper names everywhere, such as 新城区); `since` (the day the table begins: items before
it, and divisions that only held at another time, are a hint).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from syndicate.model.finding import Severity
from syndicate.model.reference import Alike, Division, References
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.regions import Level, Named, Regions
from syndicate.monitor.view import Check, Hit, View
from syndicate.text.late import late

_CHECKS = ("hierarchy", "spelling")
_NAME = late(r"[\u4e00-\u9fff]{2,9}?(?:自治州|自治县|[县市区旗州盟])")
_FORMERLY = ("原", "原属", "原隶属", "原来的", "曾属")
_SHORTEST = 3


@dataclass(frozen=True)
class Hierarchy:
    """Chains of names against the table."""

    rule: RuleSpec
    regions: Regions
    since: date | None

    @property
    def literals(self) -> Collection[str]:
        """The names of the table."""
        return self.regions.literals

    def hits(self, view: View) -> Iterator[Hit]:
        """Every chain with a link that does not hold."""
        for chain in self.regions.chains(view.once(self.regions.names)):
            wrong = self._wrong(chain, view.day)
            if wrong is None or view.text.endswith(_FORMERLY, 0, chain[0].start):
                continue
            parent, child = wrong
            old = self.regions.lies(child.name, parent.name, None)
            early = self.since is not None and view.day is not None and view.day < self.since
            suggestion = self._right(chain, view.day)
            severity = Severity.HINT if old or early else None
            values = {"parent": parent.name, "child": child.name, "right": suggestion or "—"}
            yield Hit(self.rule, chain[0].start, chain[-1].end, suggestion, severity, values=values)

    def _wrong(self, chain: tuple[Named, ...], day: date | None) -> tuple[Named, Named] | None:
        for index, child in enumerate(chain):
            for parent in chain[:index]:
                below = self.regions.has_divisions(parent.name) and parent.levels[0] is not Level.COUNTY
                if below and not self.regions.lies(child.name, parent.name, day):
                    return parent, child
        return None

    def _right(self, chain: tuple[Named, ...], day: date | None) -> str | None:
        """The last name with its true home, written as fully as the chain is; None where that is open."""
        last = chain[-1].name
        homes = self.regions.homes(last, day)
        same = [home for home in homes if home[0] == chain[0].name]
        homes = tuple(same) or homes
        if len(homes) != 1:
            return None
        province, prefecture = homes[0]
        names = [province] if chain[0].levels[0] is Level.PROVINCE or not prefecture else []
        return "".join([*names, prefecture, last])


@dataclass(frozen=True)
class Spelling:
    """Names behind a known prefecture or province that nearly are those of its divisions."""

    rule: RuleSpec
    regions: Regions
    alike: Alike

    @property
    def literals(self) -> Collection[str]:
        """The names of the table."""
        return self.regions.literals

    def hits(self, view: View) -> Iterator[Hit]:
        """Every name that one character parts from a known one; unlike in sound and shape it is a hint."""
        for place in view.once(self.regions.names):
            if not self.regions.has_divisions(place.name):
                continue
            match = _NAME.match(view.text, place.end)
            if match is None or len(match.group()) < _SHORTEST or self.regions.is_name(match.group()):
                continue
            near = {name for name in self.regions.within(place.name) if _one_apart(match.group(), name)}
            like = {name for name in near if self._confused(match.group(), name)}
            meant = like or near
            if len(meant) == 1 and not self._is_known_start(view.text, match.start()):
                severity = None if like else Severity.HINT
                yield Hit(self.rule, *match.span(), meant.pop(), severity, values={"parent": place.name})

    def _confused(self, written: str, right: str) -> bool:
        return all(one == other or self.alike.confused(one, other) for one, other in zip(written, right, strict=True))

    def _is_known_start(self, text: str, start: int) -> bool:
        """Whether a known name begins there: 西湖区 is no misspelling because 西湖区委 was cut otherwise."""
        return any(self.regions.is_name(text[start : start + size]) for size in range(2, 12))


def _one_apart(written: str, name: str) -> bool:
    """Whether one character of the name itself differs, not of the 县, 市, 区 at its end."""
    if len(written) != len(name) or written[-1] != name[-1]:
        return False
    return sum(one != other for one, other in zip(written, name, strict=True)) == 1


@lru_cache(maxsize=2)
def _regions(divisions: tuple[Division, ...], generic: tuple[str, ...]) -> Regions:
    """One index for all rules over the same table."""
    return Regions(divisions, generic)


def compile_check(rule: RuleSpec, parameters: Parameters, references: References) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    regions = _regions(references.divisions, parameters.texts("generic"))
    if check == "spelling":
        return Spelling(rule, regions, references.alike)
    return Hierarchy(rule, regions, parameters.day("since"))
