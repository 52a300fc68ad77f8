"""Small bar charts: where each bar stands in a picture of fixed size. The numbers themselves stand in a table beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 420, 120
_TOP, _BOTTOM = 18, 20
"""Room for the highest bar's number, and for the labels."""
BASE = HEIGHT - _BOTTOM


@dataclass(frozen=True)
class Bar:
    """One bar. `label` is empty where there is no room for it below the bar."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    words: str
    """Its number, as it stands above the bar and in the table."""
    label: str
    last: bool
    noted: bool
    """Whether the number stands above the bar: the highest and the last, and all where there is room."""
    known: bool = True
    """False: there is no number, and the bar is a gap."""


def bars(values: Sequence[tuple[str, float | None, str]]) -> tuple[Bar, ...]:
    """Bars for (label, a number not below 0 or None, the words for it), in their order from left to right."""
    sizes = [size or 0 for _, size, _ in values]
    highest = max(sizes, default=0) or 1
    step = WIDTH / max(len(values), 1)
    top = max(range(len(sizes)), key=sizes.__getitem__, default=0)
    every = 1 if len(values) <= 7 else 2 if len(values) <= 14 else 5
    drawn = []
    for number, (label, size, words) in enumerate(values):
        height = round((size or 0) / highest * (BASE - _TOP), 1)
        last = number == len(values) - 1
        drawn.append(
            Bar(
                x=round(number * step + step * 0.15, 1),
                y=round(BASE - height, 1),
                width=round(step * 0.7, 1),
                height=height,
                middle=round(number * step + step / 2, 1),
                words=words,
                label=label if (len(values) - 1 - number) % every == 0 else "",
                last=last,
                noted=bool(size) and (last or number == top or len(values) <= 14),
                known=size is not None,
            )
        )
    return tuple(drawn)
