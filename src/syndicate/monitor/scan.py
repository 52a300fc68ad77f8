"""What is looked for in every text, once for all rules: literal words, and pairs of neighbouring characters.

Words go into one automaton, whoever needs them: those that are wrong, the names that a check looks up, and the literals
without which a check cannot fire, so that most checks are not even begun. Pairs are looked up as numbers in one big
set: made in no time, where an automaton over a hundred thousand of them would cost every start more than it saves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress

from ahocorasick_rs import AhoCorasick

from syndicate.text.late import late

_BLOCK = 1 << 16
"""Characters whose pairs are looked up at once; keeps the memory for a long text small. Even."""
_RARE = late("[\U00010000-\U0010ffff]")
_UNIT = 2
"""Bytes of a character in UTF-16, all but the rarest."""


class Scan:
    """The compiled words and pairs. Immutable once made; may be used from several threads."""

    def __init__(self, words: Iterable[str], pairs: frozenset[int] = frozenset()) -> None:
        self.words = tuple(dict.fromkeys(words))
        self._pairs = pairs

    @cached_property
    def _automaton(self) -> AhoCorasick:
        return AhoCorasick(self.words, store_patterns=False)

    def matches(self, text: str) -> list[tuple[int, int, int]]:
        """Every word wherever it stands, as (index in `words`, start, end), by end, the longest first."""
        found: list[tuple[int, int, int]] = []
        if self.words:
            found = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return found

    def pairs(self, text: str) -> Mapping[int, Sequence[int]]:
        """Every pair that stands in the text, as its number, with its places in no order."""
        found: dict[int, list[int]] = {}
        for start in range(0, len(text) if self._pairs else 0, _BLOCK):
            data = _units(text[start : start + _BLOCK + 1])
            for first in (0, 1):
                codes = memoryview(data)[_UNIT * first : len(data) - (len(data) // _UNIT - first) % 2 * _UNIT].cast("I")
                known = map(self._pairs.__contains__, codes)
                for place in compress(range(start + first, start + len(data) // _UNIT, 2), known):
                    found.setdefault(codes[(place - start) // 2], []).append(place)
        return found


def _units(text: str) -> bytes:
    """Two bytes for every character, also for the rare ones that have more."""
    data = text.encode("utf-16-le", "surrogatepass")
    return data if len(data) == _UNIT * len(text) else _RARE.sub("\ufffd", text).encode("utf-16-le", "surrogatepass")


def pair_codes(pairs: str) -> frozenset[int]:
    """Pairs of characters, one behind the other, as the numbers that a scan looks up; rare characters make none."""
    data = pairs.encode("utf-16-le", "surrogatepass")
    if len(data) != _UNIT * len(pairs):
        chosen = [
            pairs[start : start + 2] for start in range(0, len(pairs), 2) if not _RARE.search(pairs, start, start + 2)
        ]
        data = "".join(chosen).encode("utf-16-le", "surrogatepass")
    return frozenset(memoryview(data).cast("I"))
