"""Kind `reference`: titles in 《》 against the table of laws (`content/references/*.tsv`).

Parameters: `check` (required): `ended` (the law no longer holds at the item's date; not where 原 stands in front or one of
`excused` follows within a few characters) or `spelling` (one character away from a known title).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from syndicate.model.reference import Alike, Law, References
from syndicate.model.rule import RuleSpec
from syndicate.monitor.parameters import Parameters
from syndicate.monitor.view import Check, Hit, View

_CHECKS = ("ended", "spelling")
_STATE = "中华人民共和国"
_LAWS = ("法", "法典", "条例", "办法", "规定")
_REACH = 12
_OTHER_KIND = frozenset("办例典")
"""许可法 and 许可办法 are two documents."""


@dataclass(frozen=True)
class Ended:
    """Laws that no longer hold."""

    rule: RuleSpec
    laws: Mapping[str, Law]
    excused: tuple[str, ...]

    def hits(self, view: View) -> Iterator[Hit]:
        """Every title of a law that had ended by the item's date."""
        if view.day is None:
            return
        for start, end, title in _titles(view):
            law = self.laws.get(title)
            if law is None or law.ended is None or view.day < law.ended or view.text.endswith("原", 0, start):
                continue
            behind = view.text[end : end + _REACH]
            if not any(word in behind for word in self.excused):
                suggestion = f"《{law.now}》" if law.now else None
                yield Hit(self.rule, start, end, suggestion, basis=law.basis, values={"since": law.ended.isoformat()})


@dataclass(frozen=True)
class Spelling:
    """Titles that are nearly a known one."""

    rule: RuleSpec
    known: frozenset[str]
    beginnings: Mapping[tuple[int, str], Sequence[str]]
    endings: Mapping[tuple[int, str], Sequence[str]]
    """Known titles by their length and first or last two characters: one slip leaves either whole."""
    alike: Alike

    def hits(self, view: View) -> Iterator[Hit]:
        """Every title that one character parts from a known one."""
        for start, end, title in _titles(view):
            if title in self.known:
                continue
            for length in (len(title), len(title) - 1, len(title) + 1):
                like = {
                    *self.beginnings.get((length, title[:2]), ()),
                    *self.endings.get((length, title[-2:]), ()),
                }
                right = min((name for name in like if self._is_slip(title, name)), default=None)
                if right is not None:
                    state = _STATE if view.text.startswith(_STATE, start + 1) else ""
                    yield Hit(self.rule, start, end, f"《{state}{right}》")
                    break

    def _is_slip(self, written: str, name: str) -> bool:
        if len(written) == len(name):
            wrong = [(one, other) for one, other in zip(written, name, strict=True) if one != other]
            return len(wrong) == 1 and self.alike.confused(*wrong[0])
        longer, shorter = sorted((written, name), key=len, reverse=True)
        for index, character in enumerate(longer):
            if longer[:index] + longer[index + 1 :] == shorter:
                return character not in _OTHER_KIND and len(shorter) >= 4
        return False


def _titles(view: View) -> Iterator[tuple[int, int, str]]:
    """Every title with its place, without the name of the state and what stands in brackets behind it."""
    for start, end in view.titles.all():
        title = view.text[start + 1 : end - 1].partition("（")[0].strip()
        yield start, end, title.removeprefix(_STATE)


def compile_check(rule: RuleSpec, parameters: Parameters, references: References) -> Check:
    """The check of one rule."""
    check = parameters.choice("check", _CHECKS)
    if check == "ended":
        excused = parameters.texts("excused")
        return Ended(rule, MappingProxyType({law.title: law for law in references.laws}), excused)
    names: Iterable[str] = (name for name in references.vocabulary.names if name.endswith(_LAWS))
    known = frozenset(name.removeprefix(_STATE) for name in (*(law.title for law in references.laws), *names))
    beginnings: dict[tuple[int, str], list[str]] = {}
    endings: dict[tuple[int, str], list[str]] = {}
    for name in known:
        beginnings.setdefault((len(name), name[:2]), []).append(name)
        endings.setdefault((len(name), name[-2:]), []).append(name)
    return Spelling(rule, known, beginnings, endings, references.alike)
