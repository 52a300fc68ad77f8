"""What two Chinese texts differ in, as people read it: whole clauses first, then characters within a clause. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST = 1_000
"""Clauses of a text that are compared; further ones count as one."""
_CLAUSE = re.compile(r"[^。！？；\n]+[。！？；]?")
_TOKEN = re.compile(r"[0-9０-９]+(?:[.．][0-9０-９]+)?|[A-Za-z]+|.", re.DOTALL)
"""Numbers and Latin words change as a whole: `12` to `21` is not one digit moved."""
_LEAST_LIKENESS = 0.4
"""Below this share of common characters two clauses are told as one taken out and one put in."""
_MOST_PAIRS = 2_500
"""Pairs of clauses that are weighed against each other; a larger block was rewritten and is paired in its order."""
_LONGEST_CLAUSE = 2_000
"""Numbers, words and characters of a clause that are compared one by one; a longer one is told as a whole."""
_LONELY = 1
"""Characters between two changes that are told as changed too: a single one in the middle only disturbs."""


class Fate(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A run of characters with one fate."""

    fate: Fate
    text: str


@dataclass(frozen=True)
class Pair:
    """A clause before and after; empty where it was put in or taken out."""

    before: str
    after: str


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of a plain text, each with the mark that ends it, without blanks around."""
    found = [clause for one in _CLAUSE.findall(text) if (clause := one.strip())]
    rest = ("".join(found[LONGEST:]),) if len(found) > LONGEST else ()
    return (*found[:LONGEST], *rest)


def paired(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Every clause of both texts in reading order, each beside what it became."""
    for kind, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Pair(clause, clause) for clause in before[start:end])
        else:
            yield from _block(before[start:end], after[new_start:new_end])


def pieces(before: str, after: str) -> tuple[Piece, ...]:
    """The characters of both forms of a clause: what was kept, taken out and put in, in reading order."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > _LONGEST_CLAUSE:
        return tuple(_changed(before, after))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found: list[Piece] = []
    removed = added = ""
    for number, (kind, start, end, new_start, new_end) in enumerate(steps):
        kept = "".join(old[start:end])
        inside = 0 < number < len(steps) - 1
        if kind == "equal" and not (inside and len(kept) <= _LONELY):
            found += _changed(removed, added)
            removed = added = ""
            found.append(Piece(Fate.KEPT, kept))
        else:
            removed += kept
            added += "".join(new[new_start:new_end])
    return (*found, *_changed(removed, added))


def _changed(removed: str, added: str) -> list[Piece]:
    both = (Piece(Fate.REMOVED, removed), Piece(Fate.ADDED, added))
    return [piece for piece in both if piece.text]


def _block(before: Sequence[str], after: Sequence[str]) -> Iterator[Pair]:
    """Clauses that were changed: the likest ones face each other, in order, and the others stand alone."""
    if len(before) * len(after) > _MOST_PAIRS:
        paired_count = min(len(before), len(after))
        yield from (Pair(*both) for both in zip(before, after, strict=False))
        yield from (Pair(clause, "") for clause in before[paired_count:])
        yield from (Pair("", clause) for clause in after[paired_count:])
        return
    at = new_at = 0
    for old, new in (*_likest(before, after), (len(before), len(after))):
        yield from (Pair(clause, "") for clause in before[at:old])
        yield from (Pair("", clause) for clause in after[new_at:new])
        if old < len(before):
            yield Pair(before[old], after[new])
        at, new_at = old + 1, new + 1


def _likest(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs of places, both ascending, whose likeness adds up to most."""
    best = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    alike = [[_likeness(old, new) for new in after] for old in before]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] else 0.0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            found.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return found


def _likeness(before: str, after: str) -> float:
    """Share of characters that both have in the same order; 0 where they are two different clauses."""
    if max(len(before), len(after)) > _LONGEST_CLAUSE:
        return _LEAST_LIKENESS
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.real_quick_ratio() < _LEAST_LIKENESS or matcher.quick_ratio() < _LEAST_LIKENESS:
        return 0.0
    ratio = matcher.ratio()
    return ratio if ratio >= _LEAST_LIKENESS else 0.0
