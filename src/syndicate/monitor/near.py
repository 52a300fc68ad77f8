"""Phrases that are nearly a known one: a slip of one character leaves one half of a phrase whole.

Every known phrase is cut in two; where one half stands in a text and the other does not stand beside it, what does stand
there is compared. So that any one-character slip in a phrase is found without a list of wrong forms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from syndicate.model.reference import Alike
from syndicate.monitor.scan import pair_codes

_MOST_PHRASES = 8
_LONG = 6
"""In longer phrases a character may also be missing, added or another one altogether."""
_PARTICLES = frozenset("和的、等")
"""Short forms leave these out, lists put them in."""
_ORDINARY = frozenset(
    "总副国省市县区州盟旗乡镇村街各原该本全中新老大小东西南北上下第一二三四五六七八九十百两○〇0123456789"
)
"""Characters that make another right name of a long name: 全国人民代表大会, 全省人民代表大会."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A place where a phrase was nearly written."""

    start: int
    end: int
    right: str


_Rest = tuple[str, bool, str]
"""A phrase, whether the half is its first one, and its other half as it stands beside: the nearest character first."""
_Half = tuple[str, int, list[_Rest]]
"""Half of a phrase, where in it the pair stands that is looked for, and what is looked for beside it."""


class Near:
    """The compiled phrases. Immutable once made."""

    def __init__(self, phrases: Iterable[str], alike: Alike, is_common: Callable[[str], bool]) -> None:
        """Halves that are common words, or those of many phrases, are not looked for: they stand everywhere."""
        self._alike = alike
        self._phrases = sorted({phrase for phrase in phrases if len(phrase) >= 4})
        halves: dict[str, list[_Rest]] = {}
        for phrase in self._phrases:
            middle = len(phrase) // 2
            halves.setdefault(phrase[:middle], []).append((phrase, True, phrase[middle:]))
            halves.setdefault(phrase[middle:], []).append((phrase, False, phrase[middle - 1 :: -1]))
        self._halves: dict[str, list[_Half]] = {}
        for half, of in halves.items():
            if len(of) <= _MOST_PHRASES and not is_common(half):
                place = _rare_pair(half, is_common)
                self._halves.setdefault(half[place : place + 2], []).append((half, place, of))
        self._middles = _middles(self._phrases, is_common)
        self._half_codes, self._middle_codes = (pair_codes("".join(of)) for of in (self._halves, self._middles))
        self.codes = self._half_codes | self._middle_codes

    @cached_property
    def _joined(self) -> str:
        return "\n".join(self._phrases)

    def slips(self, text: str, pairs: Mapping[int, Sequence[int]]) -> Iterator[Slip]:
        """Every near miss; `pairs` are the places of all pairs of `codes` in the text."""
        here = self.codes.intersection(pairs)
        yield from self._outer_slips(text, [pairs[code] for code in here & self._middle_codes])
        places = [
            (start - place + len(half), start - place, of)
            for starts in map(pairs.__getitem__, here & self._half_codes)
            for half, place, of in self._halves[text[starts[0] : starts[0] + 2]]
            for start in starts
            if len(half) == 2 or (start >= place and text.startswith(half, start - place))
        ]
        # By their ends, so that of two readings of the same characters always the same one comes first.
        for end, start, of in sorted(places, key=itemgetter(0, 1)):
            ahead, behind = text[end : end + 2], text[max(0, start - 2) : start][::-1]
            for phrase, is_first, wanted in of:
                near = ahead if is_first else behind
                if near[:1] not in wanted[:2] and near[1:] not in wanted[:2]:
                    continue
                rest = len(wanted)
                beside = text[end : end + rest + 1] if is_first else text[max(0, start - rest - 1) : start][::-1]
                if not _may_be(beside, wanted):
                    continue
                for written in self._forms(beside, wanted, len(phrase)):
                    span = (start, end + written) if is_first else (start - written, end)
                    yield from self._slip(text, *span, phrase)

    def _outer_slips(self, text: str, places: Iterable[Sequence[int]]) -> Iterator[Slip]:
        """Slips of the first or last character of phrases whose halves stand everywhere: what is in the middle does not."""
        for starts in places:
            for phrase, wrong in self._middles[text[starts[0] : starts[0] + 2]]:
                right, beside = phrase[3 - wrong], -1 if wrong else 2
                for start in starts:
                    if text[start + beside : start + beside + 1] != right:  # nearly always
                        continue
                    written = text[start - 1 : start + 3] if start else ""
                    if len(written) != len(phrase) or written == phrase:
                        continue
                    if self._alike.confused(written[wrong], phrase[wrong]):
                        yield from self._slip(text, start - 1, start + 3, phrase)

    def _slip(self, text: str, start: int, end: int, phrase: str) -> Iterator[Slip]:
        written = text[start:end]
        if written not in self._joined and all("\u4e00" <= one <= "\u9fff" for one in written):
            yield Slip(start, end, phrase)

    def _forms(self, found: str, rest: str, size: int) -> Iterator[int]:
        """How many characters of what was found are a slip of the rest; none or one answer."""
        count = len(rest)
        same = found[:count]
        if same == rest:
            return
        if len(same) == count:
            wrong = [index for index in range(count) if same[index] != rest[index]]
            if len(wrong) == 1 and self._is_replaced(same, rest, wrong[0], size):
                yield count
            if (
                len(wrong) == 2
                and wrong[1] == wrong[0] + 1
                and same[wrong[0] : wrong[1] + 1] == rest[wrong[0] : wrong[1] + 1][::-1]
            ):
                yield count
            if len(wrong) == 1:
                return
        if size <= _LONG:
            return
        if _is_less(rest, found[: count - 1]):
            lost = next((one for one, other in zip(rest, found, strict=False) if one != other), rest[-1])
            if lost not in _PARTICLES:
                yield count - 1
        elif len(found) > count and found[count] == rest[-1] and _is_less(found, rest):
            more = next((one for one, other in zip(found, rest, strict=False) if one != other), "")
            if more not in _PARTICLES and more not in _ORDINARY:
                yield count + 1

    def _is_replaced(self, same: str, rest: str, index: int, size: int) -> bool:
        """Whether one character was written for the other: alike, or in the middle of a long name any other."""
        one, other = same[index], rest[index]
        if self._alike.confused(one, other):
            return True
        return size > _LONG and index < len(rest) - 1 and not {one, other} & _ORDINARY


def _middles(phrases: Iterable[str], is_common: Callable[[str], bool]) -> dict[str, list[tuple[str, int]]]:
    """For phrases of four characters with a half that is not looked for: the two in the middle, and where a slip may be."""
    found: dict[str, list[tuple[str, int]]] = {}
    for phrase in phrases:
        if len(phrase) == 4 and not is_common(phrase[1:3]):
            for half, wrong in ((phrase[:2], 3), (phrase[2:], 0)):
                if is_common(half):
                    found.setdefault(phrase[1:3], []).append((phrase, wrong))
    return {pair: of for pair, of in found.items() if len(of) <= _MOST_PHRASES}


def _rare_pair(half: str, is_common: Callable[[str], bool]) -> int:
    """Where in a half two characters stand that are no common word: they stand hardly anywhere else."""
    for place in range(len(half) - 1) if len(half) > 2 else ():
        if not is_common(half[place : place + 2]):
            return place
    return 0


def _may_be(beside: str, wanted: str) -> bool:
    """Whether one slip may part what stands there from what is wanted: spares looking closer at nearly everything."""
    if len(beside) < 2:
        return False
    if beside[0] == wanted[0]:
        if len(wanted) <= 2 or beside[1] == wanted[1]:
            return True
        # A slip right behind the first character: the rest stands where it belongs, or one place off.
        return beside[2 : len(wanted)] == wanted[2:] or beside[2:3] == wanted[1] or beside[1] in wanted[2:3]
    return beside[1] == wanted[1:2] or beside[1] == wanted[0] or beside[0] == wanted[1:2]


def _is_less(longer: str, shorter: str) -> bool:
    """Whether one inner character fewer makes the shorter of the longer."""
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer) - 1))
