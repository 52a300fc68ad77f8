"""Chinese text as overlapping pairs of characters, so that a search index finds any substring without a dictionary.

A run of letters and digits becomes its pairs and its last character: 经济发展 → 经济 济发 发展 展. A search for a run is the
phrase of its pairs; for a single character, anything that begins with it. What is found equals exact search within runs.
Measured: FTS5's own trigrams find nothing for words of two characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from syndicate.text.late import late

_RUN = late(r"[^\W_]+")
LONGEST_QUERY = 60
MOST_RUNS = 5
"""More words than this in one search are left out; nobody types them."""


def folded(text: str) -> str:
    """The text with full-width, upper-case and compatibility forms made equal; every character keeps its place."""
    if text.isascii():
        return text.lower()
    return "".join(map(_folded, text))


@lru_cache(maxsize=16_384)
def _folded(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).casefold()
    return plain if len(plain) == 1 else character


def runs(text: str) -> list[str]:
    """The runs of letters and digits of a text, folded."""
    return _RUN.findall(folded(text))


def query_runs(query: str) -> list[str]:
    """What a person looks for: the runs of the query's first `LONGEST_QUERY` characters, each once."""
    return list(dict.fromkeys(runs(query[:LONGEST_QUERY])))[:MOST_RUNS]


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run; a single character is its own."""
    return [run[start : start + 2] for start in range(len(run) - 1)] or [run]


def index_terms(text: str) -> list[str]:
    """Everything that an index keeps of a text, in order."""
    found: list[str] = []
    for run in runs(text):
        if len(run) > 1:
            found += pairs(run)
        found.append(run[-1])
    return found


def snippet(text: str, wanted: Sequence[str], width: int = 120) -> list[tuple[str, bool]]:
    """About `width` characters around the first hit, as parts that are marked or not; the beginning without a hit."""
    plain = folded(text)
    places = [place for run in wanted if (place := plain.find(run)) >= 0]
    start = max(0, min(places, default=0) - width // 4)
    end = min(len(text), start + width)
    found = ("…", False) if start else None
    parts = [found] if found else []
    pattern = "|".join(re.escape(run) for run in sorted(wanted, key=len, reverse=True))
    place = start
    for hit in re.finditer(pattern, plain[start:end]) if pattern else ():
        parts += [(text[place : start + hit.start()], False), (text[start + hit.start() : start + hit.end()], True)]
        place = start + hit.end()
    parts += [(text[place:end], False), ("…" if end < len(text) else "", False)]
    return [part for part in parts if part[0]]
