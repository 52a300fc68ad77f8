"""Long numbers in a text, also those written in groups: what the checks of personal data choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.text.late import late

# A run of digits in groups; a letter, slash, dot or star next to it means that it is part of something else.
_RUN = late(r"[0-9](?<![0-9A-Za-z_/.*=].)[0-9]*(?:[ \xa0\-][0-9]+){0,7}[Xx]?(?![0-9A-Za-z_*])")
_GROUP = late(r"[0-9]+[Xx]?")
SHORTEST, LONGEST = 11, 19


@dataclass(frozen=True)
class Candidate:
    """A number as it stands: where, its digits without separators, and the sizes of its groups."""

    start: int
    end: int
    digits: str
    groups: tuple[int, ...]


def candidates(text: str) -> Iterator[Candidate]:
    """Every neighbouring choice of digit groups with 11 to 19 digits, longest first at each place."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() < SHORTEST:
            continue
        groups = [match.span() for match in _GROUP.finditer(text, *run.span())]
        for first in range(len(groups)):
            for last in range(len(groups), first, -1):
                chosen = groups[first:last]
                digits = "".join(text[start:end] for start, end in chosen)
                if SHORTEST <= len(digits) <= LONGEST:
                    sizes = tuple(end - start for start, end in chosen)
                    yield Candidate(chosen[0][0], chosen[-1][1], digits, sizes)
